import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ByteStore } from '../../lib/engine/connector.js'

/** A store of many files of few contents, so that a large corpus costs the memory of one file. Counts what is read. */
export interface CopiesStore extends ByteStore {
  readonly count: { reads: number, bytes: number }
  /** Bytes of all files together. */
  readonly bytes: number
}

/** Largest piece of a stream, bytes. */
const PIECE = 65_536

/** Gives the file at each path the bytes that are named for it. Lists them in the order of the map, which no other store does. */
export function createCopiesStore (files: ReadonlyMap<string, Uint8Array>): CopiesStore {
  const count = { reads: 0, bytes: 0 }
  const etags = new Map([...new Set(files.values())].map(bytes => [bytes, createHash('sha256').update(bytes).digest('hex').slice(0, 16)]))
  const infoOf = (path: string, bytes: Uint8Array) => ({ path, bytes: bytes.length, etag: etags.get(bytes) as string })
  const rangeOf = (path: string, start = 0, end?: number): Uint8Array => {
    count.reads++
    return (files.get(path) as Uint8Array).subarray(start, end)
  }
  return {
    url: 'memory:///copies',
    count,
    bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0),
    async * list (prefix) { for (const [path, bytes] of files) if (path.startsWith(prefix)) yield infoOf(path, bytes) },
    async stat (path) {
      const bytes = files.get(path)
      return bytes === undefined ? undefined : infoOf(path, bytes)
    },
    async read (path, { start, end } = {}) {
      const bytes = rangeOf(path, start, end)
      count.bytes += bytes.length
      return Uint8Array.from(bytes)
    },
    async stream (path, { start, end } = {}) {
      const bytes = rangeOf(path, start, end)
      return Readable.from((function * () {
        for (let at = 0; at < bytes.length; at += PIECE) {
          count.bytes += Math.min(PIECE, bytes.length - at)
          yield bytes.subarray(at, at + PIECE)
        }
      })(), { objectMode: false, highWaterMark: PIECE })
    }
  }
}
