import { hash } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Readable } from 'node:stream'
import type { ObjectInfo, ReadOptions, WritableStore } from '../lib/engine/connector.js'
import { walkFiles } from './file-walk.js'
import { fileFailed, findTarget, isGone, prepareTarget } from './file-paths.js'
import { createFile, openAppender, openFileWriter, replaceFile } from './file-writer.js'
import { checkPath, checkRange, makeBytes, objectChanged, objectMissing, pullReadable, throwIfCancelled, tooShort } from './store-support.js'

const TAIL_BYTES = 65_536
const CHUNK_BYTES = 262_144
const MAX_READ_BYTES = 1 << 30

/**
 * A folder as a store. The etag is made of size and content of the last 64 KiB, so that a copy of a file keeps it and no
 * file is read whole for it. Files appear whole and flushed, or not at all; links may be read through, but never lead a
 * write out of the root. The folder is made with the first write.
 */
export function createFileStore (root: string | URL): WritableStore {
  const folder = resolve(root instanceof URL ? fileURLToPath(root) : root)
  const url = pathToFileURL(folder).href
  const target = (path: string): Promise<string> => prepareTarget(folder, checkPath(path, url))
  const describe = (path: string): Promise<ObjectInfo | undefined> => statFile(folder, path)
  return {
    url,
    list: (prefix, signal) => walkFiles({ root: folder, prefix: checkPrefix(prefix, url), signal, describe }),
    stat: async (path, signal) => {
      throwIfCancelled(signal, url)
      return await describe(checkPath(path, url))
    },
    read: async (path, options = {}) => await readFile(join(folder, checkPath(path, url)), options),
    stream: async (path, options = {}) => await streamFile(join(folder, checkPath(path, url)), options),
    create: async (path, bytes) => await createFile(await target(path), bytes),
    put: async (path, bytes) => { await replaceFile(await target(path), bytes) },
    open: async path => await openFileWriter(await target(path)),
    append: async path => await openAppender(await target(path)),
    remove: async path => { await removeFile(folder, checkPath(path, url)) }
  }
}

/** The last part of a prefix is the beginning of a name and may be `.`; the folders before it are paths. */
function checkPrefix (prefix: string, url: string): string {
  if (prefix.includes('/')) checkPath(prefix.slice(0, prefix.lastIndexOf('/')), url)
  return prefix
}

async function statFile (folder: string, path: string): Promise<ObjectInfo | undefined> {
  const file = join(folder, path)
  try {
    return await withFile(file, async handle => {
      const known = await identify(handle)
      return known === undefined ? undefined : { path, ...known }
    })
  } catch (thrown) {
    if (isGone(thrown)) return undefined
    throw fileFailed(file, 'read', thrown)
  }
}

async function withFile<T> (file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r')
  try {
    return await work(handle)
  } finally {
    await handle.close()
  }
}

/** Undefined for what is no regular file. */
async function identify (handle: FileHandle): Promise<{ readonly bytes: number, readonly etag: string } | undefined> {
  const stats = await handle.stat()
  if (!stats.isFile()) return undefined
  const tail = makeBytes(Math.min(stats.size, TAIL_BYTES), 'tail')
  const length = await fill(handle, tail, stats.size - tail.byteLength)
  const digest = hash('sha256', tail.subarray(0, length)).slice(0, 32)
  return { bytes: stats.size, etag: `"${stats.size}-${digest}"` }
}

async function readFile (file: string, options: ReadOptions): Promise<Uint8Array> {
  try {
    throwIfCancelled(options.signal, file)
    return await withFile(file, async handle => {
      const { start, end } = await resolveRange(handle, file, options)
      const bytes = makeBytes(end - start, file)
      const length = await fill(handle, bytes, start)
      if (length < bytes.byteLength) throw tooShort(file, start + length, end)
      return bytes
    })
  } catch (thrown) {
    throw fileFailed(file, 'read', thrown)
  }
}

async function streamFile (file: string, options: ReadOptions): Promise<Readable> {
  throwIfCancelled(options.signal, file)
  const handle = await open(file, 'r').catch((thrown: unknown) => { throw fileFailed(file, 'read', thrown) })
  try {
    const { start, end } = await resolveRange(handle, file, options)
    let at = start
    const next = async (): Promise<Uint8Array | undefined> => {
      if (at === end) return undefined
      const { bytesRead, buffer } = await handle.read(makeBytes(Math.min(CHUNK_BYTES, end - at), file), { position: at })
      if (bytesRead === 0) throw tooShort(file, at, end)
      at += bytesRead
      return buffer.subarray(0, bytesRead)
    }
    const nextOrFail = (): Promise<Uint8Array | undefined> => next().catch(thrown => { throw fileFailed(file, 'read', thrown) })
    return pullReadable({ where: file, next: nextOrFail, close: () => handle.close(), signal: options.signal })
  } catch (thrown) {
    await handle.close()
    throw fileFailed(file, 'read', thrown)
  }
}

async function resolveRange (handle: FileHandle, file: string, options: ReadOptions): Promise<{ start: number, end: number }> {
  const start = checkRange(options, file)
  const size = await sizeOf(handle, file, options.ifMatch)
  const end = options.end ?? size
  if (start > size || end > size) throw tooShort(file, size, Math.max(start, end))
  return { start, end }
}

async function sizeOf (handle: FileHandle, file: string, ifMatch: string | undefined): Promise<number> {
  if (ifMatch !== undefined) {
    const known = await identify(handle)
    if (known?.etag !== ifMatch) throw objectChanged(file, ifMatch, known?.etag)
    return known.bytes
  }
  const stats = await handle.stat()
  if (!stats.isFile()) throw objectMissing(file)
  return stats.size
}

/** Gives how many bytes were there, fewer than wanted only at the end of the file. */
async function fill (handle: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let at = 0
  while (at < bytes.byteLength) {
    const length = Math.min(bytes.byteLength - at, MAX_READ_BYTES)
    const { bytesRead } = await handle.read(bytes, at, length, position + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return at
}

async function removeFile (folder: string, path: string): Promise<void> {
  const file = await findTarget(folder, path)
  if (file === undefined) return
  await unlink(file).catch((thrown: unknown) => {
    if (!isGone(thrown)) throw fileFailed(file, 'remove', thrown)
  })
}
