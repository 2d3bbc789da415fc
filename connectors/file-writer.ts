import { constants } from 'node:fs'
import { link, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Appender, ObjectWriter } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { codeOf, fileFailed, syncFolder, tempName } from './file-paths.js'

/**
 * Starts a file under a temporary name beside its target, which it replaces at `close`, after both file and folder
 * were flushed. Rejects with `store-failed`, naming the target, and leaves no temporary file after a failure.
 */
export async function openFileWriter (target: string): Promise<ObjectWriter> {
  const temp = await openTemp(target)
  return {
    write: bytes => temp.write(bytes),
    async close () {
      await temp.finish()
      await settle(target, temp, async () => { await rename(temp.file, target) })
    },
    abort: () => temp.discard()
  }
}

/** Writes a whole file in place of what was there, durably. Rejects with `store-failed`. */
export async function replaceFile (target: string, bytes: Uint8Array): Promise<void> {
  const writer = await openFileWriter(target)
  await writer.write(bytes)
  await writer.close()
}

/**
 * Creates a whole file, durably; `false` if there was one, which stays as it was. `link` refuses an existing name in one
 * step of the kernel, where `rename` would replace it. Rejects with `store-failed`.
 */
export async function createFile (target: string, bytes: Uint8Array): Promise<boolean> {
  const temp = await openTemp(target)
  await temp.write(bytes)
  await temp.finish()
  let created = true
  await settle(target, temp, async () => {
    created = await link(temp.file, target).then(() => true, (thrown: unknown) => {
      if (codeOf(thrown) === 'EEXIST') return false
      throw thrown
    })
    await unlink(temp.file)
  })
  return created
}

/**
 * Opens a file whose appends each reach the kernel before they resolve, in the order of the calls. After one append has
 * failed all further ones reject with the same `store-failed`, since the file may end in half a record.
 */
export async function openAppender (target: string): Promise<Appender> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW
  const handle = await attempt(target, () => open(target, flags, 0o644))
  let last: Promise<void> = Promise.resolve()
  return {
    append (bytes) {
      last = last.then(() => attempt(target, () => writeAll(handle, bytes)))
      return last
    },
    sync: () => last.then(() => attempt(target, async () => {
      await handle.sync()
      await syncFolder(dirname(target))
    })),
    close: () => attempt(target, () => handle.close())
  }
}

interface Temp {
  readonly file: string
  write (bytes: Uint8Array): Promise<void>
  /** Flushes and closes. */
  finish (): Promise<void>
  discard (): Promise<void>
}

async function openTemp (target: string): Promise<Temp> {
  const file = join(dirname(target), tempName())
  const handle = await attempt(target, () => open(file, 'wx', 0o644))
  let ended = false
  const discard = async (): Promise<void> => {
    if (ended) return
    ended = true
    await handle.close().catch(() => {})
    await unlink(file).catch(() => {})
  }
  const orDiscard = async (work: () => Promise<void>): Promise<void> => {
    if (ended) throw new GemlineError('store-failed', `${target}: already closed`)
    await attempt(target, work).catch(async (thrown: unknown) => { await discard(); throw thrown })
  }
  return {
    file,
    discard,
    write: bytes => orDiscard(() => writeAll(handle, bytes)),
    async finish () {
      await orDiscard(async () => { await handle.sync(); await handle.close() })
      ended = true
    }
  }
}

async function settle (target: string, temp: Temp, publish: () => Promise<void>): Promise<void> {
  await attempt(target, async () => {
    try {
      await publish()
    } catch (thrown) {
      await unlink(temp.file).catch(() => {})
      throw thrown
    }
    await syncFolder(dirname(target))
  })
}

async function writeAll (handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.byteLength - at)
    at += bytesWritten
  }
}

async function attempt<T> (target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw fileFailed(target, 'write', thrown)
  }
}
