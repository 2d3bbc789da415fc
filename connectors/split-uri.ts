import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GemlineError } from '../lib/engine/errors.js'

/** A uri taken apart: the root of a store, and what is meant below it. */
export interface UriParts {
  /** Uri or absolute path of a folder; `openStore` takes it. */
  readonly root: string
  /** Below the root: one file, or the beginning of paths with `*` at its end; empty for all of the root. */
  readonly path: string
}

/** Endings of files that sources read and sinks write. In a bucket nothing else tells a file from a folder. */
const FILE_ENDING = /\.(parquet|jsonl|ndjson|json|csv|tsv|txt)(\.(gz|zst|bz2|xz))?$/i

/**
 * Takes apart the uri of a source: a local path, `file://`, `s3://bucket/…` or `http(s)://…` that names a folder, one
 * file (known by its ending, on disk by looking), or with `*` at its end the beginning of paths. The same tree gives the
 * same paths wherever it lies. Throws `config-invalid` for other schemes and for `*` elsewhere, naming scheme or path.
 */
export function splitUri (uri: string): UriParts {
  const scheme = schemeOf(uri)
  const parts = scheme === 'file' ? splitLocal(localPath(uri)) : splitRemote(uri, scheme)
  if (parts.root.includes('*') || parts.path.slice(0, -1).includes('*')) {
    throw new GemlineError('config-invalid', `${describeUri(uri)}: a * may only stand at the end`)
  }
  return parts
}

/** The kinds of place that a store can be made for. Throws `config-invalid` for other schemes. */
export function schemeOf (uri: string): 'file' | 's3' | 'http' {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase()
  if (scheme === undefined || scheme === 'file') return 'file'
  if (scheme === 's3') return 's3'
  if (scheme === 'http' || scheme === 'https') return 'http'
  throw new GemlineError('config-invalid', `${scheme}:// is not known; use a path, file://, s3://bucket/prefix, http:// or https://`)
}

/** The absolute path of a local uri. Throws `config-invalid` for a file url that names another host. */
export function localPath (uri: string): string {
  if (!/^file:/i.test(uri)) return uri.endsWith('/') && uri !== '/' ? `${resolve(uri)}/` : resolve(uri)
  try {
    return fileURLToPath(uri)
  } catch (thrown) {
    throw new GemlineError('config-invalid', `${describeUri(uri)} is no file url of this machine`, { cause: thrown })
  }
}

/** A uri for messages: without credentials, query and fragment. */
export function describeUri (uri: string): string {
  return uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1').replace(/[?#].*$/s, '')
}

/** Whether a name looks like one file rather than a folder. */
export function namesFile (uri: string): boolean {
  return FILE_ENDING.test(uri)
}

function splitLocal (path: string): UriParts {
  const above = { root: dirname(path), path: basename(path) }
  if (path.endsWith('*')) return above
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile()) return above
  if (found === undefined && !path.endsWith('/') && namesFile(path)) return above
  return { root: path.length > 1 ? path.replace(/\/+$/, '') : path, path: '' }
}

function splitRemote (uri: string, scheme: 's3' | 'http'): UriParts {
  const [head = '', host = '', rest = ''] = /^[^:]+:\/\/([^/]*)\/?(.*)$/s.exec(uri) ?? []
  if (head === '' || host === '') throw new GemlineError('config-invalid', `${describeUri(uri)}: names no ${scheme === 's3' ? 'bucket' : 'host'}`)
  const start = uri.slice(0, uri.indexOf('://') + 3) + host
  const path = rest.slice(rest.lastIndexOf('/') + 1)
  const folder = rest.slice(0, rest.length - path.length)
  if (!path.endsWith('*') && !namesFile(path)) return { root: trimEnd(`${start}/${rest}`), path: '' }
  return { root: trimEnd(`${start}/${folder}`), path: scheme === 'http' ? decode(path) : path }
}

function trimEnd (uri: string): string {
  return uri.replace(/\/+$/, '')
}

/** Names in a web address are escaped; paths of a store are not. */
function decode (path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
