import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import parquetjs from 'parquetjs-lite'
import { t } from 'tap'
import { createJsonlSink } from '../../connectors/jsonl-sink.js'
import { loadParquetCodecs } from '../../connectors/parquet-codecs.js'
import { createParquetSink, type ParquetSinkOptions } from '../../connectors/parquet-sink.js'
import type { ObjectWriter, ShardInfo, Sink } from '../../lib/engine/connector.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { createMemoryStore, type MemoryStore } from '../support/memory-store.js'
import { readWithDuckdb } from '../support/parquet-fixtures.js'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

async function writeShard (sink: Sink, batches: ReadonlyArray<readonly object[]>): Promise<{ info: ShardInfo, bytes: Uint8Array }> {
  const store = createMemoryStore()
  const shard = await sink.open(store, 'data/s-1')
  for (const batch of batches) await shard.write(batch)
  t.same([...store.objects.keys()], [], 'nothing is visible before close')
  const info = await shard.close()
  return { info, bytes: store.objects.get(info.path) ?? new Uint8Array(0) }
}

/** A store whose third write waits, or fails. */
function createStubbornStore (then: () => Promise<void>): MemoryStore & { readonly taken: Uint8Array[], readonly aborts: string[] } {
  const taken: Uint8Array[] = []
  const aborts: string[] = []
  const open = async (path: string): Promise<ObjectWriter> => ({
    write: async bytes => {
      taken.push(bytes)
      if (taken.length >= 3) await then()
    },
    close: async () => {},
    abort: async () => { aborts.push(path) }
  })
  return { ...createMemoryStore(), open, taken, aborts }
}

const records = [
  { id: 'a', messages: [{ role: 'user', content: 'Hi\u2028there\u2029 "é" 😀 \ud800' }], tools: [], turns: 2, score: 0.5, note: null },
  { id: 'b', messages: [], tools: [{ name: 'x' }], turns: 9_007_199_254_740_991, score: -1e300 },
  { id: '', messages: [{}], tools: [1], turns: 0, score: 0, note: 'n' }
]

t.test('records -> JSON lines in gzip with the hashes of both, the same bytes each time', async t => {
  const first = await writeShard(createJsonlSink(), [records.slice(0, 2), [], records.slice(2)])
  const text = gunzipSync(first.bytes).toString()
  t.same(text.trimEnd().split('\n').map(line => JSON.parse(line)), records)
  t.notMatch(text, /[\u2028\u2029]/)
  t.same(first.info, { path: 'data/s-1.jsonl.gz', rows: 3, bytes: first.bytes.length, sha256: sha(first.bytes), contentSha256: sha(text) })
  t.same(first.bytes.subarray(4, 8), Buffer.alloc(4), 'no time in the header')
  t.same(await writeShard(createJsonlSink(), [records.slice(0, 2), [], records.slice(2)]), first)
})

t.test('no records -> an empty gzip that readers accept', async t => {
  const { info, bytes } = await writeShard(createJsonlSink({ gzipLevel: 1 }), [])
  t.same([info.rows, gunzipSync(bytes).length, info.contentSha256], [0, 0, sha('')])
})

t.test('any records in any batches -> the same lines', async t => {
  await fc.assert(fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (rows, size) => {
    const batches = Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size))
    const { info, bytes } = await writeShard(createJsonlSink(), batches)
    const lines = gunzipSync(bytes).toString()
    t.same(lines.split('\n').slice(0, -1).map(line => JSON.parse(line)), JSON.parse(JSON.stringify(rows)))
    t.equal(info.contentSha256, sha(lines))
  }), { numRuns: 40 })
})

const noise = (count: number) => Array.from({ length: count }, (_, row) => ({ text: createHash('sha512').update(String(row)).digest('base64').repeat(20) }))

t.test('store that does not take -> write waits, so that nothing piles up', async t => {
  let release = () => {}
  const gate = new Promise<void>(resolve => { release = resolve })
  const store = createStubbornStore(() => gate)
  const shard = await createJsonlSink({ gzipLevel: 1 }).open(store, 's')
  let written = 0
  const writing = (async () => {
    for (let batch = 0; batch < 60; batch++) {
      await shard.write(noise(200))
      written++
    }
  })()
  await new Promise(resolve => setTimeout(resolve, 300))
  t.ok(written < 20, `${written} of 60 batches were taken while the store was stuck`)
  release()
  await writing
  t.equal((await shard.close()).rows, 12_000)
})

t.test('store that fails -> write or close rejects with its error, abort reaches the object', async t => {
  const fail = async () => { throw new GemlineError('store-failed', 'disk full') }
  for (const [title, sink] of Object.entries({
    jsonl: createJsonlSink({ gzipLevel: 1 }),
    hyparquet: createParquetSink({ columns: [{ name: 'text', type: 'string' }], rowGroupRows: 100 }),
    parquetjs: createParquetSink({ columns: [{ name: 'text', type: 'string' }], rowGroupRows: 100, writer: 'parquetjs-lite' })
  })) {
    const store = createStubbornStore(fail)
    const shard = await sink.open(store, 's')
    await t.rejects(async () => {
      for (let batch = 0; batch < 30; batch++) await shard.write(noise(200))
      await shard.close()
    }, { code: 'store-failed', message: 'disk full' }, title)
    await shard.abort()
    t.same(store.aborts, [`s${sink.extension}`], title)
  }
})

t.test('abort before close -> nothing is visible', async t => {
  for (const sink of [createJsonlSink(), createParquetSink({ columns: [{ name: 'text', type: 'string' }] })]) {
    const store = createMemoryStore()
    const shard = await sink.open(store, 's')
    await shard.write(noise(10))
    await shard.abort()
    t.same([...store.objects.keys()], [])
  }
})

const columns: ParquetSinkOptions['columns'] = [
  { name: 'id', type: 'string' }, { name: 'messages', type: 'json' }, { name: 'tools', type: 'json' },
  { name: 'turns', type: 'int' }, { name: 'score', type: 'double' }, { name: 'note', type: 'string' }
]
const rows = Array.from({ length: 250 }, (_, row) => ({ ...records[row % 3], id: `r${row}` }))
const lines = rows.map(row => `${JSON.stringify(row).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`).join('')
const unpack = (row: Readonly<Record<string, unknown>>) => ({
  ...row, turns: Number(row['turns']), note: row['note'] ?? null, messages: JSON.parse(String(row['messages'])), tools: JSON.parse(String(row['tools']))
})
const expected = rows.map(row => ({ note: null, ...row }))

async function readWithHyparquet (bytes: Uint8Array): Promise<unknown[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  return (await parquetReadObjects({ file, compressors: await loadParquetCodecs() })).map(unpack)
}

async function readWithParquetjs (bytes: Uint8Array): Promise<unknown[]> {
  const reader = await parquetjs.ParquetReader.openBuffer(Buffer.from(bytes))
  const cursor = reader.getCursor()
  const found: unknown[] = []
  for (let row = await cursor.next(); row !== null; row = await cursor.next()) found.push(unpack(row))
  await reader.close()
  return found
}

const hasZstd = 'zstdCompressSync' in zlib

t.test('records -> Parquet of every writer and codec, read back by hyparquet, DuckDB and parquetjs-lite', async t => {
  const cases = (['hyparquet-writer', 'parquetjs-lite'] as const).flatMap(writer =>
    (['snappy', 'gzip', 'uncompressed', 'zstd'] as const).map(codec => ({ writer, codec })))
  for (const { writer, codec } of cases) {
    const make = () => createParquetSink({ columns, codec, writer, rowGroupRows: 100 })
    if (codec === 'zstd' && (writer === 'parquetjs-lite' || !hasZstd)) {
      t.throws(make, { code: 'config-invalid', message: 'codec: zstd needs Node 22.15 or later and the writer hyparquet-writer' })
      continue
    }
    const { info, bytes } = await writeShard(make(), [rows.slice(0, 30), rows.slice(30)])
    t.same(info, { path: 'data/s-1.parquet', rows: 250, bytes: bytes.length, sha256: sha(bytes), contentSha256: sha(lines) }, `${writer} ${codec} info`)
    t.same(parquetMetadata(Buffer.from(bytes)).row_groups.map(group => Number(group.num_rows)), [100, 100, 50], `${writer} ${codec} groups`)
    t.same(await readWithHyparquet(bytes), expected, `${writer} ${codec} by hyparquet`)
    t.same((await readWithDuckdb(bytes)).map(row => unpack(row as Record<string, unknown>)), expected, `${writer} ${codec} by DuckDB`)
    if (writer === 'parquetjs-lite') t.same(await readWithParquetjs(bytes), expected, `${writer} ${codec} by parquetjs-lite`)
    t.same(await writeShard(make(), [rows]), { info, bytes }, `${writer} ${codec} again gives the same bytes`)
  }
})

t.test('lists of objects of texts -> nested columns, read back by hyparquet and DuckDB; nothing else fits into them', async t => {
  const make = () => createParquetSink({ columns: [{ name: 'id', type: 'string' }, { name: 'turns', type: 'texts', keys: ['role', 'content'] }], rowGroupRows: 2 })
  const nested = [
    { id: 'a', turns: [{ role: 'user', content: 'é\n"' }, { role: 'assistant', content: '' }] }, { id: 'b', turns: [] }, { id: 'c', turns: null },
    { id: 'd', turns: [{ role: 'user', content: 'x'.repeat(1000) }] }
  ]
  const { bytes, info } = await writeShard(make(), [nested])
  t.equal(info.rows, 4)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  t.same(await parquetReadObjects({ file, compressors: await loadParquetCodecs() }), nested)
  t.same(await readWithDuckdb(bytes), nested)
  for (const turns of ['a', [1], [null], [{ role: 'user' }], [{ role: 'user', content: 1 }], [{ role: 'user', content: 'a', more: 'b' }]]) {
    const shard = await make().open(createMemoryStore(), 's')
    await t.rejects(shard.write([{ id: 'a', turns }]), { code: 'config-invalid', message: /column turns is texts/ })
  }
  t.throws(() => createParquetSink({ columns: [{ name: 'turns', type: 'texts', keys: ['a'] }], writer: 'parquetjs-lite' }), { code: 'config-invalid', message: /turns is nested/ })
})

t.test('contentSha256 of Parquet -> that of the jsonl sink', async t => {
  const parquet = await writeShard(createParquetSink({ columns }), [rows])
  const jsonl = await writeShard(createJsonlSink(), [rows])
  t.equal(parquet.info.contentSha256, jsonl.info.contentSha256)
})

t.test('no records -> a Parquet file with the columns and no rows', async t => {
  for (const writer of ['hyparquet-writer', 'parquetjs-lite'] as const) {
    const { bytes, info } = await writeShard(createParquetSink({ columns, writer }), [])
    t.same([info.rows, await readWithDuckdb(bytes)], [0, []], writer)
    t.same((await readWithDuckdb(bytes, 'describe select * from read_parquet($file)')).map(row => [(row as { column_name: string }).column_name, (row as { column_type: string }).column_type]), [
      ['id', 'VARCHAR'], ['messages', 'VARCHAR'], ['tools', 'VARCHAR'], ['turns', 'BIGINT'], ['score', 'DOUBLE'], ['note', 'VARCHAR']
    ], writer)
  }
})

t.test('field that is no column, or of another type -> config-invalid that names it', async t => {
  const cases: ReadonlyArray<readonly [object, string]> = [
    [{ id: 'a', extra: 1 }, 'columns: a record has the field extra, which is no column'],
    [{ id: 7 }, 'columns: column id is string, but a record has number there'],
    [{ note: ['a'] }, 'columns: column note is string, but a record has a list there'],
    [{ turns: 1.5 }, 'columns: column turns is int, but a record has number there'],
    [{ score: '1' }, 'columns: column score is double, but a record has string there']
  ]
  for (const [record, message] of cases) {
    const shard = await createParquetSink({ columns }).open(createMemoryStore(), 's')
    await t.rejects(shard.write([record]), { code: 'config-invalid', message })
  }
})
