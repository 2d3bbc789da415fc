import { createHash } from 'node:crypto'
import { t } from 'tap'
import { createJsonlSource } from '../../connectors/jsonl-source.js'
import { createParquetSource } from '../../connectors/parquet-source.js'
import { createSampledSource, type Population, type SampleOptions } from '../../connectors/sampled-source.js'
import { splitId } from '../../connectors/split-id.js'
import { rowsOfSplit, type ByteStore, type Source, type Split } from '../../lib/engine/connector.js'
import type { Document } from '../../lib/schema/document.js'
import { createCopiesStore } from '../support/copies-store.js'
import { planAll, readAll, writeParquet } from '../support/parquet-fixtures.js'

t.setTimeout(240_000)

const ROWS = 4_800
const text = (row: number): string => `Page ${row}. ${createHash('sha512').update(String(row)).digest('base64').repeat(11)}`
const texts = Array.from({ length: ROWS }, (_, row) => text(row))

function parquet (options: { readonly rowGroupSize: number, readonly offsetIndex?: boolean, readonly rows?: number, readonly times?: number }): Uint8Array {
  const { rowGroupSize, offsetIndex = true, rows = ROWS, times = 1 } = options
  const data = Array.from({ length: times }, () => texts.slice(0, rows)).flat()
  return writeParquet([
    { name: 'content', data, type: 'STRING', offsetIndex },
    { name: 'score', data: data.map((_, row) => row / data.length), type: 'DOUBLE', offsetIndex },
    { name: 'source', data: data.map((_, row) => `crawl-${row % 3}`), type: 'STRING', offsetIndex }
  ], { rowGroupSize, codec: 'UNCOMPRESSED', pageSize: 32_768 })
}

const jsonl = (rows: number): Uint8Array => Buffer.from(texts.slice(0, rows).map((content, row) => JSON.stringify({ content, score: row })).join('\n'))

const names = (count: number, ending: string): string[] => Array.from({ length: count }, (_, at) => `part-${String(at).padStart(3, '0')}.${ending}`)

/** So many files of the same content. */
function corpus (bytes: Uint8Array, { files = 200, ending = 'parquet' } = {}) {
  const store = createCopiesStore(new Map(names(files, ending).map(path => [path, bytes])))
  return { store, source: sourceOf(store, ending) }
}

function sourceOf (store: ByteStore, ending = 'parquet'): Source<Document> {
  return (ending === 'parquet' ? createParquetSource : createJsonlSource)({ name: 'web', store, preset: 'ultra-fineweb' })
}

const placesOf = (splits: readonly Split[]): string[] => splits.flatMap(({ path, rowGroup, from, to, rows }) => (rows ?? Array.from({ length: to - from }, (_, at) => from + at)).map(row => `${path} ${rowGroup} ${row}`))

/** Row groups of the files, and which part of the corpus plan and run may read at most. */
const CASES = [
  { title: '16 row groups of 300 kB a file', file: { rowGroupSize: 300 }, plan: 0.015, run: 0.055 },
  { title: 'one of 4.8 MB, offset index', file: { rowGroupSize: ROWS }, plan: 0.015, run: 0.06 },
  { title: 'one of 4.8 MB, no index', file: { rowGroupSize: ROWS, offsetIndex: false }, plan: 0.015, run: 0.62 },
  { title: '6 of 4.8 MB, offset index', file: { rowGroupSize: ROWS, times: 6 }, plan: 0.003, run: 0.01 },
  { title: '6 of 4.8 MB, no index', file: { rowGroupSize: ROWS, times: 6, offsetIndex: false }, plan: 0.003, run: 0.11 }
]

for (const { title, file, plan, run } of CASES) {
  t.test(`1,000 rows of 200 files, ${title} -> exactly these, twice the same, most bytes never read`, async t => {
    const { store, source } = corpus(parquet(file))
    const sampled = createSampledSource(source, { rows: 1_000, seed: 7 })
    const splits = await planAll(sampled)
    const planned = { ...store.count }
    t.equal(planned.reads, 200, 'a footer a file')
    const { values, items, ends } = await readAll(sampled, splits)
    t.equal(values.length, 1_000)
    t.strictSame(items.filter(item => item.kind === 'envelope').map(({ origin }) => `${origin.path} ${origin.rowGroup} ${origin.row}`), placesOf(splits))
    t.ok(ends.every(end => end.error === undefined))
    const read = store.count.bytes - planned.bytes
    const share = (part: number): string => `${(part / 1e6).toFixed(1)} MB of ${(store.bytes / 1e6).toFixed(0)} (${(100 * part / store.bytes).toFixed(2)} %)`
    t.comment(`${title}: plan ${share(planned.bytes)} in ${planned.reads} reads, run ${share(read)} in ${store.count.reads - planned.reads} reads, ${splits.length} splits`)
    t.ok(planned.bytes < plan * store.bytes, `plan: ${share(planned.bytes)}`)
    t.ok(read < run * store.bytes, `run: ${share(read)}`)
    t.strictSame(await planAll(createSampledSource(source, { rows: 1_000, seed: 7 })), splits)
  })
}

t.test('files of lines -> drawn from the splits of their planner', async t => {
  const { source } = corpus(jsonl(700), { files: 40, ending: 'jsonl' })
  const splits = await planAll(createSampledSource(source, { rows: 300, seed: 3 }))
  t.equal(splits.reduce((sum, split) => sum + rowsOfSplit(split), 0), 300)
  const { values, items } = await readAll(source, splits)
  t.strictSame(values.map(value => value.score), items.filter(item => item.kind === 'envelope').map(({ origin }) => origin.row))
})

t.test('files listed in another order -> the same sample; another seed, another number -> another', async t => {
  const bytes = parquet({ rowGroupSize: 300, rows: 900 })
  const paths = names(50, 'parquet')
  const plan = async (order: readonly string[], options: SampleOptions) => await planAll(createSampledSource(sourceOf(createCopiesStore(new Map(order.map(path => [path, bytes])))), options))
  const sample = await plan(paths, { rows: 200, seed: 1 })
  t.strictSame(await plan([...paths].reverse(), { rows: 200, seed: 1 }), sample)
  t.strictSame(sample.map(({ ordinal }) => ordinal), sample.map((_, at) => at))
  t.strictSame(sample.map(({ id }) => id), sample.map(splitId))
  for (const options of [{ rows: 200, seed: 2 }, { rows: 201, seed: 1 }, { rows: 200, seed: 1, groups: 7 }]) t.notSame(placesOf(await plan(paths, options)), placesOf(sample))
  t.equal(new Set(placesOf(sample)).size, 200)
  t.ok(new Set((await plan(paths, { rows: 200, seed: 1, groups: 7 })).map(({ path, rowGroup }) => `${path} ${rowGroup}`)).size <= 7, 'groups bounds the row groups that are read')
})

t.test('as many rows as there are, or more -> every split as it is', async t => {
  const { source } = corpus(parquet({ rowGroupSize: 300, rows: 900 }), { files: 3 })
  const all = await planAll(source)
  for (const rows of [2_700, 9_999_999]) t.strictSame(await planAll(createSampledSource(source, { rows })), all)
  const almost = await planAll(createSampledSource(source, { rows: 2_699 }))
  t.equal(placesOf(almost).length, 2_699)
  t.equal(almost.filter(split => split.rows === undefined).length, 8, 'a split of which all rows were drawn has no list')
})

t.test('files that cannot be read -> planned as they are, counted, and told when read; the sample is drawn from the others', async t => {
  const good = parquet({ rowGroupSize: 300, rows: 900 })
  const bad = Buffer.from('no parquet at all '.repeat(20))
  const store = createCopiesStore(new Map(names(20, 'parquet').map((path, at) => [path, at % 10 === 4 ? bad : good])))
  let population: Population | undefined
  const sampled = createSampledSource(sourceOf(store), { rows: 100, seed: 5 }, found => { population = found })
  const splits = await planAll(sampled)
  t.strictSame(population, { rows: 18 * 900, splits: 56, unreadable: 2 })
  t.strictSame(splits.filter(({ from, to }) => from === to).map(({ path }) => path), ['part-004.parquet', 'part-014.parquet'])
  const { values, ends } = await readAll(sampled, splits)
  t.equal(values.length, 100)
  t.strictSame(ends.flatMap(({ error }) => error === undefined ? [] : [error.code]), ['split-unreadable', 'split-unreadable'])
})

t.test('a source without end, options that are none -> config-invalid', t => {
  const { source } = corpus(new Uint8Array(0), { files: 1 })
  t.throws(() => createSampledSource({ ...source, endless: true }, { rows: 1 }), { code: 'config-invalid', message: /standard input/ })
  for (const options of [{ rows: 0 }, { rows: 1.5 }, { rows: 1, seed: -1 }, { rows: 1, groups: 0 }]) t.throws(() => createSampledSource(source, options), { code: 'config-invalid' })
  t.end()
})

t.test('a signal -> run-cancelled', async t => {
  const { source } = corpus(parquet({ rowGroupSize: 300, rows: 900 }), { files: 3 })
  const plan = createSampledSource(source, { rows: 5 }).plan(AbortSignal.abort())
  await t.rejects(plan[Symbol.asyncIterator]().next(), { code: 'run-cancelled' })
})
