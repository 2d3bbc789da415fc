import type { ByteStore, WritableStore } from '../engine/connector.js'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import type { Timers } from './timers.js'

/** An object with records; its path is settled when it is written. */
export interface Segment { readonly store: ByteStore, path: string }

/** A record on its way into a segment. `bytes` stands until the store has it. */
export interface WrittenRecord { readonly segment: Segment, readonly offset: number, bytes: Uint8Array | undefined }

/** Writes the records of one split. */
export interface JournalWriter {
  /** Hands a record over. Throws what an earlier write failed with. */
  add (record: Uint8Array): WrittenRecord
  /** Resolves when a death of this process can no longer lose what was handed over, where the store can do that at once. */
  safe (): Promise<void>
  /** Bytes handed over that the store does not have yet. */
  pendingBytes (): number
  /** Resolves when everything handed over is durable. Rejects with `store-failed`. */
  flush (): Promise<void>
  close (): Promise<void>
}

/** Where the segments of one split are written, and under which names. */
export interface JournalWriterOptions {
  readonly store: WritableStore
  readonly timers: Timers
  /** Path of the next new segment of this split. */
  nextPath (): string
}

/** What a failed write of a segment is for everybody: `store-failed`, with the path. */
export function writeFailure (error: unknown, { store, path }: Segment): GemlineError {
  if (error instanceof GemlineError && error.code === 'store-failed') return error
  return new GemlineError('store-failed', toGemlineError(error, 'store-failed', `${store.url}/${path}`).message, { cause: error })
}
