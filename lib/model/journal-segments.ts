import { GemlineError } from '../engine/errors.js'
import { writeFailure, type JournalWriter, type JournalWriterOptions, type Segment, type WrittenRecord } from './journal-writer.js'

interface OpenSegment {
  readonly segment: Segment
  readonly records: WrittenRecord[]
  readonly cancelTimer: () => void
  bytes: number
}

interface SegmentState {
  open: OpenSegment | undefined
  pending: number
  failure: GemlineError | undefined
  readonly creating: Set<Promise<void>>
}

/** A segment closes at this age or size. */
const SEGMENT_MS = 1000
const SEGMENT_BYTES = 4 * 1024 * 1024
/** A path that is taken is tried again under the next number: a put that was repeated below us meets itself. */
const CREATE_TRIES = 5

/** Collects records and creates one object for those of a second, or of 4 MB. */
export function createSegmentWriter (options: JournalWriterOptions): JournalWriter {
  const state: SegmentState = { open: undefined, pending: 0, failure: undefined, creating: new Set() }
  const { store, timers } = options
  return {
    add (bytes) {
      if (state.failure !== undefined) throw state.failure
      const open = state.open ??= {
        segment: { store, path: options.nextPath() }, records: [], bytes: 0, cancelTimer: timers.after(SEGMENT_MS, () => seal(state, options))
      }
      const record: WrittenRecord = { segment: open.segment, offset: open.bytes, bytes }
      open.records.push(record)
      open.bytes += bytes.length
      state.pending += bytes.length
      if (open.bytes >= SEGMENT_BYTES) seal(state, options)
      return record
    },
    safe: async () => {},
    pendingBytes: () => state.pending,
    flush: () => flush(state, options),
    close: () => flush(state, options)
  }
}

function seal (state: SegmentState, options: JournalWriterOptions): void {
  const { open } = state
  if (open === undefined) return
  state.open = undefined
  open.cancelTimer()
  const created = createWhole(open, options).then(
    () => { state.pending -= open.bytes },
    error => { state.failure ??= writeFailure(error, open.segment) }
  ).finally(() => state.creating.delete(created))
  state.creating.add(created)
}

async function createWhole ({ segment, records, bytes }: OpenSegment, { store, nextPath }: JournalWriterOptions): Promise<void> {
  const whole = Buffer.concat(records.map(record => record.bytes!), bytes)
  for (let tries = 1; !await store.create(segment.path, whole); tries++) {
    if (tries === CREATE_TRIES) throw new GemlineError('store-failed', `${store.url}/${segment.path}: this path and the ones before it are taken`)
    segment.path = nextPath()
  }
  for (const record of records) record.bytes = undefined
}

async function flush (state: SegmentState, options: JournalWriterOptions): Promise<void> {
  seal(state, options)
  await Promise.all(state.creating)
  if (state.failure !== undefined) throw state.failure
}
