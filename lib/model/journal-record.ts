import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw } from 'node:zlib'
import { z } from 'zod'
import { usageSchema } from '../schema/lineage.js'
import type { TransportAnswer } from './chat-model.js'

/** Bytes before the payload: u32 length of the payload, 32 bytes key, u32 crc32 of key and payload; big endian. */
export const HEADER_BYTES = 40

/** A payload that claims to be longer is damage. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
const MAX_ANSWER_BYTES = 256 * 1024 * 1024

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw)
const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw)

const answerSchema = z.object({
  text: z.string(),
  reasoning: z.string().optional(),
  finishReason: z.enum(['stop', 'length', 'repetition']),
  usage: usageSchema,
  author: z.enum(['model', 'rule-based'])
})

/** One answer as a journal record: header, then the deflated JSON. `key` is 64 hex digits. */
export async function encodeRecord (key: string, answer: TransportAnswer): Promise<Buffer> {
  const payload = await deflate(Buffer.from(JSON.stringify(answer)), { level: 1 })
  const record = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
  record.writeUInt32BE(payload.length, 0)
  record.write(key, 4, 'hex')
  payload.copy(record, HEADER_BYTES)
  record.writeUInt32BE(checksum(record.subarray(4, 36), payload), 36)
  return record
}

/** The answer of a payload; undefined if it is none that this version knows. */
export async function decodePayload (payload: Uint8Array): Promise<TransportAnswer | undefined> {
  try {
    const bytes = await inflate(payload, { maxOutputLength: MAX_ANSWER_BYTES })
    return answerSchema.parse(JSON.parse(bytes.toString()))
  } catch {
    return undefined
  }
}

/** Where a record's payload lies in its segment. */
export interface RecordPlace { readonly key: string, readonly offset: number, readonly length: number }

/** What a segment holds up to its end or to the first damage. */
export interface Scan { readonly records: readonly RecordPlace[], readonly torn: boolean }

/** Finds the records of a segment. Holds one record in memory at a time. Stops at the first that is cut or damaged. */
export async function scanSegment (chunks: AsyncIterable<Uint8Array>): Promise<Scan> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    return await scanRecords(createTaker(iterator))
  } finally {
    await iterator.return?.()
  }
}

async function scanRecords (take: Taker): Promise<Scan> {
  const records: RecordPlace[] = []
  let offset = 0
  while (true) {
    const header = await take(HEADER_BYTES)
    if (header.length < HEADER_BYTES) return { records, torn: header.length > 0 }
    const length = header.readUInt32BE(0)
    if (length > MAX_PAYLOAD_BYTES) return { records, torn: true }
    const payload = await take(length)
    const key = header.subarray(4, 36)
    if (payload.length < length || checksum(key, payload) !== header.readUInt32BE(36)) return { records, torn: true }
    records.push({ key: key.toString('hex'), offset: offset + HEADER_BYTES, length })
    offset += HEADER_BYTES + length
  }
}

function checksum (key: Uint8Array, payload: Uint8Array): number {
  return crc32(payload, crc32(key))
}

type Taker = (length: number) => Promise<Buffer>

/** Cuts a stream into pieces of asked length; shorter only at the end. */
function createTaker (iterator: AsyncIterator<Uint8Array>): Taker {
  let parts: Uint8Array[] = []
  let held = 0
  return async length => {
    while (held < length) {
      const { value, done } = await iterator.next() as IteratorResult<Uint8Array, undefined>
      if (done === true) break
      parts.push(value)
      held += value.length
    }
    const all = parts.length === 1 ? Buffer.from(parts[0]!.buffer, parts[0]!.byteOffset, held) : Buffer.concat(parts, held)
    const piece = all.subarray(0, length)
    parts = [all.subarray(piece.length)]
    held -= piece.length
    return piece
  }
}
