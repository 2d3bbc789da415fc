import fc from 'fast-check'
import t from 'tap'
import { binTogether } from '../../../lib/app/stats/bins.js'
import { addDistribution, addValue, meanOf, medianOf, openDistribution, quantileOf, type Distribution } from '../../../lib/app/stats/distribution.js'

const distributionOf = (values: readonly number[]): Distribution => {
  const distribution = openDistribution()
  for (const value of values) addValue(distribution, value)
  return distribution
}

t.test('any values below 1,000 -> mean, median and quantiles as sorting gives them', async () => {
  fc.assert(fc.property(fc.array(fc.nat(999), { minLength: 1, maxLength: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
    const sorted = [...values].sort((one, other) => one - other)
    const middle = (sorted[Math.floor((values.length - 1) / 2)] as number) + (sorted[Math.floor(values.length / 2)] as number)
    const distribution = distributionOf(values)
    return medianOf(distribution) === middle / 2 &&
      meanOf(distribution) === values.reduce((sum, value) => sum + value, 0) / values.length &&
      quantileOf(distribution, share) === sorted[Math.max(0, Math.ceil(share * values.length) - 1)]
  }))
})

t.test('nothing -> undefined', async t => {
  const nothing = openDistribution()
  t.strictSame([meanOf(nothing), medianOf(nothing), quantileOf(nothing, 0.5)], [undefined, undefined, undefined])
})

t.test('values in two parts, added -> the same as all in one', async t => {
  fc.assert(fc.property(fc.array(fc.nat()), fc.array(fc.nat()), (one, other) => {
    const sum = distributionOf(one)
    addDistribution(sum, distributionOf(other))
    t.strictSame(sum, distributionOf([...one, ...other]))
  }), { numRuns: 30 })
})

t.test('values that are none, and very many -> left out, and counts that stay bounded', async t => {
  const distribution = distributionOf([-1, NaN, Infinity, -Infinity, 2 ** 60])
  addValue(distribution, undefined)
  t.strictSame(distribution, openDistribution())
  for (let at = 0; at < 200_000; at++) addValue(distribution, at * 7919)
  t.ok(distribution.counts.size < 15_000)
  t.equal(quantileOf(distribution, 0.5), 792_000_000, 'three digits')
})

t.test('distributions -> the same ranges; a giant does not widen them', async t => {
  const cases = [
    { title: 'one number', values: [[7, 7]], bins: [{ from: 7, to: 7, counts: [2] }] },
    { title: 'two sets', values: [[1, 2, 2], [3]], bins: [{ from: 1, to: 1, counts: [1, 0] }, { from: 2, to: 2, counts: [2, 0] }, { from: 3, to: 3, counts: [0, 1] }] },
    { title: 'one of them empty', values: [[], [4]], bins: [{ from: 4, to: 4, counts: [0, 1] }] },
    { title: 'a giant', values: [[...Array.from({ length: 200 }, (_, at) => at % 2), 5000]], bins: [{ from: 0, to: 0, counts: [100] }, { from: 1, to: 1, counts: [100] }, { from: 2, to: undefined, counts: [1] }] },
    { title: 'nothing', values: [[], []], bins: [] }
  ]
  for (const { title, values, bins } of cases) t.strictSame(binTogether(values.map(distributionOf)), bins, title)
})

t.test('any distributions -> every value lies in exactly one range', async t => {
  fc.assert(fc.property(fc.array(fc.array(fc.nat(100_000), { minLength: 1 }), { minLength: 1, maxLength: 3 }), sets => {
    const bins = binTogether(sets.map(distributionOf))
    t.strictSame(sets.map((_, at) => bins.reduce((sum, { counts }) => sum + (counts[at] as number), 0)), sets.map(({ length }) => length))
    t.ok(bins.length <= 22)
    for (const [at, { from }] of bins.entries()) if (at > 0) t.equal(from, (bins[at - 1]?.to as number) + 1)
  }), { numRuns: 30 })
})
