import t from 'tap'
import fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { createLimit } from '../../lib/engine/limit.js'

t.test('any order of actions that end now, later or badly -> never more than `most` inside, in the order asked, each result its own', async t => {
  const kinds = ['value', 'later', 'throws', 'rejects'] as const
  await t.resolves(fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), async (most, asked) => {
    const limit = createLimit(most)
    const started: number[] = []
    let inside = 0
    let peak = 0
    const act = (kind: typeof kinds[number], n: number) => (): number | Promise<number> => {
      started.push(n)
      peak = Math.max(peak, ++inside)
      if (kind === 'value') return leave(n)
      if (kind === 'throws') { inside--; throw new Error(`no ${n}`) }
      return turn().then(() => { inside--; if (kind === 'rejects') throw new Error(`no ${n}`); return n })
    }
    const leave = (n: number): number => { inside--; return n }
    const ends = await Promise.allSettled(asked.map(async (kind, n) => await limit.run(act(kind, n))))
    const seen = ends.map(end => end.status === 'fulfilled' ? end.value : (end.reason as Error).message.replace(/^limit: /, ''))
    return peak <= most && limit.inside === 0 && limit.waiting === 0 && started.every((n, at) => n === at) &&
      seen.every((end, n) => end === (asked[n] === 'value' || asked[n] === 'later' ? n : `no ${n}`))
  }), { numRuns: 200 }))
})

t.test('a free place and an action that is done at once -> its value, no promise', async t => {
  const limit = createLimit(1)
  t.equal(limit.run(() => 7), 7)
  t.throws(() => limit.run(() => { throw new Error('no') }), /^no$/)
  t.strictSame([limit.inside, limit.waiting], [0, 0])
})

t.test('100,000 that wait behind one and are done at once -> no stack is used up', async t => {
  const limit = createLimit(1)
  const first = limit.run(async () => { await turn() })
  const rest = Array.from({ length: 100_000 }, (_, n) => limit.run(() => n))
  t.equal(limit.waiting, 100_000)
  await first
  t.equal((await Promise.all(rest)).at(-1), 99_999)
  t.strictSame([limit.inside, limit.waiting], [0, 0])
})
