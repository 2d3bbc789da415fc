import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import type { ShardWriter, Sink } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { toJsonLine } from './json-line.js'

/**
 * A sink that writes JSON lines to a stream that somebody else owns: standard output, a pipe, a file. All shards go the
 * same way, one after the other; the stream is never ended. `write` resolves when the stream has handed the bytes on, so
 * that nothing is committed that nobody took. Rejects with `store-failed`; the stream's error, such as EPIPE, is its cause.
 */
export function createStreamSink (stream: Writable): Sink {
  // Each write tells its own error; without a listener the process would end.
  stream.on('error', () => {})
  return { extension: '', open: async (_store, path) => openShard(stream, path) }
}

function openShard (stream: Writable, path: string): ShardWriter {
  const hash = createHash('sha256')
  let rows = 0
  let bytes = 0
  return {
    async write (records) {
      const text = Buffer.from(records.map(toJsonLine).join(''))
      hash.update(text)
      rows += records.length
      bytes += text.length
      if (text.length > 0) await send(stream, text)
    },
    async close () {
      const sha256 = hash.digest('hex')
      return { path, rows, bytes, sha256, contentSha256: sha256 }
    },
    async abort () {}
  }
}

async function send (stream: Writable, text: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error?: Error | null): void => {
      stream.off('close', fail)
      const cause = stream.errored ?? error ?? new Error('the stream was closed')
      reject(new GemlineError('store-failed', `the output stream failed: ${cause.message}`, { cause }))
    }
    // A stream that is destroyed while a write is under way need not call back.
    stream.once('close', fail)
    stream.write(text, error => {
      if (error !== null && error !== undefined) return fail(error)
      stream.off('close', fail)
      resolve()
    })
  })
}
