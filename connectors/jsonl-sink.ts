import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { z } from 'zod'
import type { ShardWriter, Sink, WritableStore } from '../lib/engine/connector.js'
import { toJsonLine } from './json-line.js'
import { openOutput } from './object-output.js'
import { parseOptions } from './parse-options.js'

/** Options of a sink of JSON lines. */
export const jsonlSinkSchema = z.strictObject({
  /** 1 is quick, 9 is small. Result key of the objects, not of their lines. */
  gzipLevel: z.int().min(1).max(9).default(6)
})

/** How hard shards of JSON lines are compressed; gzip level 6 unless told otherwise. */
export type JsonlSinkOptions = z.input<typeof jsonlSinkSchema>

/**
 * Shards of JSON lines in gzip. The same records give the same bytes on one Node build (the gzip header carries no time)
 * and the same lines everywhere. Compression runs off the main thread; `write` waits until the store has taken what came
 * before. Rejects with `config-invalid` for unknown options, and as the store does.
 */
export function createJsonlSink (options: JsonlSinkOptions = {}): Sink {
  const { gzipLevel } = parseOptions(jsonlSinkSchema, options)
  const extension = '.jsonl.gz'
  return { extension, open: (store, path) => openShard(store, path + extension, gzipLevel) }
}

async function openShard (store: WritableStore, path: string, level: number): Promise<ShardWriter> {
  const output = await openOutput(store, path)
  const gzip = createGzip({ level })
  const written = pipeline(gzip, output.stream)
  // Who writes or closes learns of the failure; until then nobody awaits it.
  written.catch(() => {})
  const lines = createHash('sha256')
  let rows = 0
  const write = async (records: readonly object[]) => {
    if (records.length === 0) return
    const text = Buffer.from(records.map(toJsonLine).join(''))
    rows += records.length
    lines.update(text)
    await feed(gzip, text, written)
  }
  const close = async () => {
    gzip.end()
    await written
    return { path, rows, ...await output.close(), contentSha256: lines.digest('hex') }
  }
  const abort = async () => {
    gzip.destroy()
    await written.catch(() => {})
    await output.abort()
  }
  return { write, close, abort }
}

/** Waits until the text is compressed and what that gave is taken. Rejects with the cause where the way out has failed. */
async function feed (gzip: Gzip, text: Uint8Array, written: Promise<void>): Promise<void> {
  const taken = new Promise<void>((resolve, reject) => gzip.write(text, error => error ? reject(error) : resolve()))
  await taken.catch(async error => {
    await written
    throw error
  })
}
