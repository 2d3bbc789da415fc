import { PassThrough } from 'node:stream'
import { t } from 'tap'
import { createJsonlSource } from '../../connectors/jsonl-source.js'
import { createLimitedSource } from '../../connectors/limited-source.js'
import { createParquetSource } from '../../connectors/parquet-source.js'
import { createSampledSource } from '../../connectors/sampled-source.js'
import { splitId } from '../../connectors/split-id.js'
import { createMemoryStore } from '../support/memory-store.js'
import { planAll, readAll, writeParquet } from '../support/parquet-fixtures.js'

function parquet (files: number) {
  const store = createMemoryStore()
  const bytes = writeParquet([{ name: 'content', data: Array.from({ length: 50 }, (_, row) => `Text ${row}`), type: 'STRING' }], { rowGroupSize: 20 })
  for (let at = 0; at < files; at++) store.objects.set(`${at}.parquet`, bytes)
  return { store, source: createParquetSource({ name: 'web', store, preset: 'ultra-fineweb' }) }
}

t.test('first rows -> the first splits, the last one cut, and no footer behind them', async t => {
  const cases = [
    { rows: 1, ranges: ['0.parquet 0 0-1'], footers: 1 },
    { rows: 20, ranges: ['0.parquet 0 0-20'], footers: 1 },
    { rows: 45, ranges: ['0.parquet 0 0-20', '0.parquet 1 0-20', '0.parquet 2 0-5'], footers: 1 },
    { rows: 50, ranges: ['0.parquet 0 0-20', '0.parquet 1 0-20', '0.parquet 2 0-10'], footers: 1 },
    { rows: 51, ranges: ['0.parquet 0 0-20', '0.parquet 1 0-20', '0.parquet 2 0-10', '1.parquet 0 0-1'], footers: 2 }
  ]
  for (const { rows, ranges, footers } of cases) {
    const { store, source } = parquet(5)
    const limited = createLimitedSource(source, rows)
    const { splits, values } = await readAll(limited)
    t.strictSame(splits.map(({ path, rowGroup, from, to }) => `${path} ${rowGroup} ${from}-${to}`), ranges)
    t.strictSame(splits.map(({ id }) => id), splits.map(splitId))
    t.equal(values.length, rows)
    t.equal(new Set(store.reads.map(({ path }) => path)).size, footers)
  }
  const { source } = parquet(2)
  t.strictSame(await planAll(createLimitedSource(source, 1_000)), await planAll(source), 'fewer than the limit: all of them')
})

t.test('a split with chosen rows -> cut among these', async t => {
  const { source } = parquet(2)
  const sampled = createSampledSource(source, { rows: 30, seed: 1 })
  const all = await readAll(sampled)
  const { values, ends } = await readAll(createLimitedSource(sampled, 17))
  t.strictSame(values, all.values.slice(0, 17))
  t.ok(ends.every(end => end.error === undefined))
})

t.test('standard input that stays open -> the first lines, and nobody waits for more', async t => {
  const stdin = new PassThrough()
  const source = createLimitedSource(createJsonlSource({ name: 'in', stdin }), 2)
  stdin.write('{"text":"a"}\n{"text":"b"}\n')
  const { values, ends } = await readAll(source)
  t.strictSame([values.map(value => value.text), ends.map(({ rows, to }) => [rows, to])], [['a', 'b'], [[2, undefined]]])
})

t.test('standard input that ends before the limit -> its end is said', async t => {
  const stdin = new PassThrough()
  stdin.end('{"text":"a"}\n\n{"text":"b"}\n')
  const { values, ends } = await readAll(createLimitedSource(createJsonlSource({ name: 'in', stdin }), 20_000))
  t.strictSame([values.length, ends.map(({ rows, to }) => [rows, to])], [2, [[2, 3]]])
})
