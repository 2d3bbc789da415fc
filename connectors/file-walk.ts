import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dirent } from 'node:fs'
import type { ObjectInfo } from '../lib/engine/connector.js'
import { compareBytes, throwIfCancelled } from './store-support.js'
import { codeOf, fileFailed, isGone, isTempName } from './file-paths.js'

/** One walk through a folder. */
export interface FileWalk {
  /** Absolute folder that is the root of the store. */
  readonly root: string
  readonly prefix: string
  readonly signal?: AbortSignal
  /** What is known of the file at a path, undefined where it has gone. */
  readonly describe: (path: string) => Promise<ObjectInfo | undefined>
}

interface Entry {
  readonly name: string
  /** With a `/` behind a folder's name, so that sorting names sorts paths. */
  readonly key: string
  readonly isFolder: boolean
}

/**
 * The files whose path starts with the prefix, in byte order of the path. Holds one folder's names per level, never the
 * tree. Follows links, but no folder into itself; leaves out temporary files, links to nothing, sockets and the like.
 * Rejects with `store-failed` where a folder cannot be read.
 */
export async function * walkFiles (walk: FileWalk): AsyncGenerator<ObjectInfo> {
  const start = walk.prefix.slice(0, walk.prefix.lastIndexOf('/') + 1)
  yield * walkFolder(walk, start, [])
}

async function * walkFolder (walk: FileWalk, folder: string, above: readonly string[]): AsyncGenerator<ObjectInfo> {
  throwIfCancelled(walk.signal, walk.root)
  const real = await realpath(join(walk.root, folder)).catch(goneOr(walk, folder))
  if (real === undefined || above.includes(real)) return
  for (const { name, key, isFolder } of await entriesOf(walk, folder)) {
    const path = folder + key
    if (isFolder) yield * walkFolder(walk, path, [...above, real])
    else {
      throwIfCancelled(walk.signal, walk.root)
      const info = await walk.describe(folder + name)
      if (info !== undefined) yield info
    }
  }
}

async function entriesOf (walk: FileWalk, folder: string): Promise<Entry[]> {
  const found = await readdir(join(walk.root, folder), { withFileTypes: true }).catch(goneOr(walk, folder)) ?? []
  const entries: Entry[] = []
  for (const item of found) {
    if (isTempName(item.name)) continue
    const kind = await kindOf(walk, folder, item)
    if (kind === undefined) continue
    const key = kind === 'folder' ? `${item.name}/` : item.name
    if (touches(folder + key, walk.prefix)) entries.push({ name: item.name, key, isFolder: kind === 'folder' })
  }
  return entries.sort((left, right) => compareBytes(left.key, right.key))
}

/** Below the prefix, or a folder on the way to it. */
function touches (path: string, prefix: string): boolean {
  return path.startsWith(prefix) || (path.endsWith('/') && prefix.startsWith(path))
}

async function kindOf (walk: FileWalk, folder: string, item: Dirent): Promise<'file' | 'folder' | undefined> {
  const seen = item.isSymbolicLink()
    ? await stat(join(walk.root, folder, item.name)).catch(goneOr(walk, folder + item.name))
    : item
  if (seen?.isDirectory()) return 'folder'
  return seen?.isFile() ? 'file' : undefined
}

function goneOr (walk: FileWalk, path: string): (thrown: unknown) => undefined {
  return thrown => {
    if (isGone(thrown) || codeOf(thrown) === 'ELOOP') return undefined
    throw fileFailed(join(walk.root, path), 'list', thrown)
  }
}
