import fc from 'fast-check'
import t from 'tap'
import { createLeast } from '../../lib/engine/least.js'

const numeric = (one: number, other: number): number => one - other

t.test('any values in any order -> the smallest of them, sorted; each other is given back once', t => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer()), fc.nat(20), (values, most) => {
    const least = createLeast<number>(most, numeric)
    const left = values.flatMap(value => least.offer(value) ?? [])
    const sorted = [...values].sort(numeric)
    t.strictSame(least.sorted(), sorted.slice(0, most))
    t.strictSame(left.sort(numeric), sorted.slice(most))
    t.equal(least.size, Math.min(most, values.length))
  }), { numRuns: 100 })
  t.end()
})
