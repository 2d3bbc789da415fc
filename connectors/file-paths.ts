import { randomBytes } from 'node:crypto'
import { mkdir, open, realpath } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { GemlineError } from '../lib/engine/errors.js'

const TEMP_NAME = /^\.gemline-[0-9a-f]{16}\.tmp$/

/** A name for a file that is not finished; listings leave it out. */
export function tempName (): string {
  return `.gemline-${randomBytes(8).toString('hex')}.tmp`
}

/** Whether a name was made by `tempName`. */
export function isTempName (name: string): boolean {
  return TEMP_NAME.test(name)
}

/** Whether an error of `node:fs` says that there is nothing of that name. */
export function isGone (thrown: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown))
}

/** The code of an error of `node:fs`, such as `ENOSPC`; empty where it has none. */
export function codeOf (thrown: unknown): string {
  return String((thrown as NodeJS.ErrnoException | undefined)?.code ?? '')
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EMFILE: 'too many open files',
  EIO: 'the device failed',
  EPERM: 'not permitted, or a file system without hard links',
  ENOTSUP: 'a file system without hard links'
}

/** Makes an `object-missing` or `store-failed` of an error of `node:fs`; names the file and what was tried. */
export function fileFailed (file: string, doing: string, thrown: unknown): GemlineError {
  if (thrown instanceof GemlineError) return thrown
  if (doing === 'read' && isGone(thrown)) return new GemlineError('object-missing', `${file} does not exist`, { cause: thrown })
  const code = codeOf(thrown)
  const reason = HINTS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown))
  return new GemlineError('store-failed', `cannot ${doing} ${file}: ${reason}${code === '' ? '' : ` (${code})`}`, { cause: thrown })
}

/**
 * Makes the folders above a path that is about to be written, durably, and gives its absolute real place.
 * Rejects with `store-failed` where a link leads out of the root, or the folders cannot be made.
 */
export async function prepareTarget (root: string, path: string): Promise<string> {
  const file = join(root, path)
  if (isTempName(basename(path))) throw new GemlineError('store-failed', `${file}: names like this are kept for unfinished files`)
  try {
    await makeFolders(root)
    const realRoot = await realpath(root)
    checkInside(realRoot, await realAncestor(dirname(file)), file)
    await makeFolders(dirname(file))
    const folder = await realpath(dirname(file))
    checkInside(realRoot, folder, file)
    return join(folder, basename(path))
  } catch (thrown) {
    throw fileFailed(file, 'write', thrown)
  }
}

/**
 * The absolute real place of a file that is about to be removed, undefined where its folder does not exist.
 * Rejects with `store-failed` where a link leads out of the root.
 */
export async function findTarget (root: string, path: string): Promise<string | undefined> {
  const file = join(root, path)
  try {
    const folder = await realpath(dirname(file))
    checkInside(await realpath(root), folder, file)
    return join(folder, basename(path))
  } catch (thrown) {
    if (isGone(thrown)) return undefined
    throw fileFailed(file, 'remove', thrown)
  }
}

/** Flushes a folder's entries to the device: without it a new name may not outlive a power cut. */
export async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function makeFolders (folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  const top = dirname(first)
  for (let at = dirname(folder); at.length >= top.length; at = dirname(at)) {
    await syncFolder(at)
    if (at === dirname(at)) return
  }
}

async function realAncestor (folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return await realpath(at)
    } catch (thrown) {
      if (!isGone(thrown) || at === dirname(at)) throw thrown
    }
  }
}

function checkInside (realRoot: string, folder: string, file: string): void {
  const within = realRoot.endsWith(sep) ? realRoot : realRoot + sep
  if (folder === realRoot || folder.startsWith(within)) return
  throw new GemlineError('store-failed', `${file}: a link leads out of the store, nothing is written there`)
}
