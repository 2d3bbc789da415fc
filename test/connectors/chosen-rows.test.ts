import { deepStrictEqual, equal } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import { t } from 'tap'
import { createCsvSource } from '../../connectors/csv-source.js'
import { createJsonlSource } from '../../connectors/jsonl-source.js'
import { createParquetSource } from '../../connectors/parquet-source.js'
import type { Source, Split } from '../../lib/engine/connector.js'
import type { Document } from '../../lib/schema/document.js'
import { createMemoryStore } from '../support/memory-store.js'
import { planAll, readAll, writeParquet, writeWithDuckdb } from '../support/parquet-fixtures.js'

// The conformance suite of chosen rows: what a split with `rows` gives is what reading all and leaving the others out gives.

t.setTimeout(240_000)

const ROWS = 1_000
const noise = (row: number): string => createHash('sha512').update(String(row)).digest('base64')
const textOf = (row: number): string => `Text ${row} ${noise(row).repeat(40)}`
const numbers = Array.from({ length: ROWS }, (_, row) => row)

interface Opened { readonly source: Source<Document>, readonly store: ReturnType<typeof createMemoryStore> }

function parquet (bytes: Uint8Array, maxRows = 50_000): Opened {
  const store = createMemoryStore()
  store.objects.set('a.parquet', bytes)
  return { store, source: createParquetSource({ name: 'web', store, preset: 'ultra-fineweb', maxRows }) }
}

/** Columns of which `score` has its values in a dictionary, in pages of 2,000 bytes before compression where no size is given. */
function columns (options: { readonly offsetIndex: boolean, readonly pageSize?: number, readonly rowGroupSize?: number, readonly codec?: 'UNCOMPRESSED' | 'SNAPPY' }): Uint8Array {
  const { offsetIndex, pageSize = 2_000, rowGroupSize = ROWS, codec = 'UNCOMPRESSED' } = options
  return writeParquet([
    { name: 'content', data: numbers.map(textOf), type: 'STRING', offsetIndex },
    { name: 'score', data: numbers.map(row => row % 7 === 0 ? null : String(row % 5)), type: 'STRING', nullable: true, offsetIndex },
    { name: 'source', data: numbers.map(row => `c${row % 3}`), type: 'STRING', offsetIndex }
  ], { rowGroupSize, pageSize, codec })
}

function text (kind: 'jsonl' | 'csv', isPacked: boolean): Opened {
  const store = createMemoryStore()
  const lines = kind === 'jsonl'
    ? numbers.map(row => row % 11 === 10 ? '' : row % 13 === 12 ? '{"text":' : JSON.stringify({ text: textOf(row), title: `T${row}` }))
    : ['text,title', ...numbers.map(row => row % 13 === 12 ? `${textOf(row)}` : `"${textOf(row)}\n","T${row}"`)]
  const bytes = Buffer.from(lines.join('\n'))
  store.objects.set(`a.${kind}${isPacked ? '.gz' : ''}`, isPacked ? gzipSync(bytes) : bytes)
  return { store, source: (kind === 'jsonl' ? createJsonlSource : createCsvSource)({ name: 'web', store }) }
}

const SOURCES: ReadonlyArray<{ readonly title: string, readonly open: () => Opened | Promise<Opened> }> = [
  { title: 'parquet, one page', open: () => parquet(columns({ offsetIndex: true, pageSize: 100_000_000 })) },
  { title: 'parquet, many pages, no index', open: () => parquet(columns({ offsetIndex: false })) },
  { title: 'parquet, many pages, index', open: () => parquet(columns({ offsetIndex: true })) },
  { title: 'parquet, pages that are windows apart, index', open: () => parquet(columns({ offsetIndex: true, pageSize: 200_000, codec: 'SNAPPY' })) },
  { title: 'parquet, row group cut into splits', open: () => parquet(columns({ offsetIndex: true }), 300) },
  { title: 'parquet, small row groups', open: () => parquet(columns({ offsetIndex: false, rowGroupSize: 90 })) },
  {
    title: 'parquet, second page version',
    open: async () => parquet(await writeWithDuckdb(`copy (select 'Text ' || i || repeat('x', (i % 90)::int) as content, (i % 10) / 10.0::double as score, 'c' || (i % 3) as source
      from range(3000) t(i)) to $file (format parquet, codec 'zstd', parquet_version 'V2', row_group_size 2048)`))
  },
  { title: 'jsonl, plain', open: () => text('jsonl', false) },
  { title: 'jsonl, gzip', open: () => text('jsonl', true) },
  { title: 'csv, plain', open: () => text('csv', false) },
  { title: 'csv, gzip', open: () => text('csv', true) }
]

/** The split with those of its rows that the pattern, repeated, has. */
function choose (split: Split, pattern: readonly boolean[]): Split {
  const rows = Array.from({ length: split.to - split.from }, (_, at) => split.from + at).filter((_, at) => pattern[at % pattern.length] === true)
  return { ...split, rows }
}

const patterns = fc.oneof(
  fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 400 })).map(([before, after]) => [...Array.from({ length: before }, () => false), true, ...Array.from({ length: after }, () => false)])
)

for (const { title, open } of SOURCES) {
  t.test(`${title}: any chosen rows -> the documents, ids, keys and rejects of reading all and filtering`, async t => {
    const { source } = await open()
    const splits = await planAll(source)
    const all = await readAll(source, splits)
    await fc.assert(fc.asyncProperty(patterns, async pattern => {
      const chosen = splits.map(split => choose(split, pattern))
      const wanted = new Set(chosen.flatMap(({ path, rowGroup, rows = [] }) => rows.map(row => `${path} ${rowGroup} ${row}`)))
      const { items, ends } = await readAll(source, chosen)
      const expected = all.items.filter(item => item.kind !== 'split-end' && wanted.has(`${item.origin.path} ${item.origin.rowGroup} ${item.origin.row}`))
      // Thrown, so that fast-check finds the least pattern; many times as fast as tap's comparison.
      deepStrictEqual(items.filter(item => item.kind !== 'split-end'), expected.map((item, sequence) => ({ ...item, sequence })))
      deepStrictEqual(ends.map(({ split, error, to }) => ({ split, error, to })), chosen.map(({ id }) => ({ split: id, error: undefined, to: undefined })))
      equal(ends.reduce((sum, { rows }) => sum + rows, 0), expected.length)
    }), { numRuns: 10 })
    t.pass('all patterns')
  })
}

t.test('chosen rows far apart, with an offset index -> only their pages are fetched', async t => {
  const wanted = [3, 500, 998]
  const fetched = async (bytes: Uint8Array): Promise<number> => {
    const { source, store } = parquet(bytes)
    const splits = await planAll(source)
    store.reads.length = 0
    const { values } = await readAll(source, splits.map(split => ({ ...split, rows: wanted })))
    t.strictSame(values.map(value => value.text), wanted.map(textOf))
    return store.reads.slice(1).reduce((sum, read) => sum + read.bytes, 0)
  }
  const [indexed, plain] = [columns({ offsetIndex: true, pageSize: 30_000 }), columns({ offsetIndex: false, pageSize: 30_000 })]
  t.ok(plain.length > 3_000_000, `${plain.length} bytes`)
  t.ok(await fetched(indexed) < 200_000, 'three pages of each column and the index')
  t.ok(await fetched(plain) > 3_000_000, 'without one all of the column goes by')
})

t.test('a page longer than a window that is passed over -> not fetched either', async t => {
  const data = ['a', noise(1).repeat(60_000), 'b', 'c']
  const { source, store } = parquet(writeParquet([{ name: 'content', data, type: 'STRING', offsetIndex: false }], { codec: 'UNCOMPRESSED', pageSize: 1 }))
  const [split] = await planAll(source)
  store.reads.length = 0
  const { values } = await readAll(source, split === undefined ? [] : [{ ...split, rows: [0, 3] }])
  t.strictSame(values.map(value => value.text), ['a', 'c'])
  t.ok(store.reads.slice(1).reduce((sum, read) => sum + read.bytes, 0) < 2_300_000, 'one window of five megabytes')
})

t.test('lines in splits far apart -> a plain file is entered at each, what lies between is not read', async t => {
  const store = createMemoryStore()
  store.objects.set('a.jsonl', Buffer.from(Array.from({ length: 50_000 }, (_, row) => JSON.stringify({ text: `Text ${row} of many` })).join('\n')))
  const source = createJsonlSource({ name: 'web', store })
  const splits = await planAll(source)
  store.reads.length = 0
  const chosen = splits.filter((_, at) => at % 2 === 1).map(split => ({ ...split, rows: [split.from + 1] }))
  const { values } = await readAll(source, chosen)
  t.strictSame(values.map(value => value.text), ['Text 10001 of many', 'Text 30001 of many'])
  t.ok(store.reads.reduce((sum, read) => sum + read.bytes, 0) < 200_000, 'a piece for each')
})

t.test('an offset index that its pages contradict, or that points elsewhere -> split-unreadable, never another row', async t => {
  const bytes = columns({ offsetIndex: true, pageSize: 30_000 })
  const [chunk] = parquetMetadata(bytes.buffer as ArrayBuffer).row_groups[0]?.columns ?? []
  const [start, length] = [Number(chunk?.offset_index_offset), chunk?.offset_index_length as number]
  const told = new Set<string>()
  await fc.assert(fc.asyncProperty(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(ROWS - 1), async (at, flip, row) => {
    const damaged = Uint8Array.from(bytes)
    damaged[start + at] = (damaged[start + at] as number) ^ flip
    const { source } = parquet(damaged)
    const [split] = await planAll(source) as [Split]
    const { ends, values } = await readAll(source, [{ ...split, rows: [row] }])
    if (ends[0]?.error === undefined) deepStrictEqual(values.map(value => value.text), [textOf(row)])
    else told.add(ends[0].error.code)
  }), { numRuns: 300 })
  t.strictSame([...told], ['split-unreadable'])
})

t.test('chosen rows where documents are made of several -> config-invalid; rows that do not ascend or lie outside -> plan-invalid', async t => {
  const store = createMemoryStore()
  store.objects.set('a.csv', Buffer.from('text,title\na,A\nb,A\nc,B\n'))
  const grouped = createCsvSource({ name: 'web', store, preset: 'wikihowSep' })
  const [split] = await planAll(grouped) as [Split]
  await t.rejects(readAll(grouped, [{ ...split, rows: [0] }]), { code: 'config-invalid', message: /^a\.csv: only some of its rows were chosen, but this preset makes one document of several rows/ })
  for (const rows of [[1, 1], [2, 1], [3], [-1]]) await t.rejects(readAll(createCsvSource({ name: 'web', store }), [{ ...split, rows }]), { code: 'plan-invalid', message: /a\.csv: the chosen rows/ })
})
