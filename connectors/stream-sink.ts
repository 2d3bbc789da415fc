import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { ShardWriter, Sink } from '../lib/engine/connector.js'
import { toJsonLine } from './json-line.js'

/**
 * A sink that writes JSON lines to a stream that somebody else owns: standard output, a pipe, a file. All shards go the
 * same way, one after the other; the stream is never ended. `write` waits for the stream to drain and rejects with the
 * stream's error, such as EPIPE.
 */
export function createStreamSink (stream: Writable): Sink {
  let failure: Error | undefined
  stream.on('error', error => { failure = error })
  return { extension: '', open: async (_store, path) => openShard(stream, path, () => failure) }
}

function openShard (stream: Writable, path: string, failed: () => Error | undefined): ShardWriter {
  const hash = createHash('sha256')
  let rows = 0
  let bytes = 0
  return {
    async write (records) {
      const text = Buffer.from(records.map(toJsonLine).join(''))
      hash.update(text)
      rows += records.length
      bytes += text.length
      await send(stream, text, failed)
    },
    async close () {
      const sha256 = hash.digest('hex')
      return { path, rows, bytes, sha256, contentSha256: sha256 }
    },
    async abort () {}
  }
}

async function send (stream: Writable, text: Buffer, failed: () => Error | undefined): Promise<void> {
  const before = failed()
  if (before !== undefined) throw before
  if (text.length === 0 || stream.write(text)) return
  await once(stream, 'drain')
}
