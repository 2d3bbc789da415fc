import type { Readable } from 'node:stream'
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'
import type { ObjectInfo } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import type { BackOff } from './back-off.js'
import type { RangeBody, RangedObject, RangeRequest } from './ranged-read.js'
import type { S3Connection } from './s3-client.js'
import type { S3FailureDetail } from './s3-failure.js'
import type { S3Target } from './s3-writer.js'
import { checkKey, objectChanged, objectMissing, release, throwIfCancelled } from './store-support.js'

/** Part of a bucket that is a store. */
export interface Bucket {
  readonly connection: S3Connection
  readonly url: string
  readonly bucket: string
  /** Empty, or ends with `/`. */
  readonly base: string
  readonly pageSize: number
  readonly backOff: BackOff
}

/** The place of an object that is to be read. Throws `store-failed` for a path that cannot be one. */
export function readable ({ bucket, url, base }: Bucket, path: string, signal: AbortSignal | undefined): S3Target {
  return { bucket, key: base + checkKey(path, url), where: `${url}/${path}`, signal }
}

/** Length and etag of an object, undefined where there is none. */
export async function statObject ({ connection }: Bucket, target: S3Target, path: string): Promise<ObjectInfo | undefined> {
  throwIfCancelled(target.signal, target.where)
  try {
    const { output } = await connection.call(target, (s3, options) => s3.headObject({ Bucket: target.bucket, Key: target.key }, options))
    const { ContentLength: bytes, ETag: etag } = output
    if (bytes === undefined || etag === undefined) throw new GemlineError('store-failed', `${target.where}: the service gave no length or etag`)
    return { path, bytes, etag }
  } catch (thrown) {
    if (thrown instanceof GemlineError && thrown.code === 'object-missing') return undefined
    throw thrown
  }
}

/** An object of a bucket, for reading ranges of it. */
export function rangedObject (store: Bucket, path: string): RangedObject {
  const { where } = readable(store, path, undefined)
  return {
    where,
    backOff: store.backOff,
    request: range => requestRange(store, readable(store, path, range.signal), range),
    async stat (signal) {
      const found = await statObject(store, readable(store, path, signal), path)
      if (found === undefined) throw objectMissing(where)
      return found
    }
  }
}

async function requestRange ({ connection }: Bucket, target: S3Target, range: RangeRequest): Promise<RangeBody | undefined> {
  const { start, end, ifMatch } = range
  const Range = start === 0 && end === undefined ? undefined : `bytes=${start}-${end === undefined ? '' : end - 1}`
  try {
    const { output } = await connection.call(target, (s3, options) => s3.getObject({ Bucket: target.bucket, Key: target.key, Range, IfMatch: ifMatch }, options))
    return checkAnswer(target, output, range)
  } catch (thrown) {
    if (!(thrown instanceof GemlineError)) throw thrown
    const status = (thrown.detail as S3FailureDetail | undefined)?.status
    if (status === 416) return undefined
    throw status === 412 ? objectChanged(target.where, ifMatch) : thrown
  }
}

function checkAnswer (target: S3Target, output: GetObjectCommandOutput, range: RangeRequest): RangeBody {
  const body = output.Body as Readable
  try {
    const { ETag: etag, ContentLength: length, ContentRange } = output
    const { from, last, bytes } = spanOf(ContentRange, length)
    const partly = range.end === undefined && last + 1 !== bytes
    if (etag === undefined || from !== range.start || length !== last + 1 - from || partly) {
      throw new GemlineError('store-failed', `${target.where}: bytes from ${range.start} were asked for, the answer has range ${ContentRange ?? 'none'} and length ${length}`)
    }
    if (range.ifMatch !== undefined && etag !== range.ifMatch) throw objectChanged(target.where, range.ifMatch, etag)
    return { body, end: last + 1, bytes, etag }
  } catch (thrown) {
    release(body)
    throw thrown
  }
}

/** First, last and all bytes; NaN where the service said nothing that can be read. */
function spanOf (contentRange: string | undefined, length: number | undefined): { from: number, last: number, bytes: number } {
  if (contentRange === undefined) return { from: 0, last: (length ?? NaN) - 1, bytes: length ?? NaN }
  const [from = NaN, last = NaN, bytes = NaN] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange)?.slice(1).map(Number) ?? []
  return { from, last, bytes }
}
