import type { ByteStore } from '../engine/connector.js'
import { GemlineError } from '../engine/errors.js'
import type { Logger } from '../engine/operator.js'
import type { TransportAnswer } from './chat-model.js'
import { decodePayload, HEADER_BYTES, scanSegment } from './journal-record.js'
import type { Segment, WrittenRecord } from './journal-writer.js'

/** Where the payload of an answer lies: in the segment's object, or still in the record's own bytes. */
export interface AnswerPlace {
  readonly record: Pick<WrittenRecord, 'segment' | 'bytes'>
  readonly offset: number
  readonly length: number
}

/** Answers by request key, hex. */
export type JournalIndex = Map<string, AnswerPlace>

/** What lies in the journal of one split. */
export interface LoadedJournal {
  readonly index: JournalIndex
  readonly paths: readonly string[]
  readonly torn: number
}

/** Segments read at once: a bucket has one for each second of the run. */
const READ_AHEAD = 8

/** Lists and indexes the segments of a split. Where two hold the same key, the first by path counts. */
export async function loadJournal (store: ByteStore, split: string, log: Logger): Promise<LoadedJournal> {
  const paths: string[] = []
  for await (const object of store.list(`journal/${split}/`)) paths.push(object.path)
  const index: JournalIndex = new Map()
  let torn = 0
  for (let first = 0; first < paths.length; first += READ_AHEAD) {
    const segments = paths.slice(first, first + READ_AHEAD).map((path): Segment => ({ store, path }))
    const scans = await Promise.all(segments.map(async ({ path }) => await scanSegment(await store.stream(path))))
    for (const [at, scan] of scans.entries()) {
      const record = { segment: segments[at]!, bytes: undefined }
      for (const { key, offset, length } of scan.records) if (!index.has(key)) index.set(key, { record, offset, length })
      if (!scan.torn) continue
      torn++
      log.warn({ path: record.segment.path, answers: scan.records.length }, 'a journal segment is cut or damaged at its end; what lies before it counts')
    }
  }
  return { index, paths, torn }
}

/** The answer to a request. Undefined where there is none, and, with a warning, where its record is gone or of no kind that this version reads. */
export async function readJournaled (index: JournalIndex, key: string, log: Logger): Promise<TransportAnswer | undefined> {
  const place = index.get(key)
  if (place === undefined) return undefined
  const { record: { segment, bytes }, offset, length } = place
  try {
    const payload = bytes?.subarray(HEADER_BYTES) ?? await segment.store.read(segment.path, { start: offset, end: offset + length })
    const answer = await decodePayload(payload)
    if (answer === undefined) log.warn({ path: segment.path, key }, 'a journal record is no answer that this version reads; the call is made again')
    return answer
  } catch (error) {
    if (!(error instanceof GemlineError) || error.code !== 'object-missing') throw error
    log.warn({ path: segment.path, key }, 'a journal segment is gone; its calls are made again')
    return undefined
  }
}
