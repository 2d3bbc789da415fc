import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ObjectInfo, ObjectWriter, ReadOptions, WritableStore } from '../../lib/engine/connector.js'
import { GemlineError } from '../../lib/engine/errors.js'

/** A store in memory that keeps count, for tests. */
export interface MemoryStore extends WritableStore {
  /** The objects themselves: tests may put, damage and delete them directly. */
  readonly objects: Map<string, Uint8Array>
  /** Every read and stream asked for so far, in order; `bytes` is what was really handed out. */
  readonly reads: MemoryRead[]
}

export interface MemoryRead { readonly path: string, readonly start: number, bytes: number }

/** Largest piece a stream of the memory store gives, bytes. */
const PIECE = 16_384

/** An empty store in memory that keeps to the contract of the ports. Keeps what it is given: copies in, copies out. */
export function createMemoryStore (): MemoryStore {
  const objects = new Map<string, Uint8Array>()
  const reads: MemoryRead[] = []
  const url = 'memory:///store'
  const locate = (path: string, options: ReadOptions = {}) => locateRange({ url, path, bytes: objects.get(path) }, options)
  return {
    url, objects, reads,
    list: (prefix, signal) => list(objects, prefix, signal),
    stat: async path => {
      const bytes = objects.get(path)
      return bytes === undefined ? undefined : describe(path, bytes)
    },
    read: async (path, options) => {
      const range = locate(path, options)
      reads.push({ path, start: options?.start ?? 0, bytes: range.length })
      return range
    },
    stream: async (path, options) => {
      const range = locate(path, options)
      const read = { path, start: options?.start ?? 0, bytes: 0 }
      reads.push(read)
      return Readable.from(pieces(range, read), { objectMode: false, highWaterMark: PIECE })
    },
    create: async (path, bytes) => {
      if (objects.has(path)) return false
      objects.set(path, Uint8Array.from(bytes))
      return true
    },
    put: async (path, bytes) => { objects.set(path, Uint8Array.from(bytes)) },
    open: async path => openObject(objects, path),
    remove: async path => { objects.delete(path) }
  }
}

async function * list (objects: ReadonlyMap<string, Uint8Array>, prefix: string, signal?: AbortSignal): AsyncGenerator<ObjectInfo> {
  const paths = [...objects.keys()].filter(path => path.startsWith(prefix))
  for (const path of paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    signal?.throwIfAborted()
    yield describe(path, objects.get(path) ?? new Uint8Array(0))
  }
}

function describe (path: string, bytes: Uint8Array): ObjectInfo {
  return { path, bytes: bytes.length, etag: createHash('sha256').update(bytes).digest('hex').slice(0, 32) }
}

function locateRange (object: { url: string, path: string, bytes: Uint8Array | undefined }, options: ReadOptions): Uint8Array {
  const { url, path, bytes } = object
  options.signal?.throwIfAborted()
  if (bytes === undefined) throw new GemlineError('object-missing', `${url}/${path} is not there`)
  if (options.ifMatch !== undefined && options.ifMatch !== describe(path, bytes).etag) {
    throw new GemlineError('object-changed', `${url}/${path} is no longer ${options.ifMatch}`)
  }
  const start = options.start ?? 0
  const end = options.end ?? bytes.length
  if (start < 0 || end < start || end > bytes.length) {
    throw new GemlineError('store-failed', `${url}/${path} has no bytes ${start} to ${end}, only ${bytes.length}`)
  }
  return bytes.slice(start, end)
}

function * pieces (bytes: Uint8Array, read: MemoryRead): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE)
    read.bytes += piece.length
    yield piece
  }
}

function openObject (objects: Map<string, Uint8Array>, path: string): ObjectWriter {
  const written: Uint8Array[] = []
  return {
    write: async bytes => { written.push(Uint8Array.from(bytes)) },
    close: async () => { objects.set(path, Buffer.concat(written)) },
    abort: async () => { written.length = 0 }
  }
}
