import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { GemlineError } from '../../lib/engine/errors.js'
import { mapConcurrent, type MapConcurrentOptions } from '../../lib/engine/map-concurrent.js'

const live = (): AbortSignal => new AbortController().signal

async function * numbers (count: number, batch = 7): AsyncGenerator<number[]> {
  for (let from = 0; from < count; from += batch) yield Array.from({ length: Math.min(batch, count - from) }, (_, i) => from + i)
}

async function collect<T> (batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

t.test('any delays, window and concurrency -> outputs in the order of the inputs, within the bounds', async t => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }),
    async (delays, concurrency, window) => {
      let running = 0
      let most = 0
      const options: MapConcurrentOptions<number> = { concurrency, window, signal: live(), sizeOf: () => 10, heldBytes: 50 }
      const outputs = await collect(mapConcurrent(numbers(delays.length), async (n: number) => {
        most = Math.max(most, ++running)
        for (let i = 0; i < (delays[n] as number); i++) await new Promise(resolve => setImmediate(resolve))
        running--
        return n
      }, options))
      return most <= concurrency && outputs.length === delays.length && outputs.every((n, i) => n === i)
    }), { numRuns: 150 })
  t.pass('150 runs')
})

t.test('synchronous task -> no promise is made for it, order kept', async t => {
  t.same(await collect(mapConcurrent(numbers(1000), n => n * 2, { concurrency: 4, window: 16, signal: live() })), Array.from({ length: 1000 }, (_, i) => i * 2))
})

t.test('consumer that does not pull -> reads the window and no more', async t => {
  let read = 0
  async function * counted (): AsyncGenerator<number[]> { for (;;) { read++; yield [read] } }
  const outputs = mapConcurrent(counted(), async n => n, { concurrency: 4, window: 32, signal: live() })
  await outputs.next()
  await sleep(30)
  t.ok(read <= 34, `${read} read`)
  await outputs.return(undefined)
})

t.test('an old slow task -> the others run ahead, results beyond heldBytes wait in a file and come back equal', async t => {
  let release = (): void => {}
  const slow = new Promise<void>(resolve => { release = resolve })
  let done = 0
  const outputs = collect(mapConcurrent(numbers(500), async n => {
    if (n === 0) await slow
    if (++done === 499) release()
    return { n, text: 'x'.repeat(100) }
  }, { concurrency: 8, window: 1000, heldBytes: 1000, sizeOf: () => 100, signal: live() }))
  t.same((await outputs).map(output => output.n), Array.from({ length: 500 }, (_, i) => i))
})

t.test('a task fails -> the others are aborted and awaited, the source is let go, the error comes out', async t => {
  let ended = 0
  let returned = false
  const reading = { now: false }
  async function * source (): AsyncGenerator<number[]> { try { yield [0, 1, 2, 3]; reading.now = true; await sleep(10_000, undefined, { ref: false }) } finally { returned = true } }
  await t.rejects(collect(mapConcurrent(source(), async (n, { signal }) => {
    if (n === 2) {
      while (!reading.now) await sleep(1)
      throw new GemlineError('store-failed', 'no')
    }
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    ended++
    return n
  }, { concurrency: 5, window: 8, signal: live() })), { code: 'store-failed' })
  t.equal(ended, 3)
  t.notOk(returned, 'a source in the middle of a read is not waited for')
})

t.test('the source fails -> its error comes out after the running tasks', async t => {
  async function * source (): AsyncGenerator<number[]> { yield [1]; throw new GemlineError('split-unreadable', 'half a file') }
  await t.rejects(collect(mapConcurrent(source(), async n => { await sleep(5); return n }, { concurrency: 4, window: 8, signal: live() })), { code: 'split-unreadable' })
})

t.test('abort -> ends within 100 ms of the last running task', async t => {
  const aborter = new AbortController()
  let last = 0
  const run = collect(mapConcurrent(numbers(1000), async (n, { signal }) => {
    await new Promise(resolve => signal.addEventListener('abort', () => setTimeout(resolve, 20)))
    last = performance.now()
    return n
  }, { concurrency: 16, window: 64, signal: aborter.signal }))
  setTimeout(() => aborter.abort(new Error('enough')), 10)
  await t.rejects(run, { code: 'run-cancelled' })
  t.ok(performance.now() - last < 100)
})

t.test('consumer stops early -> tasks aborted, source released', async t => {
  let returned = false
  async function * source (): AsyncGenerator<number[]> { try { for (let n = 0; ; n++) yield [n] } finally { returned = true } }
  for await (const batch of mapConcurrent(source(), async n => n, { concurrency: 2, window: 8, signal: live() })) if ((batch.at(-1) as number) > 20) break
  t.ok(returned)
})
