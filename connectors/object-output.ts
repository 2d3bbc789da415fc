import { createHash } from 'node:crypto'
import { Writable } from 'node:stream'
import type { ObjectWriter, WritableStore } from '../lib/engine/connector.js'

/** A growing object as a Writable that keeps count and hash of its bytes. */
export interface ObjectOutput {
  /** Ends when the last byte is written; the object becomes visible only by `close`. */
  readonly stream: Writable
  write (bytes: Uint8Array): Promise<void>
  /** Makes the object visible. */
  close (): Promise<{ readonly bytes: number, readonly sha256: string }>
  abort (): Promise<void>
}

/** Opens an object for writing. Rejects, and fails the stream, as the store does. */
export async function openOutput (store: WritableStore, path: string): Promise<ObjectOutput> {
  const writer: ObjectWriter = await store.open(path)
  const hash = createHash('sha256')
  let bytes = 0
  const write = async (chunk: Uint8Array) => {
    hash.update(chunk)
    bytes += chunk.length
    await writer.write(chunk)
  }
  const stream = new Writable({
    write (chunk: Uint8Array, _encoding, done) { write(chunk).then(() => done(), done) }
  })
  const close = async () => {
    await writer.close()
    return { bytes, sha256: hash.digest('hex') }
  }
  return { stream, write, close, abort: () => writer.abort() }
}
