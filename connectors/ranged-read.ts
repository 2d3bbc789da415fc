import type { Readable } from 'node:stream'
import type { ReadOptions } from '../lib/engine/connector.js'
import { GemlineError, toGemlineError } from '../lib/engine/errors.js'
import { pause, type BackOff } from './back-off.js'
import { cancelled, checkRange, makeBytes, objectChanged, pullReadable, release, throwIfCancelled, tooShort } from './store-support.js'

/** One answer to a request for a range: its bytes as they come. */
export interface RangeBody {
  readonly body: Readable
  /** First byte after the range, from the start of the object. */
  readonly end: number
  /** Bytes of the whole object. */
  readonly bytes: number
  readonly etag: string
}

/** A range that a server is asked for. */
export interface RangeRequest {
  readonly start: number
  readonly end: number | undefined
  readonly ifMatch: string | undefined
  readonly signal: AbortSignal | undefined
}

/** An object on a server, for reading ranges of it. */
export interface RangedObject {
  /** Full URL, for messages. */
  readonly where: string
  readonly backOff: BackOff
  /**
   * Asks for a range that is not empty, or for everything from `start`. Undefined where the object ends at or before
   * `start`. Rejects as `ByteStore.read` does.
   */
  request (range: RangeRequest): Promise<RangeBody | undefined>
  /** Bytes and etag now. Rejects with `object-missing`. */
  stat (signal: AbortSignal | undefined): Promise<{ readonly bytes: number, readonly etag: string }>
}

/** Reads a range into one array. A broken connection is taken up again where it broke, on the same etag. */
export async function readRange (object: RangedObject, options: ReadOptions): Promise<Uint8Array> {
  const reading = await startReading(object, options)
  let at = 0
  try {
    const bytes = makeBytes(reading.end - reading.start, object.where)
    for (let chunk = await reading.next(); chunk !== undefined; chunk = await reading.next()) {
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
    return bytes
  } finally {
    await reading.close()
  }
}

/** Streams a range. A broken connection is taken up again where it broke, on the same etag. */
export async function streamRange (object: RangedObject, options: ReadOptions): Promise<Readable> {
  const reading = await startReading(object, options)
  return pullReadable({ where: object.where, next: reading.next, close: reading.close, signal: options.signal })
}

interface Reading {
  readonly start: number
  readonly end: number
  next (): Promise<Uint8Array | undefined>
  close (): Promise<void>
}

async function startReading (object: RangedObject, options: ReadOptions): Promise<Reading> {
  throwIfCancelled(options.signal, object.where)
  const start = checkRange(options, object.where)
  const { end, ifMatch, signal } = options
  const first = end === start ? undefined : await object.request({ start, end, ifMatch, signal })
  if (first === undefined) return await startEmpty(object, { ...options, start })
  if (options.end !== undefined && first.end !== options.end) {
    release(first.body)
    throw tooShort(object.where, first.bytes, options.end)
  }
  return continueReading(object, { ...options, start }, first)
}

/** Nothing is to be read, but the object must be there, be the right one and reach so far. */
async function startEmpty (object: RangedObject, { start, end, ifMatch, signal }: ReadOptions & { start: number }): Promise<Reading> {
  const { bytes, etag } = await object.stat(signal)
  if (ifMatch !== undefined && etag !== ifMatch) throw objectChanged(object.where, ifMatch, etag)
  if (start > bytes || (end ?? start) > bytes || (end === undefined && start < bytes)) throw tooShort(object.where, bytes, end ?? start)
  return { start, end: start, next: async () => undefined, close: async () => {} }
}

function continueReading (object: RangedObject, options: ReadOptions & { start: number }, first: RangeBody): Reading {
  const { where, backOff } = object
  const { signal } = options
  let { body } = first
  let chunks = body.iterator()
  let at = options.start
  let failures = 0
  const reopen = async (failure: GemlineError): Promise<void> => {
    release(body)
    if (signal?.aborted) throw cancelled(signal, where)
    if (++failures > backOff.retries) throw failure
    await pause(backOff, { where, signal, tries: failures })
    const again = await object.request({ start: at, end: first.end, ifMatch: first.etag, signal })
    if (again === undefined || again.bytes !== first.bytes) throw objectChanged(where, first.etag, again?.etag)
    body = again.body
    chunks = body.iterator()
  }
  const next = async (): Promise<Uint8Array | undefined> => {
    while (at < first.end) {
      const chunk = await nextChunk(chunks, `${where} at byte ${at}`)
      if (chunk instanceof GemlineError) await reopen(chunk)
      else if (chunk.byteLength > first.end - at) throw tooLong(where)
      else if (chunk.byteLength > 0) {
        at += chunk.byteLength
        failures = 0
        return chunk
      }
    }
    // A body read to its end gives its connection back; one that is let go of before closes it.
    const { done } = await chunks.next().catch(() => ({ done: true }))
    if (done === true) return undefined
    throw tooLong(where)
  }
  return { start: options.start, end: first.end, next, close: async () => { release(body) } }
}

async function nextChunk (chunks: AsyncIterator<Uint8Array>, where: string): Promise<Uint8Array | GemlineError> {
  try {
    const result = await chunks.next()
    return result.done === true ? new GemlineError('store-failed', `${where}: the answer ended too early`) : result.value
  } catch (thrown) {
    return toGemlineError(thrown, 'store-failed', where)
  }
}

function tooLong (where: string): GemlineError {
  return new GemlineError('store-failed', `${where}: more bytes came than were asked for`)
}
