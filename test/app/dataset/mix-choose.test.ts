import fc from 'fast-check'
import t from 'tap'
import { createCandidates } from '../../../lib/app/dataset/mix-candidates.js'
import { chooseMix, shortfallOf } from '../../../lib/app/dataset/mix-choose.js'
import type { Quota } from '../../../lib/app/dataset/mix-quota.js'

type Labelled = readonly [key: string, ...labels: string[]]

function choose (records: readonly Labelled[], quota: Quota, { n, seed = 0 }: { readonly n: number, readonly seed?: number }) {
  const candidates = createCandidates({ n, seed, quota })
  for (const [key, ...labels] of records) candidates.add(key, labels)
  const groups = candidates.groups()
  const choice = chooseMix(groups, quota, n)
  return { groups, choice, keys: choice.chosen.map(({ key }) => key), taken: Object.fromEntries(choice.labels.map(({ label, taken }) => [label, taken])), short: shortfallOf(choice, quota, n) }
}

const wanted = (amounts: Record<string, number>, ...without: string[]): Quota => ({ kind: 'wanted', wanted: new Map(Object.entries(amounts)), without: new Set(without) })
const many = (prefix: string, count: number, ...labels: string[]): Labelled[] => Array.from({ length: count }, (_, at) => [`${prefix}${at}`, ...labels])

const labels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 })
const records = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), labels), { maxLength: 120 }).map(list => list.map(([key, own]): Labelled => [`k${key}`, ...own]))
const quotas = fc.oneof(
  fc.constantFrom<Quota>({ kind: 'equal' }, { kind: 'proportional' }),
  fc.record({ a: fc.nat(9), b: fc.nat(9), '*': fc.nat(9) }).map(amounts => wanted(amounts)),
  fc.record({ a: fc.nat(9), c: fc.nat(30) }).map(amounts => wanted(amounts, 'e'))
)

t.test('any records in any order, copies among them -> the same choice: no more than wanted, each content once, of a label that is its own', t => {
  fc.assert(fc.property(records, quotas, fc.integer({ min: 1, max: 40 }), (list, quota, n) => {
    const { choice, groups, keys, short } = choose(list, quota, { n })
    const shuffled = [...list].sort(([one, ...own], [other, ...others]) => `${own.join()}${one}` < `${others.join()}${other}` ? 1 : -1)
    t.strictSame(choose([...shuffled, ...list.slice(0, 5)], quota, { n }).choice.chosen, choice.chosen)
    t.equal(new Set(keys).size, keys.length)
    t.ok(keys.length <= Math.max(n, quota.kind === 'wanted' ? [...quota.wanted.values()].reduce((sum, amount) => sum + amount, 0) : 0))
    t.ok(choice.labels.every(({ taken, wanted }) => taken <= wanted))
    t.ok(groups.every(({ candidates }) => candidates.length <= n), 'no more candidates are held')
    t.equal(short === undefined, keys.length >= n)
    if (quota.kind !== 'wanted') t.equal(keys.length, Math.min(n, new Set(list.map(([key]) => key)).size), 'as many as there are')
  }), { numRuns: 200 })
  t.end()
})

t.test('records with several labels -> count for the scarcest, so that a common label does not use up a rare one', t => {
  const list = [...many('both', 10, 'common', 'rare'), ...many('common', 100, 'common')]
  const { taken, short } = choose(list, wanted({ common: 50, rare: 10 }), { n: 60 })
  t.strictSame([taken, short], [{ rare: 10, common: 50 }, undefined])
  t.end()
})

t.test('quotas that cannot be reached, or ask for too little -> fewer records, and why', t => {
  const list = [...many('a', 5, 'a'), ...many('b', 50, 'b'), ...many('x', 9, 'x')]
  const cases: ReadonlyArray<{ readonly quota: Quota, readonly n: number, readonly taken: object, readonly short: string | undefined }> = [
    { quota: wanted({ a: 10, b: 20 }), n: 30, taken: { a: 5, b: 20 }, short: '25 of 30 records; a gave 5 of 10' },
    { quota: wanted({ a: 5, b: 20 }), n: 30, taken: { a: 5, b: 20 }, short: '25 of 30 records; the quotas ask for 25 only' },
    { quota: wanted({ a: 5, none: 5, '*': 20 }), n: 30, taken: { none: 0, a: 5, '*': 20 }, short: '25 of 30 records; none gave 0 of 5' },
    { quota: wanted({ a: 5, '*': 80 }), n: 85, taken: { a: 5, '*': 59 }, short: '64 of 85 records; the rest gave 59 of 80' },
    { quota: wanted({ '*': 64 }, 'b'), n: 64, taken: { '*': 14 }, short: '14 of 64 records; the rest gave 14 of 64' },
    { quota: { kind: 'proportional' }, n: 64, taken: { '*': 64 }, short: undefined },
    { quota: { kind: 'proportional' }, n: 99, taken: { '*': 64 }, short: '64 of 99 records; there are no more' },
    { quota: { kind: 'equal' }, n: 30, taken: { a: 5, x: 9, b: 16 }, short: undefined }
  ]
  for (const { quota, n, taken, short } of cases) {
    const found = choose(list, quota, { n })
    t.strictSame([found.taken, found.short], [taken, short])
  }
  t.end()
})

t.test('equal shares where the labels overlap -> what one cannot give the others do', t => {
  const list = [...many('ab', 5, 'a', 'b'), ...many('c', 100, 'c')]
  t.strictSame(choose(list, { kind: 'equal' }, { n: 50 }).taken, { a: 5, b: 0, c: 45 })
  t.end()
})

t.test('another seed -> another set; the first of a larger one are a smaller one', t => {
  const list = many('k', 500, 'a')
  const { keys } = choose(list, { kind: 'proportional' }, { n: 50 })
  t.strictSame(choose(list, { kind: 'proportional' }, { n: 20 }).keys, keys.slice(0, 20))
  const others = choose(list, { kind: 'proportional' }, { n: 50, seed: 1 }).keys
  t.ok(others.filter(key => keys.includes(key)).length < 20)
  t.end()
})

t.test('more labels than can be told apart -> config-invalid', t => {
  t.throws(() => choose(many('k', 1_001).map(([key]) => [key, `label ${key}`]), { kind: 'equal' }, { n: 5 }), { code: 'config-invalid', message: /more than 1000 labels/ })
  t.end()
})
