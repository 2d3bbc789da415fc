import t from 'tap'
import { Readable, type Writable } from 'node:stream'
import { pipeline as pipeStreams } from 'node:stream/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { settleAtOnce, type Envelope, type Settlement, type SourceItem } from '../../lib/engine/envelope.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { toReadable, toWritable, type BatchWriter } from '../../lib/engine/interop.js'
import { emit, type OperatorContext } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'

const envelope = (n: number): Envelope<number> =>
  ({ kind: 'envelope', id: String(n), key: String(n), sequence: n, split: 's', origin: { source: 'x', path: 'p', rowGroup: 0, row: n }, value: n })

async function turns (count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

interface Watched { readonly stream: Readable, pulled: number, released: boolean }

function watchNumbers (most = Infinity): Watched {
  const watched = { pulled: 0, released: false }
  async function * numbers (): AsyncGenerator<number> {
    try { for (let n = 0; n < most; n++) { watched.pulled++; yield n } } finally { watched.released = true }
  }
  return Object.assign(watched, { stream: Readable.from(numbers(), { highWaterMark: 2 }) })
}

interface Gate { readonly contexts: OperatorContext[], readonly open: Array<() => void>, readonly chain: Pipeline<number, number> }

/** A pipeline whose tasks end when the test says so. */
function gated (): Gate {
  const contexts: OperatorContext[] = []
  const open: Array<() => void> = []
  const chain = Pipeline.of<number>().through<number>({
    name: 'wait',
    process: async (n, context) => {
      contexts.push(context)
      await new Promise<void>((resolve, reject) => {
        open.push(resolve)
        context.signal.addEventListener('abort', () => reject(new GemlineError('run-cancelled', 'stopped')))
      })
      return emit(n)
    }
  })
  return { contexts, open, chain }
}

t.test('a Duplex that nobody reads -> pulls a window and what streams buffer, no more', async t => {
  const source = watchNumbers()
  const door = Pipeline.of<number>().through({ name: 'plus', process: (n: number) => emit(n + 1) }).toDuplex({ window: 8, concurrency: 4 })
  const reading = pipeStreams(source.stream, door).catch(error => error)
  await turns(500)
  const atRest = source.pulled
  await turns(500)
  t.equal(source.pulled, atRest, 'it stands still')
  t.ok(atRest < 100, `pulled ${atRest}`)
  door.destroy()
  await reading
  t.ok(source.released)
})

t.test('tasks that do not end -> no more than the window is pulled, though somebody reads', async t => {
  const source = watchNumbers()
  const { contexts, open, chain } = gated()
  const door = chain.toDuplex({ window: 6, concurrency: 3 })
  const seen: number[] = []
  const reading = pipeStreams(source.stream, door, async values => { for await (const value of values as AsyncIterable<number>) { seen.push(value); if (seen.length === 3) { while (contexts.length < 6) await turn(); break } } }).catch(error => error)
  await turns(300)
  t.equal(contexts.length, 3, 'tasks at work')
  t.ok(source.pulled <= 20, `pulled ${source.pulled}`)
  for (const go of open.splice(0)) go()
  await reading
  t.strictSame(seen, [0, 1, 2])
  await turns(20)
  t.equal(contexts.length, 6)
  t.ok(contexts.every(context => context.signal.aborted), 'the tasks that were left are told')
  t.ok(source.released)
})

t.test('signal of the door -> the outer pipeline rejects with run-cancelled', async t => {
  const aborter = new AbortController()
  const { contexts, chain } = gated()
  const reading = pipeStreams(watchNumbers().stream, chain.toDuplex({ signal: aborter.signal }), async values => { for await (const value of values) t.fail(String(value)) })
  while (contexts.length === 0) await turn()
  aborter.abort()
  await t.rejects(reading, { code: 'run-cancelled' })
})

t.test('values without a JSON form -> record-invalid; with an identity of their own -> told as it', async t => {
  const same = Pipeline.of<unknown>()
  await t.rejects(Readable.from([1n]).pipe(same.toDuplex()).toArray(), { code: 'record-invalid', message: /record 0 of the stream/ })
  const ids: string[] = []
  const door = same.toDuplex({ identify: (value, sequence) => ({ id: `v${String(value)}-${sequence}`, key: 'k' }), onSettled: ({ id, key, origin }) => { ids.push(`${id} ${key} ${origin.row}`) } })
  t.strictSame(await Readable.from([1n, 2n]).pipe(door).toArray(), [1n, 2n])
  t.strictSame(ids, ['v1-0 k 0', 'v2-1 k 1'])
})

t.test('a source with a broken row and a split that cannot be read -> row told, then the error', async t => {
  async function * batches (): AsyncGenerator<Array<SourceItem<number>>> {
    yield [envelope(0), settleAtOnce(envelope(1), { stage: 'read', kind: 'reject', reason: 'record-invalid' }), { kind: 'split-end', split: 's', rows: 2 }]
    yield [envelope(2), { kind: 'split-end', split: 't', rows: 1, error: new GemlineError('split-unreadable', 'row group 7') }]
  }
  const told: Array<Settlement<never>> = []
  const seen: number[] = []
  await t.rejects(async () => { for await (const value of toReadable(batches(), settlement => told.push(settlement))) seen.push(value as number) }, { code: 'split-unreadable', message: 'row group 7' })
  t.strictSame([seen, told.map(({ id, ended }) => [id, ended[0]?.reason])], [[0, 2], [['1', 'record-invalid']]])
})

t.test('a reader that stops early -> the source is let go', async t => {
  let released = false
  async function * batches (): AsyncGenerator<Array<SourceItem<number>>> {
    try { for (let n = 0; ; n++) yield [envelope(n)] } finally { released = true }
  }
  for await (const value of toReadable(batches())) if (value === 3) break
  t.ok(released)
})

interface Log { readonly calls: string[], readonly writer: BatchWriter }

function logged (fails: 'write' | 'close' | 'abort' | 'nothing' = 'nothing'): Log {
  const calls: string[] = []
  const act = async (name: string, said: string): Promise<void> => {
    calls.push(said)
    await turn()
    if (name === fails) throw new GemlineError('store-failed', `${name} failed`)
  }
  return { calls, writer: { write: async records => await act('write', `write ${records.length}`), close: async () => await act('close', 'close'), abort: async () => await act('abort', 'abort') } }
}

const three = [{ a: 1 }, { a: 2 }, { a: 3 }]

t.test('writer behind a Writable -> closed after all, or given up, never both and never neither', async t => {
  const cases: ReadonlyArray<{ readonly what: string, readonly log: Log, readonly use: (stream: Writable) => Promise<unknown>, readonly calls: readonly string[], readonly error?: { readonly code?: string, readonly message: string } }> = [
    { what: 'three records', log: logged(), use: async stream => await pipeStreams(Readable.from(three), stream), calls: ['write 1', 'write 2', 'close'] },
    { what: 'no record', log: logged(), use: async stream => await pipeStreams(Readable.from([]), stream), calls: ['close'] },
    { what: 'a write that fails', log: logged('write'), use: async stream => await pipeStreams(Readable.from(three), stream), calls: ['write 1', 'abort'], error: { code: 'store-failed', message: 'write failed' } },
    { what: 'a close that fails', log: logged('close'), use: async stream => await pipeStreams(Readable.from([]), stream), calls: ['close', 'abort'], error: { code: 'store-failed', message: 'close failed' } },
    { what: 'a source that fails', log: logged(), use: async stream => await pipeStreams(async function * () { yield * []; throw new Error('half') }, stream), calls: ['abort'], error: { message: 'half' } },
    { what: 'destroyed with an error, abort failing too', log: logged('abort'), use: async stream => { stream.destroy(new Error('first')); await closed(stream) }, calls: ['abort'], error: { message: 'first' } },
    { what: 'destroyed without an error', log: logged(), use: async stream => { stream.destroy(); await closed(stream) }, calls: ['abort'] }
  ]
  for (const { what, log, use, calls, error } of cases) {
    const using = use(toWritable(log.writer))
    if (error === undefined) await t.resolves(using, what)
    else await t.rejects(using, error as Error, what)
    await turns(5)
    t.strictSame(log.calls, calls, what)
  }
})

async function closed (stream: Writable): Promise<void> {
  await new Promise<void>((resolve, reject) => { stream.on('close', resolve).on('error', reject) })
}
