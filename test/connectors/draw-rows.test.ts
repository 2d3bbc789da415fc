import fc from 'fast-check'
import { t } from 'tap'
import { chooseRows, drawUnits, type Unit } from '../../connectors/draw-rows.js'

const { signal } = new AbortController()
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const rowsIn = (sizes: readonly number[], { first, last }: Unit): number => sum(sizes.slice(first, last))
const splitOf = (rows: number, rowGroup: number) => ({ id: 's', ordinal: 0, source: 'web', path: 'a', etag: '', bytes: 0, rowGroup, from: 0, to: rows })

t.test('any row groups, rows and draws -> exactly so many rows, of each unit no more than it has, every row group in one unit', t => {
  const sizes = fc.array(fc.oneof(fc.nat(3), fc.nat(2_000), fc.constantFrom(0, 1, 100_000)), { minLength: 1, maxLength: 60 }).filter(list => sum(list) > 1)
  const options = fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), groups: fc.integer({ min: 1, max: 400 }), seed: fc.nat() })
  fc.assert(fc.property(sizes, options, (sizes, { share, groups, seed }) => {
    const rows = Math.max(1, Math.floor(sum(sizes) * share))
    const units = drawUnits(sizes, { rows, groups, seed })
    t.equal(sum(units.map(({ take }) => take)), rows)
    for (const unit of units) t.ok(unit.take >= 0 && unit.take <= rowsIn(sizes, unit), `${unit.take} of ${rowsIn(sizes, unit)}`)
    t.strictSame(units.flatMap(({ first, last }) => Array.from({ length: last - first }, (_, at) => first + at)), sizes.map((_, at) => at))
  }), { numRuns: 500 })
  t.end()
})

t.test('1.16 billion rows in 40,000 row groups, 250,000 wanted -> about 2,000 row groups from everywhere', t => {
  const sizes = Array.from({ length: 40_000 }, (_, at) => 25_000 + at % 8_001)
  const units = drawUnits(sizes, { rows: 250_000, groups: 2_000, seed: 7 })
  const drawn = units.filter(({ take }) => take > 0)
  t.ok(drawn.length > 1_900 && drawn.length <= 2_000, `${drawn.length} drawn`)
  t.equal(sum(drawn.map(({ take }) => take)), 250_000)
  t.ok(drawn.every(({ take }) => take % 125 === 0), 'each draw takes 125')
  const gaps = drawn.slice(1).map(({ first }, at) => first - (drawn[at] as Unit).first)
  t.ok(Math.max(...gaps) <= 48, `${Math.max(...gaps)}: draws of neighbouring zones, each of about 20 row groups, are at most two zones apart`)
  t.end()
})

/** How often each row is taken over the seeds, as z = (taken - expected) / standard deviation of a binomial. */
async function inclusionOf (sizes: readonly number[], options: { readonly rows: number, readonly groups: number, readonly seeds: number }, draw = drawUnits): Promise<number[]> {
  const taken = sizes.map(size => new Array<number>(size).fill(0))
  for (let seed = 0; seed < options.seeds; seed++) {
    for (const { first, last, take } of draw(sizes, { ...options, seed })) {
      const chosen = await chooseRows(sizes.slice(first, last).map((rows, at) => splitOf(rows, first + at)), { take, seed }, signal)
      for (const [at, rows] of chosen.entries()) for (const row of rows) (taken[first + at] as number[])[row] = (taken[first + at]?.[row] ?? 0) + 1
    }
  }
  const share = options.rows / sum(sizes)
  return taken.flat().map(times => (times - options.seeds * share) / Math.sqrt(options.seeds * share * (1 - share)))
}

/** Mean of z², which is 1 where every row has the same chance, and the largest |z|: 4.5 is one row in 150,000. */
const spread = (z: readonly number[]) => ({ square: sum(z.map(value => value ** 2)) / z.length, most: Math.max(...z.map(Math.abs)) })
const isUniform = ({ square, most }: ReturnType<typeof spread>): boolean => square < 1.15 && most < 4.5

const UNEVEN = [40, 3, 200, 11, 1, 1, 90, 25, 60, 0, 7, 150, 2, 30, 80]

t.test('many seeds -> every row is taken equally often, whatever the size of its row group', async t => {
  const cases = [
    { sizes: UNEVEN, rows: 35, groups: 8, seeds: 400 },
    { sizes: UNEVEN, rows: 35, groups: 35, seeds: 400 },
    { sizes: UNEVEN, rows: 20, groups: 1, seeds: 400 },
    { sizes: UNEVEN, rows: 37, groups: 7, seeds: 400 },
    { sizes: UNEVEN, rows: 500, groups: 30, seeds: 400 },
    { sizes: Array.from({ length: 64 }, () => 10), rows: 64, groups: 16, seeds: 400 },
    { sizes: Array.from({ length: 300 }, () => 2), rows: 60, groups: 20, seeds: 400 }
  ]
  for (const { sizes, ...options } of cases) {
    const found = spread(await inclusionOf(sizes, options))
    t.ok(isUniform(found), `${JSON.stringify(options)} of ${sum(sizes)}: mean z² ${found.square.toFixed(3)}, greatest |z| ${found.most.toFixed(2)}`)
  }
})

t.test('row groups drawn with equal chances, or the head of the corpus -> the same figures find it', async t => {
  const options = { rows: 30, groups: 6, seeds: 200 }
  const equal: typeof drawUnits = (sizes, { rows, seed }) => sizes.map((size, at) => ({ first: at, last: at + 1, take: at % 2 === seed % 2 ? Math.min(size, rows / 6) : 0 }))
  const head: typeof drawUnits = (_, { rows }) => [{ first: 0, last: 3, take: rows }]
  for (const draw of [equal, head]) t.notOk(isUniform(spread(await inclusionOf(UNEVEN, options, draw))))
})

t.test('more rows by the same seed -> those of fewer are among them; another seed -> others', async t => {
  const [few] = await chooseRows([splitOf(500, 0)], { take: 20, seed: 1 }, signal)
  const [more] = await chooseRows([splitOf(500, 0)], { take: 60, seed: 1 }, signal)
  const [others] = await chooseRows([splitOf(500, 0)], { take: 20, seed: 2 }, signal)
  t.ok(few?.every(row => more?.includes(row)))
  t.strictSame([few?.length, more?.length], [20, 60])
  t.ok((few?.filter(row => others?.includes(row)).length ?? 20) < 8)
})

t.test('a signal -> run-cancelled before all rows are hashed', async t => {
  await t.rejects(chooseRows([splitOf(1_000_000_000, 0)], { take: 1, seed: 0 }, AbortSignal.abort()), { code: 'run-cancelled' })
})
