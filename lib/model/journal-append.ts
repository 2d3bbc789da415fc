import type { Appender } from '../engine/connector.js'
import type { GemlineError } from '../engine/errors.js'
import { writeFailure, type JournalWriter, type JournalWriterOptions, type Segment, type WrittenRecord } from './journal-writer.js'

interface AppendState {
  readonly segment: Segment
  waiting: WrittenRecord[]
  /** Bytes handed over, bytes the kernel has, bytes the device has. */
  offset: number
  appended: number
  synced: number
  appender: Appender | undefined
  failure: GemlineError | undefined
  drain: Promise<void> | undefined
}

/** One growing object per split: every record reaches the kernel at once, the device at `flush`. After a failed append nothing more is written. */
export function createAppendWriter (options: JournalWriterOptions): JournalWriter {
  const state: AppendState = {
    segment: { store: options.store, path: options.nextPath() },
    waiting: [], offset: 0, appended: 0, synced: 0, appender: undefined, failure: undefined, drain: undefined
  }
  return {
    add (bytes) {
      if (state.failure !== undefined) throw state.failure
      const record: WrittenRecord = { segment: state.segment, offset: state.offset, bytes }
      state.offset += bytes.length
      state.waiting.push(record)
      state.drain ??= drainAll(state, options).finally(() => { state.drain = undefined })
      return record
    },
    safe: () => appended(state, state.offset),
    pendingBytes: () => state.offset - state.appended,
    flush: () => sync(state),
    async close () {
      try {
        await sync(state)
      } finally {
        await state.appender?.close()
      }
    }
  }
}

/** Takes together what came while the last append ran. */
async function drainAll (state: AppendState, { store }: JournalWriterOptions): Promise<void> {
  while (state.waiting.length > 0 && state.failure === undefined) {
    const records = state.waiting
    state.waiting = []
    const bytes = Buffer.concat(records.map(record => record.bytes!))
    try {
      state.appender ??= await store.append!(state.segment.path)
      await state.appender.append(bytes)
      state.appended += bytes.length
      for (const record of records) record.bytes = undefined
    } catch (error) {
      state.failure = writeFailure(error, state.segment)
    }
  }
}

async function sync (state: AppendState): Promise<void> {
  const end = state.offset
  await appended(state, end)
  if (state.failure !== undefined) throw state.failure
  if (state.appender === undefined || state.synced >= end) return
  try {
    await state.appender.sync()
    state.synced = Math.max(state.synced, end)
  } catch (error) {
    throw state.failure = writeFailure(error, state.segment)
  }
}

/** Waits for the kernel. What an append failed with is told by the next record and by flush. */
async function appended (state: AppendState, end: number): Promise<void> {
  while (state.appended < end && state.failure === undefined) await state.drain
}
