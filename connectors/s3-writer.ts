import type { ObjectWriter } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import type { S3Connection } from './s3-client.js'
import type { S3FailureDetail, S3Place } from './s3-failure.js'

/** An object that is about to be written. */
export interface S3Target extends S3Place {
  readonly key: string
}

/** Limit of S3 for one upload. */
const MAX_PARTS = 10_000

/**
 * Starts an object that grows: one put if it stays within a part, else an upload in parts, one of which travels while
 * the next one fills. Holds two parts at most. A failure takes the upload back; parts that stay behind after a crash
 * are for the bucket's lifecycle rule. Rejects with `store-failed`.
 */
export function openS3Writer (connection: S3Connection, target: S3Target, partBytes: number): ObjectWriter {
  const filling = createFilling(partBytes)
  const upload = createUpload(connection, target)
  let ended = false
  const abort = async (): Promise<void> => {
    if (ended) return
    ended = true
    await upload.takeBack()
  }
  const orAbort = async (work: () => Promise<void>): Promise<void> => {
    if (ended) throw new GemlineError('store-failed', `${target.where}: already closed`)
    await work().catch(async (thrown: unknown) => { await abort(); throw thrown })
  }
  return {
    abort,
    write: bytes => orAbort(async () => {
      for (const part of filling.add(bytes)) await upload.send(part)
    }),
    close: () => orAbort(async () => {
      const rest = filling.take()
      if (upload.started()) {
        if (rest.byteLength > 0) await upload.send(rest)
        await upload.finish(filling.total())
      } else await putWhole(connection, target, rest)
      ended = true
    })
  }
}

interface Part {
  readonly PartNumber: number
  ETag: string | undefined
}

interface Upload {
  started (): boolean
  /** Resolves when the part before this one has arrived. */
  send (body: Uint8Array): Promise<void>
  finish (totalBytes: number): Promise<void>
  /** Best effort. */
  takeBack (): Promise<void>
}

function createUpload (connection: S3Connection, target: S3Target): Upload {
  const { bucket: Bucket, key: Key } = target
  const parts: Part[] = []
  let UploadId: string | undefined
  let travelling: Promise<unknown> = Promise.resolve()
  const arrived = async (): Promise<void> => {
    const failure = await travelling
    if (failure !== undefined) throw failure
  }
  return {
    started: () => UploadId !== undefined,
    async send (body) {
      await arrived()
      UploadId ??= await startUpload(connection, target)
      const part: Part = { PartNumber: parts.length + 1, ETag: undefined }
      if (part.PartNumber > MAX_PARTS) throw new GemlineError('store-failed', `${target.where} would have more than ${MAX_PARTS} parts; write smaller shards`)
      parts.push(part)
      const input = { Bucket, Key, UploadId, PartNumber: part.PartNumber, Body: body }
      // The failure is kept as a value: a rejection that nobody waits for yet would end the process.
      travelling = connection.call(target, (s3, options) => s3.uploadPart(input, options))
        .then(({ output }) => { part.ETag = output.ETag }, (thrown: unknown) => thrown)
    },
    async finish (totalBytes) {
      await arrived()
      await complete(connection, target, { UploadId, parts, totalBytes })
    },
    async takeBack () {
      await travelling
      if (UploadId === undefined) return
      await connection.call(target, (s3, options) => s3.abortMultipartUpload({ Bucket, Key, UploadId }, options)).catch(() => {})
    }
  }
}

interface Filling {
  /** Copies the bytes, and gives each part that became full and is known not to be the last. */
  add (bytes: Uint8Array): Generator<Uint8Array>
  /** What is left. */
  take (): Uint8Array
  total (): number
}

function createFilling (partBytes: number): Filling {
  let pieces: Uint8Array[] = []
  let size = 0
  let total = 0
  const take = (): Uint8Array => {
    const part = Buffer.concat(pieces)
    pieces = []
    size = 0
    return part
  }
  return {
    take,
    total: () => total,
    * add (bytes) {
      for (let at = 0; at < bytes.byteLength;) {
        if (size === partBytes) yield take()
        const piece = Buffer.from(bytes.subarray(at, at + partBytes - size))
        pieces.push(piece)
        size += piece.byteLength
        total += piece.byteLength
        at += piece.byteLength
      }
    }
  }
}

async function putWhole (connection: S3Connection, target: S3Target, body: Uint8Array): Promise<void> {
  const input = { Bucket: target.bucket, Key: target.key, Body: body }
  await connection.call(target, (s3, options) => s3.putObject(input, options))
}

async function startUpload (connection: S3Connection, target: S3Target): Promise<string> {
  const input = { Bucket: target.bucket, Key: target.key }
  const { output } = await connection.call(target, (s3, options) => s3.createMultipartUpload(input, options))
  if (output.UploadId === undefined) throw new GemlineError('store-failed', `${target.where}: the service gave no upload id`)
  return output.UploadId
}

interface Completion {
  readonly UploadId: string | undefined
  readonly parts: Part[]
  readonly totalBytes: number
}

async function complete (connection: S3Connection, target: S3Target, { UploadId, parts, totalBytes }: Completion): Promise<void> {
  const { bucket: Bucket, key: Key } = target
  const input = { Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }
  try {
    await connection.call(target, (s3, options) => s3.completeMultipartUpload(input, options))
  } catch (thrown) {
    const detail = thrown instanceof GemlineError ? thrown.detail as S3FailureDetail | undefined : undefined
    if (detail?.name !== 'NoSuchUpload' || !detail.unsure) throw thrown
    // The answer to a completion was lost and the upload is gone: it had its effect if the object is there.
    const { output } = await connection.call(target, (s3, options) => s3.headObject({ Bucket, Key }, options))
    if (output.ContentLength !== totalBytes) throw thrown
  }
}
