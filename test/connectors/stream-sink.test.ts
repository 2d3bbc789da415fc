import { Writable } from 'node:stream'
import t from 'tap'
import { createStreamSink } from '../../connectors/stream-sink.js'
import { createMemoryStore } from '../support/memory-store.js'

t.test('records -> JSON lines on the stream, in order, which stays open; hashes of the lines', async t => {
  let text = ''
  const stream = new Writable({ write (chunk, _, done) { text += String(chunk); done() } })
  const sink = createStreamSink(stream)
  const first = await sink.open(createMemoryStore(), 'data/a')
  await first.write([{ a: 1 }, { a: '\u2028' }])
  await first.write([])
  const { sha256, contentSha256, ...info } = await first.close()
  t.same(info, { path: 'data/a', rows: 2, bytes: Buffer.byteLength(text) })
  t.equal(sha256, contentSha256)
  t.equal(text, '{"a":1}\n{"a":"\\u2028"}\n')
  const second = await sink.open(createMemoryStore(), 'data/b')
  await second.write([{ b: 1 }])
  t.equal((await second.close()).rows, 1)
  t.notOk(stream.writableEnded)
})

t.test('a slow stream -> write waits for it', async t => {
  const waiting: Array<() => void> = []
  const writer = await createStreamSink(new Writable({ highWaterMark: 1, write (_chunk, _encoding, done) { waiting.push(done) } })).open(createMemoryStore(), 'x')
  let written = false
  const write = writer.write([{ a: 1 }]).then(() => { written = true })
  await new Promise(resolve => setImmediate(resolve))
  t.notOk(written)
  waiting.forEach(done => done())
  await write
  t.ok(written)
})

t.test('a stream that fails -> write rejects with its error, and so does every later one', async t => {
  const writer = await createStreamSink(new Writable({ write (_chunk, _encoding, done) { done(Object.assign(new Error('gone'), { code: 'EPIPE' })) } })).open(createMemoryStore(), 'x')
  await writer.write([{ a: 1 }]).catch(() => {})
  await new Promise(resolve => setImmediate(resolve))
  await t.rejects(writer.write([{ a: 2 }]), { code: 'store-failed', cause: { code: 'EPIPE' } })
  await writer.abort()
})
