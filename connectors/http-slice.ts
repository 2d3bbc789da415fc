import { Readable } from 'node:stream'
import { release } from './store-support.js'

/** The bytes [start, end) of a body that is longer. Lets go of the body at the end. */
export function sliceBody (body: Readable, start: number, end: number): Readable {
  const stream = Readable.from(slice(body, start, end), { objectMode: false })
  // A generator that was never started does not run its clean-up.
  stream.once('close', () => { release(body) })
  return stream
}

async function * slice (body: Readable, start: number, end: number): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at))
    at += chunk.byteLength
    if (piece.byteLength > 0) yield piece
    if (at >= end) return
  }
}
