import type { ByteStore, ObjectInfo } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'

/** Which objects of a store are files of a source. */
export interface ListFilesOptions {
  /** A file, a folder, or the beginning of paths with a `*` at its end. Empty: everything below the root. */
  readonly path: string
  /** Endings that count, with the dot, lower case. A file that `path` names in full needs none. */
  readonly endings: readonly string[]
  readonly signal?: AbortSignal
}

/**
 * The files of a source in byte order of their paths. Leaves out empty objects and whatever has a name, or lies in a
 * folder, that starts with `_` or `.` (markers and temporary files of Spark and others). Rejects with `source-missing`
 * where nothing is left.
 */
export async function * listFiles (store: ByteStore, options: ListFilesOptions): AsyncGenerator<ObjectInfo> {
  const path = options.path.replace(/^\/+/, '')
  const file = path === '' || /[*/]$/.test(path) ? undefined : await store.stat(path, options.signal)
  if (file !== undefined && file.bytes > 0) return yield file
  let found = false
  for await (const object of store.list(prefixOf(path), options.signal)) {
    if (object.bytes === 0 || isHidden(object.path.slice(path.lastIndexOf('/') + 1))) continue
    if (!options.endings.some(ending => object.path.toLowerCase().endsWith(ending))) continue
    found = true
    yield object
  }
  if (!found) throw new GemlineError('source-missing', `${store.url}/${path} has no files that end in ${options.endings.join(', ')}`)
}

function prefixOf (path: string): string {
  if (path.endsWith('*')) return path.slice(0, -1)
  return path === '' || path.endsWith('/') ? path : `${path}/`
}

function isHidden (path: string): boolean {
  return path.split('/').some(name => name.startsWith('_') || name.startsWith('.'))
}
