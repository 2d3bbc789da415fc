import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import type { ObjectInfo, WritableStore } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { DEFAULT_BACK_OFF, type BackOff } from './back-off.js'
import { readRange, streamRange } from './ranged-read.js'
import { createS3Connection, type S3ClientOptions } from './s3-client.js'
import type { S3FailureDetail } from './s3-failure.js'
import { rangedObject, readable, statObject, type Bucket } from './s3-read.js'
import { openS3Writer, type S3Target } from './s3-writer.js'
import { checkPath, compareBytes, throwIfCancelled } from './store-support.js'

/** Which objects, and how the service is spoken to. */
export interface S3StoreOptions extends S3ClientOptions {
  readonly bucket: string
  /** Root of the store inside the bucket; empty: the bucket. */
  readonly prefix?: string
  /** Keys asked for at once, at most 1,000. */
  readonly pageSize?: number
  /** Size of the parts of large objects; S3 wants 5 MiB at least. */
  readonly partBytes?: number
  readonly backOff?: Partial<BackOff>
}

/**
 * The objects below a prefix of a bucket. `create` is one put with `If-None-Match: *`, which the service must honour
 * (`probeCreateOnly` finds out). Failures that pass are tried again. Rejects with `source-missing` for a bucket that
 * does not exist.
 */
export function createS3Store (options: S3StoreOptions): WritableStore {
  const { bucket, prefix = '', pageSize = 1_000, partBytes = 8_388_608 } = options
  const base = prefix.replace(/^\/+|\/+$/g, '')
  const url = base === '' ? `s3://${bucket}` : `s3://${bucket}/${base}`
  const backOff = { ...DEFAULT_BACK_OFF, ...options.backOff }
  const store: Bucket = {
    connection: createS3Connection(options, backOff), url, bucket, base: base === '' ? '' : `${base}/`, pageSize, backOff
  }
  return {
    url,
    list: (start, signal) => listObjects(store, start, signal),
    stat: async (path, signal) => await statObject(store, readable(store, path, signal), path),
    read: async (path, range = {}) => await readRange(rangedObject(store, path), range),
    stream: async (path, range = {}) => await streamRange(rangedObject(store, path), range),
    create: async (path, bytes) => await createObject(store, writable(store, path), bytes),
    put: async (path, bytes) => { await putObject(store, writable(store, path), bytes) },
    open: async path => openS3Writer(store.connection, writable(store, path), partBytes),
    remove: async path => { await removeObject(store, writable(store, path)) }
  }
}

function writable ({ bucket, url, base }: Bucket, path: string): S3Target {
  return { bucket, key: base + checkPath(path, url), where: `${url}/${path}`, writing: true }
}

async function * listObjects (store: Bucket, start: string, signal: AbortSignal | undefined): AsyncGenerator<ObjectInfo> {
  const input = { Bucket: store.bucket, Prefix: store.base + start, MaxKeys: store.pageSize }
  let token: string | undefined
  let last = ''
  do {
    throwIfCancelled(signal, store.url)
    const page = await listPage(store, { ...input, ContinuationToken: token }, signal)
    for (const { Key: key, Size: bytes, ETag: etag } of page.Contents ?? []) {
      if (key === undefined || bytes === undefined || etag === undefined) throw new GemlineError('store-failed', `${store.url}: the listing lacks key, size or etag`)
      if (last !== '' && compareBytes(key, last) <= 0) throw new GemlineError('store-failed', `${store.url}: the listing is not in byte order: ${key} after ${last}`)
      last = key
      // Consoles make empty objects that end in `/` to show a folder.
      if (!key.endsWith('/')) yield { path: key.slice(store.base.length), bytes, etag }
    }
    token = nextToken(store, page, token)
  } while (token !== undefined)
}

async function listPage (store: Bucket, input: { Bucket: string, ContinuationToken?: string }, signal: AbortSignal | undefined): Promise<ListObjectsV2CommandOutput> {
  const { output } = await store.connection.call({ where: store.url, bucket: store.bucket, signal }, (s3, options) => s3.listObjectsV2(input, options))
  return output
}

function nextToken (store: Bucket, page: ListObjectsV2CommandOutput, token: string | undefined): string | undefined {
  if (page.IsTruncated !== true) return undefined
  const next = page.NextContinuationToken
  if (next !== undefined && next !== '' && next !== token) return next
  throw new GemlineError('store-failed', `${store.url}: the listing says that it goes on, but not where`)
}

async function createObject (store: Bucket, target: S3Target, bytes: Uint8Array): Promise<boolean> {
  const input = { Bucket: target.bucket, Key: target.key, Body: bytes, IfNoneMatch: '*' }
  try {
    await store.connection.call(target, (s3, options) => s3.putObject(input, options))
    return true
  } catch (thrown) {
    const detail = thrown instanceof GemlineError ? thrown.detail as S3FailureDetail | undefined : undefined
    if (detail?.status !== 412) throw thrown
    return detail.unsure && await holds(store, target, bytes)
  }
}

/** After a lost answer a refusal may be the answer to our own success: the object tells. */
async function holds (store: Bucket, target: S3Target, bytes: Uint8Array): Promise<boolean> {
  const path = target.key.slice(store.base.length)
  const found = await statObject(store, target, path)
  if (found?.bytes !== bytes.byteLength) return false
  return Buffer.compare(await readRange(rangedObject(store, path), { ifMatch: found.etag }), bytes) === 0
}

async function putObject ({ connection }: Bucket, { bucket: Bucket, key: Key, ...place }: S3Target, bytes: Uint8Array): Promise<void> {
  await connection.call({ bucket: Bucket, ...place }, (s3, options) => s3.putObject({ Bucket, Key, Body: bytes }, options))
}

async function removeObject ({ connection }: Bucket, { bucket: Bucket, key: Key, ...place }: S3Target): Promise<void> {
  try {
    await connection.call({ bucket: Bucket, ...place }, (s3, options) => s3.deleteObject({ Bucket, Key }, options))
  } catch (thrown) {
    if (!(thrown instanceof GemlineError) || thrown.code !== 'object-missing') throw thrown
  }
}
