// Catches: a total that follows and is not found, digits of dates and ids taken for numbers, and sums that meet any number.
import t from 'tap'
import { mentionsOf } from '../../../lib/rules/grounding/number-text.js'
import type { BasisOrigin } from '../../../lib/rules/grounding/passages.js'
import { createSums } from '../../../lib/rules/grounding/sums.js'
import { createChance } from '../../support/dialogue.js'

type Said = ReadonlyArray<readonly [BasisOrigin, string]>
const user = (text: string): Said => [['user', text]]
const sumsOf = (said: Said): ReturnType<typeof createSums> => {
  const sums = createSums()
  for (const [origin, text] of said) sums.add(mentionsOf(text), origin)
  return sums
}

const TEXTS: ReadonlyArray<{ readonly text: string, readonly numbers: readonly number[] }> = [
  { text: 'It was $1,299.50.', numbers: [1299.5, 1, 299.5] },
  { text: 'a dozen eggs and two loaves', numbers: [12, 2] },
  { text: '10k now, 2 million later', numbers: [10, 10_000, 2, 2_000_000] },
  { text: '[120,340]', numbers: [120_340, 120, 340] },
  { text: '{"a":1.5,"b":[3, 4]}', numbers: [1.5, 3, 4] },
  { text: 'on 2025-03-14 at 10:30, order ORD-1234, phone 555-010-7788, #42, A4, 12/05', numbers: [] },
  { text: 'USD1200 or 3-5 days', numbers: [1200, 3, 5] },
  { text: '500ml, 80% off', numbers: [500, 80] },
  { text: 'none of them', numbers: [] }
]

t.test('a text -> its numbers, without the digits of dates, times and ids', t => {
  for (const { text, numbers } of TEXTS) t.same(mentionsOf(text).map(({ value }) => value), numbers, text)
  t.same(mentionsOf('{"unit_price": 12.5, "sizes": [3, 4], "share": "15 %"}'), [
    { value: 12.5, unit: '', key: 'unit_price' }, { value: 3, unit: '', key: 'sizes' }, { value: 4, unit: '', key: 'sizes' }, { value: 15, unit: '%', key: 'share' }])
  t.end()
})

const ROWS: ReadonlyArray<{ readonly said: Said, readonly yes: readonly number[], readonly no: readonly number[] }> = [
  { said: user('two for $12.50 and one for $3'), yes: [28, 25, 15.5], no: [27, 31] },
  { said: user('$40 plus $2.50 for delivery'), yes: [42.5, 37.5], no: [45] },
  { said: [['observation', '{"items":[{"price":19.99},{"price":5.01},{"price":75}]}']], yes: [100, 25, 80.01], no: [99.99] },
  { said: [['observation', '{"items":[{"price":19.99,"quantity":3}]}']], yes: [59.97], no: [60] },
  { said: [['user', 'Three tickets, please'], ['observation', '{"price": 120}']], yes: [360], no: [480, 123] },
  { said: [['system', 'Each transfer costs $2.50.'], ['user', 'Send $450']], yes: [452.5, 447.5], no: [455] },
  { said: [['system', 'A pallet holds 48 boxes.'], ['user', 'three pallets']], yes: [144], no: [192] },
  { said: [['system', 'Insurance is 15 % of the rent.'], ['observation', '{"rent": 1280}'], ['user', '$1280 then']], yes: [192, 1472, 1088], no: [190] },
  { said: [['system', 'Premium members get 10% off.'], ['observation', '{"total": 33.33}']], yes: [30, 3.33], no: [27] },
  { said: user('2 kg, 10 gallons, 5 miles, 90 minutes, 20 °C, 2 years, 3 GB'), yes: [2000, 37.85, 37.9, 38, 8.05, 1.5, 68, 24, 3072], no: [38.5, 21] },
  { said: user('2 boxes'), yes: [], no: [2000, 120, 24] },
  { said: [['user', 'I have 140 and 35'], ['observation', '{"left": 17, "right": 1000}']], yes: [175, 105, 4], no: [157, 52, 1140] }
]

t.test('numbers that were said -> what follows from them', t => {
  for (const { said, yes, no } of ROWS) {
    const sums = sumsOf(said)
    t.same(yes.filter(value => !sums.gives(value)), [], `follows: ${JSON.stringify(said)}`)
    t.same(no.filter(value => sums.gives(value)), [], `does not: ${JSON.stringify(said)}`)
  }
  t.end()
})

t.test('amounts drawn at random, however many were said -> few follow by chance', t => {
  const chance = createChance(11)
  const rows = Array.from({ length: 40 }, () => ({ name: 'x', price: chance.integer(500, 90_000) / 100, stock: chance.integer(1, 400) }))
  const said: Said = [['system', 'Shipping costs $4.90, above $50 it is free. Returns for 30 days, 15 % restocking.'], ['user', 'I need 3 of the first and 2 of the last one'], ['observation', JSON.stringify(rows)]]
  const sums = sumsOf(said)
  const share = (draw: () => number): number => Array.from({ length: 2_000 }, () => sums.gives(draw())).filter(Boolean).length / 2_000
  const whole = share(() => chance.integer(100, 5_000))
  const cents = share(() => chance.integer(10_000, 500_000) / 100)
  t.comment(`by chance: ${(whole * 100).toFixed(1)} % of whole numbers, ${(cents * 100).toFixed(1)} % of amounts with cents`)
  t.ok(whole < 0.25 && cents < 0.02, `${whole} ${cents}`)
  t.ok(sums.gives((rows[0]?.price ?? 0) * 3))
  t.end()
})
