import t from 'tap'
import { createRequire } from 'node:module'
import { Readable, Writable } from 'node:stream'
import { pipeline as pipeStreams } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Envelope, SettledItem, SourceItem } from '../../lib/engine/envelope.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { toReadable, toWritable } from '../../lib/engine/interop.js'
import { drop, emit, type Operator } from '../../lib/engine/operator.js'
import { Pipeline, type RunParts } from '../../lib/engine/pipeline.js'

const highland = createRequire(import.meta.url)('highland') as HighlandStatic

const double: Operator<number, number> = { name: 'double', process: n => emit(n * 2) }
const keepSmall: Operator<number, string> = { name: 'keep', process: async n => n < 20 ? emit(`v${n}`) : drop('big') }
const chain = Pipeline.of<number>().through(double).through(keepSmall)

async function * source (count: number): AsyncGenerator<Array<SourceItem<number>>> {
  for (let n = 0; n < count; n++) yield [envelope(n)]
  yield [{ kind: 'split-end', split: 's', rows: count }]
}
const envelope = (n: number): Envelope<number> =>
  ({ kind: 'envelope', id: String(n), key: String(n), sequence: n, split: 's', origin: { source: 'x', path: 'p', rowGroup: 0, row: n }, value: n })

const into = (list: Array<SettledItem<unknown>>): RunParts<number, string>['sink'] => async items => { for await (const batch of items) list.push(...batch) }

t.test('source to sink -> all settled in order, split end last', async t => {
  const settled: Array<SettledItem<unknown>> = []
  await chain.run({ source: source(30), sink: into(settled), signal: new AbortController().signal, concurrency: 4 })
  t.same(settled.map(item => item.kind === 'settlement' ? item.accepted[0]?.value ?? item.ended[0]?.reason : item.kind),
    [...Array.from({ length: 10 }, (_, n) => `v${n * 2}`), ...Array.from({ length: 20 }, () => 'big'), 'split-end'])
})

t.test('two operators of one name -> TypeError', async t => { t.throws(() => chain.through({ name: 'keep', process: (text: string) => emit(text) }), /two stages are named keep/) })

t.test('abort in each member -> run-cancelled within 100 ms, nothing left open', async t => {
  const members = ['source', 'seen', 'operator', 'dedup', 'sink']
  for (const member of members) {
    const aborter = new AbortController()
    const stop = (at: string): void => { if (at === member) aborter.abort() }
    async function * passing<T> (name: string, items: AsyncIterable<T>): AsyncGenerator<T> { for await (const item of items) { stop(name); yield item } }
    async function * endless (): AsyncGenerator<Array<SourceItem<number>>> { for (let n = 0; ; n++) { if (n === 5) stop('source'); await sleep(1); yield [envelope(n)] } }
    const before = process.getActiveResourcesInfo().length
    const start = performance.now()
    await t.rejects(Pipeline.of<number>().through({ name: 'work', process: async n => { stop('operator'); return emit(n) } }).run({
      source: endless(),
      seen: items => passing('seen', items),
      dedup: items => passing('dedup', items),
      sink: async items => { for await (const batch of items) if (batch.length > 0) stop('sink') },
      signal: aborter.signal
    }), { code: 'run-cancelled' }, member)
    t.ok(performance.now() - start < 200, `${member}: soon`)
    await sleep(5)
    t.ok(process.getActiveResourcesInfo().length <= before + 1, `${member}: no handle left`)
  }
})

t.test('sink fails -> run rejects with its error, source released', async t => {
  let released = false
  async function * watched (): AsyncGenerator<Array<SourceItem<number>>> { try { yield * source(1000) } finally { released = true } }
  await t.rejects(chain.run({ source: watched(), sink: async items => { for await (const batch of items) if (batch.length > 0) throw new GemlineError('store-failed', 'full') }, signal: new AbortController().signal }), { code: 'store-failed' })
  t.ok(released)
})

t.test('as a Duplex between node streams -> values out in order, drops told', async t => {
  const out: string[] = []
  const ended: string[] = []
  const door = chain.toDuplex({ concurrency: 3, onSettled: settlement => { for (const { reason } of settlement.ended) ended.push(reason) } })
  await pipeStreams(Readable.from([1, 2, 30, 4]), door, new Writable({ objectMode: true, write (value, _, done) { out.push(value as string); done() } }))
  t.same([out, ended], [['v2', 'v4', 'v8'], ['big']])
})

t.test('Duplex whose operator ends the run -> the outer pipeline rejects', async t => {
  const door = Pipeline.of<number>().through({ name: 'boom', process: () => { throw new GemlineError('server-unauthorized', 'key') } }).toDuplex()
  await t.rejects(pipeStreams(Readable.from([1, 2]), door, async values => { for await (const value of values) t.fail(String(value)) }), { code: 'server-unauthorized' })
})

t.test('through highland -> values in order; an error of the source comes out; an early stop lets the source go', async t => {
  t.same(await highland([1, 2, 30, 4]).through(chain.toHighland()).collect().toPromise(Promise), ['v2', 'v4', 'v8'])
  const failing = highland<number>(push => { push(null, 1); push(new Error('source broke')); push(null, highland.nil as unknown as number) })
  await t.rejects(failing.through(chain.toHighland()).collect().toPromise(Promise), /source broke/)
  let released = false
  async function * endless (): AsyncGenerator<number> { try { for (let n = 0; ; n++) { yield n % 10; await sleep(1) } } finally { released = true } }
  const input = Readable.from(endless())
  const output = highland<number>(input, () => ({ onDestroy: () => input.destroy() })).through(chain.toHighland({ concurrency: 2 }))
  const first = await new Promise(resolve => output.pull((_, value) => resolve(value)))
  output.destroy()
  await sleep(50)
  t.same([first, released], ['v0', true])
})

t.test('doors of sources and sinks -> single records', async t => {
  t.same(await toReadable(source(3)).toArray(), [0, 1, 2])
  const written: unknown[] = []
  let closed = ''
  await pipeStreams(Readable.from([{ a: 1 }, { a: 2 }]), toWritable({ write: async records => { written.push(...records) }, close: async () => { closed = 'closed' }, abort: async () => { closed = 'aborted' } }))
  t.same([written, closed], [[{ a: 1 }, { a: 2 }], 'closed'])
  await t.rejects(pipeStreams(Readable.from(async function * () { yield { a: 1 }; throw new Error('half') }()), toWritable({ write: async () => {}, close: async () => { closed = 'closed' }, abort: async () => { closed = 'aborted' } })))
  t.equal(closed, 'aborted')
})
