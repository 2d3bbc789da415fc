import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { ByteStore, WritableStore } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { createFileStore } from './file-store.js'
import { describeUri, localPath, namesFile, schemeOf, splitUri } from './split-uri.js'

/** How a place is reached, beside its uri. All of it is running config: it changes no data. */
export const storeOptionsSchema = z.strictObject({
  /** URL of an S3 service that is not AWS. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z.string().min(1).optional(),
  /** Bucket in the path; default where an endpoint is given. */
  forcePathStyle: z.boolean().optional(),
  /** Files below an HTTP root, which has no listing. */
  files: z.array(z.string().min(1)).optional()
})

/** How a place is reached, once checked. Plain data without a secret, so it may stand in a config file. */
export type StoreOptions = Readonly<z.infer<typeof storeOptionsSchema>>

/** What only code can give: credentials in hand instead of the standard chain. */
export interface StoreSecrets {
  readonly credentials?: { readonly accessKeyId: string, readonly secretAccessKey: string, readonly sessionToken?: string }
  /** Headers for HTTP servers, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Opens the store at a uri: a local path, `file://`, `s3://bucket/prefix` or `http(s)://host/path`. Where the uri names
 * one file the store is its folder, and over HTTP lists that file. Nothing is asked of the place yet; packages for S3 and
 * HTTP are loaded only if needed. Rejects with `config-invalid` for a uri or options that are wrong.
 */
export async function openStore (uri: string, options: StoreOptions & StoreSecrets = {}): Promise<ByteStore | WritableStore> {
  const scheme = schemeOf(uri)
  if (scheme === 'file') return createFileStore(folderOf(localPath(uri)))
  return scheme === 's3' ? await openS3(uri, options) : await openHttp(uri, options)
}

/** `openStore` for places to write to. Rejects with `config-invalid` for HTTP. */
export async function openWritableStore (uri: string, options: StoreOptions & StoreSecrets = {}): Promise<WritableStore> {
  const store = await openStore(uri, options)
  if ('create' in store) return store
  throw new GemlineError('config-invalid', `${describeUri(uri)} can only be read; write to a path or to s3://bucket/prefix`)
}

/** What cannot be looked at is taken as a folder: the store says what is wrong with it when it is used. */
function folderOf (path: string): string {
  try {
    return statSync(path).isFile() ? dirname(path) : path
  } catch {
    return path
  }
}

async function openS3 (uri: string, { endpoint, region, forcePathStyle, credentials }: StoreOptions & StoreSecrets): Promise<WritableStore> {
  if (/[@?#]/.test(uri.slice(5).split('/', 1)[0] ?? '')) throw new GemlineError('config-invalid', `${describeUri(uri)}: an s3 uri may hold a bucket and a prefix only`)
  const [bucket = '', ...prefix] = splitUri(uri).root.slice('s3://'.length).split('/')
  const { createS3Store } = await import('./s3-store.js')
  return createS3Store({ bucket, prefix: prefix.join('/'), endpoint, region, forcePathStyle, credentials })
}

async function openHttp (uri: string, { files, headers }: StoreOptions & StoreSecrets): Promise<ByteStore> {
  const { createHttpStore } = await import('./http-store.js')
  if (/[?#]/.test(uri) || !namesFile(uri)) return createHttpStore(uri, { files, headers })
  const { root, path } = splitUri(uri)
  return createHttpStore(root, { files: files ?? [path], headers })
}
