import t from 'tap'
import { createHash } from 'node:crypto'
import { PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { createStreamSink } from '../../connectors/stream-sink.js'
import { createMemoryStore } from '../support/memory-store.js'

const store = createMemoryStore()

t.test('two shards of one stream -> their lines one after the other, each with its own sums, the stream left open', async t => {
  const stream = new PassThrough()
  const sink = createStreamSink(stream)
  const first = await sink.open(store, 'data/a')
  await first.write([{ a: 1 }, { a: 'x\u2028y' }])
  await first.write([])
  const second = await sink.open(store, 'data/b')
  await second.write([{ b: 2 }])
  const text = '{"a":1}\n{"a":"x\\u2028y"}\n'
  const sha256 = createHash('sha256').update(text).digest('hex')
  t.strictSame(await first.close(), { path: 'data/a', rows: 2, bytes: text.length, sha256, contentSha256: sha256 })
  t.match(await second.close(), { path: 'data/b', rows: 1, bytes: 8 })
  t.equal(stream.read().toString(), `${text}{"b":2}\n`)
  t.equal(stream.writableEnded, false)
  t.strictSame([sink.extension, stream.listenerCount('close')], ['', 0], 'no listener of a write stays')
})

t.test('a reader that has stopped -> write waits until it goes on', async t => {
  const taken: Array<() => void> = []
  const stream = new Writable({ highWaterMark: 1, write (_chunk, _encoding, done) { taken.push(done) } })
  const shard = await createStreamSink(stream).open(store, 'x')
  let written = false
  const write = shard.write([{ a: 1 }]).then(() => { written = true })
  await turn()
  t.strictSame([written, taken.length], [false, 1])
  taken[0]?.()
  await write
  t.ok(written)
})

t.test('a stream that fails -> store-failed with the error of the stream as cause, now and for every later write', async t => {
  const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  const cases = [
    { how: 'the write fails', open: () => new Writable({ write (_c, _e, done) { done(broken) } }) },
    { how: 'destroyed under way', open: () => { const stream: Writable = new Writable({ write () { setImmediate(() => stream.destroy(broken)) } }); return stream } },
    { how: 'destroyed before', open: () => new Writable({ write (_c, _e, done) { done() } }).destroy(broken) }
  ]
  for (const { how, open } of cases) {
    const stream = open()
    const sink = createStreamSink(stream)
    const shard = await sink.open(store, 'x')
    await t.rejects(shard.write([{ a: 1 }]), { code: 'store-failed', message: 'the output stream failed: write EPIPE', cause: broken }, how)
    const next = await sink.open(store, 'y')
    await t.rejects(next.write([{ a: 2 }]), { code: 'store-failed', cause: broken }, `${how}, the next shard`)
    await next.abort()
    t.equal(stream.listenerCount('close'), 0, how)
  }
})

t.test('a stream that is closed without an error -> store-failed, no write that waits for ever', async t => {
  const stream = new Writable({ write () { setImmediate(() => stream.destroy()) } })
  const shard = await createStreamSink(stream).open(store, 'x')
  await t.rejects(shard.write([{ a: 1 }]), { code: 'store-failed' })
})
