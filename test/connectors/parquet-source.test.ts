import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { t } from 'tap'
import { createParquetSource, type ParquetSourceOptions } from '../../connectors/parquet-source.js'
import { docId, splitId } from '../../connectors/split-id.js'
import type { Document } from '../../lib/schema/document.js'
import { createMemoryStore } from '../support/memory-store.js'
import { planAll, readAll, writeParquet, writeWithDuckdb } from '../support/parquet-fixtures.js'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

function open (files: Readonly<Record<string, Uint8Array>>, options: Partial<ParquetSourceOptions> = {}) {
  const store = createMemoryStore()
  for (const [path, bytes] of Object.entries(files)) store.objects.set(path, bytes)
  return { store, source: createParquetSource({ name: 'web', store, preset: 'ultra-fineweb', ...options }) }
}

const texts = (count: number, of = (row: number) => `Text ${row}`) => Array.from({ length: count }, (_, row) => of(row))

const fineweb = (rows: number, options = {}) => writeParquet([
  { name: 'content', data: texts(rows), type: 'STRING' },
  { name: 'score', data: texts(rows, row => `0.${row}`), type: 'STRING' },
  { name: 'source', data: texts(rows, row => `crawl-${row % 3}`), type: 'STRING' }
], { rowGroupSize: 300, ...options })

t.test('file of three row groups -> a split each, documents in order with ids, keys and sequence', async t => {
  const { source } = open({ 'a.parquet': fineweb(700) })
  const { splits, items, values, ends, batches } = await readAll(source)
  t.same(splits.map(({ etag, ...split }) => split), [[0, 0, 300], [1, 0, 300], [2, 0, 100]].map(([rowGroup = 0, from = 0, to = 0], ordinal) => ({
    id: splitId({ source: 'web', path: 'a.parquet', rowGroup, from, to }),
    ordinal, source: 'web', path: 'a.parquet', bytes: fineweb(700).length, rowGroup, from, to
  })))
  t.same(values, texts(700).map((text, row): Document => ({
    text, textKey: sha(text), score: Number(`0.${row % 1000}`), upstream: `crawl-${row % 3}`
  })))
  t.same(ends, splits.map(({ id, to }) => ({ kind: 'split-end', split: id, rows: to })))
  t.same(batches, [256, 44, 1, 256, 44, 1, 100, 1])
  const records = items.filter(item => item.kind === 'envelope')
  t.same(records.map(item => item.sequence), texts(700).map((_, row) => row))
  t.same(records[302], {
    kind: 'envelope', id: docId({ source: 'web', path: 'a.parquet', rowGroup: 1 }, 2), sequence: 302,
    split: splits[1]?.id, origin: { source: 'web', path: 'a.parquet', rowGroup: 1, row: 2 }, key: sha('Text 302'),
    value: values[302]
  })
})

t.test('id of a split and of a row -> pinned for ever', async t => {
  t.equal(splitId({ source: 'web', path: 'a.parquet', rowGroup: 1, from: 0, to: 300 }), sha('["web","a.parquet",1,0,300]').slice(0, 16))
  t.equal(docId({ source: 'web', path: 'a.parquet', rowGroup: 1 }, 2), sha('["web","a.parquet",1,2]').slice(0, 32))
})

t.test('every codec and both page versions -> the same documents', async t => {
  const select = `select 'Row ' || i || ' ' || repeat('ünï ', (i % 50)::int) as content, (i % 10) / 10.0::double as score,
    'c' || (i % 3) as source from range(3000) t(i)`
  const expected = texts(3000, row => `Row ${row} ${'ünï '.repeat(row % 50)}`)
  for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
    for (const version of ['V1', 'V2']) {
      const bytes = await writeWithDuckdb(`copy (${select}) to $file (format parquet, codec '${codec}', parquet_version '${version}', row_group_size 2048)`)
      const { values, ends, settled } = await readAll(open({ 'x.parquet': bytes }).source)
      t.same(values.map(value => value.text), expected, `${codec} ${version} text`)
      t.same(values.map(value => [value.score, value.upstream]), expected.map((_, row) => [row % 10 / 10, `c${row % 3}`]), `${codec} ${version} rest`)
      t.same([settled.length, ends.map(end => [end.rows, end.error])], [0, [[2048, undefined], [952, undefined]]], `${codec} ${version} ends`)
    }
  }
})

t.test('types, gaps and missing columns -> the document that is left', async t => {
  const content = { name: 'content', data: ['one', 'two', 'three'], type: 'STRING' as const }
  const none = [undefined, undefined, undefined]
  const cases = [
    { title: 'score as double', columns: [{ name: 'score', data: [1, 2.5, NaN], type: 'DOUBLE' as const }], score: [1, 2.5, undefined], upstream: none },
    { title: 'score as float', columns: [{ name: 'score', data: [0.5, 2, 0], type: 'FLOAT' as const }], score: [0.5, 2, 0], upstream: none },
    { title: 'score as int64', columns: [{ name: 'score', data: [1n, 2n, -3n], type: 'INT64' as const }], score: [1, 2, -3], upstream: none },
    { title: 'score as text', columns: [{ name: 'score', data: [' 0.25 ', 'high', ''], type: 'STRING' as const }], score: [0.25, undefined, undefined], upstream: none },
    { title: 'score with gaps', columns: [{ name: 'score', data: [null, 0.5, null], type: 'DOUBLE' as const }], score: [undefined, 0.5, undefined], upstream: none },
    { title: 'source as bytes', columns: [{ name: 'source', data: ['a', 'a', 'b'].map(text => Buffer.from(text)), type: 'BYTE_ARRAY' as const }], score: none, upstream: ['a', 'a', 'b'] },
    { title: 'neither', columns: [], score: none, upstream: none }
  ]
  for (const { title, columns, score, upstream } of cases) {
    const { values, ends } = await readAll(open({ 'a.parquet': writeParquet([content, ...columns]) }).source)
    t.same(values.map(value => [value.text, value.score, value.upstream]), ['one', 'two', 'three'].map((text, row) => [text, score[row], upstream[row]]), title)
    t.equal(ends[0]?.error, undefined, title)
  }
})

t.test('optional column that is a list, a struct or a truth value -> left out', async t => {
  for (const columns of ["['a'] as source, {'a': 1} as score", 'true as source, true as score']) {
    const bytes = await writeWithDuckdb(`copy (select 'x' as content, ${columns}) to $file (format parquet)`)
    t.same((await readAll(open({ 'a.parquet': bytes }).source)).values, [{ text: 'x', textKey: sha('x') }])
  }
})

t.test('rows that can be no document -> settled in place, sequence goes on', async t => {
  const bytes = writeParquet([{ name: 'content', data: ['good', null, '', ' \n\t', '\u0000\u0001', 'x'.repeat(21), 'é'.repeat(11), 'end'], type: 'STRING' }])
  const { items, ends } = await readAll(open({ 'd/a.parquet': bytes }, { maxTextBytes: 20, path: 'd' }).source)
  const at = 'memory:///store/d/a.parquet row group 0 row'
  t.same(items.slice(0, 8).map(item => item.kind === 'envelope' ? item.value.text : item.kind === 'settlement' ? item.ended[0] && [item.ended[0].stage, item.ended[0].kind, item.ended[0].reason, item.ended[0].message] : item), [
    'good',
    ['read', 'reject', 'record-invalid', `${at} 1: text is missing`],
    ['read', 'reject', 'record-invalid', `${at} 2: text is empty`],
    ['read', 'reject', 'record-invalid', `${at} 3: text is empty`],
    ['read', 'reject', 'record-invalid', `${at} 4: text is empty`],
    ['read', 'drop', 'text-too-big', `${at} 5: text is longer than 20 bytes`],
    ['read', 'drop', 'text-too-big', `${at} 6: text is longer than 20 bytes`],
    'end'
  ])
  t.same(items.slice(0, 8).map(item => item.kind === 'split-end' ? -1 : item.sequence), [0, 1, 2, 3, 4, 5, 6, 7])
  t.same(ends.map(end => end.rows), [8])
})

t.test('numbers where text should be -> each row rejected, none lost', async t => {
  const { values, settled } = await readAll(open({ 'a.parquet': writeParquet([{ name: 'content', data: [1, 2], type: 'INT32' }]) }).source)
  t.same([values, settled.map(item => item.ended[0]?.reason)], [[], ['record-invalid', 'record-invalid']])
})

t.test('zero rows -> no split, nothing read', async t => {
  const { splits } = await readAll(open({ 'a.parquet': writeParquet([{ name: 'content', data: [], type: 'STRING' }]) }).source)
  t.same(splits, [])
})

t.test('listing -> only parquet files below the path that are not empty or hidden, in byte order', async t => {
  const bytes = fineweb(1)
  const files = {
    'in/b.parquet': bytes, 'in/a.PARQUET': bytes, 'in/_SUCCESS': new Uint8Array(0), 'in/empty.parquet': new Uint8Array(0),
    'in/_temporary/c.parquet': bytes, 'in/.d.parquet': bytes, 'in/note.txt': bytes, 'in2/e.parquet': bytes, 'in/sub/f.parquet': bytes
  }
  const paths = async (path: string) => (await planAll(open(files, { path }).source)).map(split => split.path)
  t.same(await paths('in'), ['in/a.PARQUET', 'in/b.parquet', 'in/sub/f.parquet'])
  t.same(await paths('/in/'), ['in/a.PARQUET', 'in/b.parquet', 'in/sub/f.parquet'])
  t.same(await paths('in*'), ['in/a.PARQUET', 'in/b.parquet', 'in/sub/f.parquet', 'in2/e.parquet'])
  t.same(await paths('in/note.txt'), ['in/note.txt'])
  t.same(await paths(''), ['in/a.PARQUET', 'in/b.parquet', 'in/sub/f.parquet', 'in2/e.parquet'])
  await t.rejects(paths('out'), { code: 'source-missing', message: 'memory:///store/out has no files that end in .parquet' })
})

t.test('file that is no Parquet, or cut off -> split-unreadable, and the next file is read', async t => {
  const whole = fineweb(10)
  for (const [title, bad] of Object.entries({ garbage: Buffer.from('not parquet at all '.repeat(20)), short: Buffer.from('PAR1'), cut: whole.slice(0, -20) })) {
    const { values, ends } = await readAll(open({ 'a.parquet': bad, 'b.parquet': whole }).source)
    t.equal(values.length, 10, title)
    t.same(ends.map(end => [end.rows, end.error?.code]), [[0, 'split-unreadable'], [10, undefined]], title)
    t.match(ends[0]?.error?.message, /^memory:\/\/\/store\/a\.parquet row group 0 row 0: /, title)
  }
})

t.test('damaged pages of one row group -> that split ends with its error, the others are whole', async t => {
  const bytes = fineweb(900, { codec: 'UNCOMPRESSED' })
  const { source, store } = open({ 'a.parquet': bytes })
  const splits = await planAll(source)
  const damaged = Uint8Array.from(bytes)
  damaged.fill(0xff, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.45))
  store.objects.set('a.parquet', damaged)
  const { etag } = await store.stat('a.parquet') ?? { etag: '' }
  const { ends } = await readAll(source, splits.map(split => ({ ...split, etag })))
  t.same(ends.map(end => end.error?.code), [undefined, 'split-unreadable', undefined])
  t.match(ends[1]?.error?.message, /^memory:\/\/\/store\/a\.parquet row group 1 row 0: /)
})

t.test('missing or nested text column -> split-unreadable that names the columns', async t => {
  const other = await readAll(open({ 'a.parquet': writeParquet([{ name: 'body', data: ['x'], type: 'STRING' }]) }).source)
  t.match(other.ends[0]?.error, { code: 'split-unreadable', message: /row group 0 row 0: there is no column content, only body$/ })
  const list = await writeWithDuckdb("copy (select ['x'] as content) to $file (format parquet)")
  const nested = await readAll(open({ 'a.parquet': list }).source)
  t.match(nested.ends[0]?.error, { code: 'split-unreadable', message: /column content is nested, not flat$/ })
})

t.test('file that changed or went away after planning -> source-changed, the run goes on', async t => {
  const { source, store } = open({ 'a.parquet': fineweb(10), 'b.parquet': fineweb(10), 'c.parquet': fineweb(5) })
  const splits = await planAll(source)
  store.objects.set('a.parquet', fineweb(11))
  store.objects.delete('b.parquet')
  const { ends, values } = await readAll(source, splits)
  t.same(ends.map(end => end.error?.code), ['source-changed', 'source-changed', undefined])
  t.equal(values.length, 5)
})

t.test('store that fails -> the run ends with that error', async t => {
  const { source, store } = open({ 'a.parquet': fineweb(10) })
  const splits = (await planAll(source)).map(split => ({ ...split, bytes: split.bytes + 100 }))
  t.equal(store.objects.size, 1)
  await t.rejects(readAll(source, splits), { code: 'store-failed' })
})

t.test('signal -> run-cancelled, nothing more is read', async t => {
  const { source, store } = open({ 'a.parquet': fineweb(900) })
  const splits = await planAll(source)
  const controller = new AbortController()
  const iterator = source.read(splits, { signal: controller.signal, firstSequence: 0 })[Symbol.asyncIterator]()
  await iterator.next()
  const before = store.reads.length
  controller.abort()
  await t.rejects(iterator.next(), { code: 'run-cancelled' })
  t.equal(store.reads.length, before)
})

t.test('consumer that stops pulling -> no byte is read ahead', async t => {
  const { source, store } = open({ 'a.parquet': fineweb(900) })
  const splits = await planAll(source)
  store.reads.length = 0
  const iterator = source.read(splits, { signal: new AbortController().signal, firstSequence: 7 })[Symbol.asyncIterator]()
  t.equal(store.reads.length, 0)
  const first = await iterator.next()
  t.equal(first.value?.[0].sequence, 7)
  const read = store.reads.length
  await new Promise(resolve => setImmediate(resolve))
  t.equal(store.reads.length, read)
  await iterator.return?.()
})

t.test('columns of the preset only -> the bytes of a wide other column are not fetched', async t => {
  const noise = texts(2_000, row => createHash('sha512').update(String(row)).digest('base64').repeat(60))
  const bytes = writeParquet([
    { name: 'content', data: texts(2_000), type: 'STRING' },
    { name: 'noise', data: noise, type: 'STRING' },
    { name: 'score', data: texts(2_000, () => '1'), type: 'STRING' }
  ], { rowGroupSize: 2_000, codec: 'UNCOMPRESSED' })
  const { source, store } = open({ 'a.parquet': bytes })
  const { values } = await readAll(source)
  t.equal(values.length, 2_000)
  const fetched = store.reads.reduce((sum, read) => sum + read.bytes, 0)
  t.ok(bytes.length > 10_000_000 && fetched < 400_000, `${fetched} of ${bytes.length} bytes`)
})

t.test('row group beyond maxRows with an offset index -> several splits that enter at their page', async t => {
  const bytes = writeParquet([
    { name: 'content', data: texts(6_000), type: 'STRING' },
    { name: 'score', data: texts(6_000, row => `${row}`), type: 'STRING' },
    { name: 'source', data: texts(6_000, row => `c${row % 7}`), type: 'STRING' }
  ], { rowGroupSize: 6_000, pageSize: 2_000 })
  const { source } = open({ 'a.parquet': bytes }, { maxRows: 2_500 })
  const { splits, values, ends } = await readAll(source)
  t.same(splits.map(({ rowGroup, from, to }) => [rowGroup, from, to]), [[0, 0, 2_500], [0, 2_500, 5_000], [0, 5_000, 6_000]])
  t.same(values.map(({ text, score, upstream }) => [text, score, upstream]), texts(6_000).map((text, row) => [text, row, `c${row % 7}`]))
  t.same(ends.map(end => [end.rows, end.error]), [[2_500, undefined], [2_500, undefined], [1_000, undefined]])
})

t.test('large column -> fetched by windows, entered by the offset index', async t => {
  const data = texts(4_000, row => `${row} ${createHash('sha512').update(String(row)).digest('base64').repeat(80)}`)
  const bytes = writeParquet([{ name: 'content', data, type: 'STRING' }], { rowGroupSize: 4_000, codec: 'UNCOMPRESSED', pageSize: 200_000 })
  const { source, store } = open({ 'a.parquet': bytes }, { maxRows: 3_900 })
  const splits = await planAll(source)
  const all = await readAll(source, splits)
  t.strictSame(all.values.map(value => value.text), data)
  t.ok(store.reads.every(read => read.bytes < 9_000_000), 'no read is larger than a window')
  store.reads.length = 0
  await readAll(source, splits.slice(1))
  t.ok(store.reads.reduce((sum, read) => sum + read.bytes, 0) < 1_500_000, 'the last 100 rows cost little')
})

t.test('row group beyond maxRows without an offset index -> one split', async t => {
  const bytes = writeParquet([{ name: 'content', data: texts(600), type: 'STRING', offsetIndex: false }], { rowGroupSize: 600 })
  t.same((await planAll(open({ 'a.parquet': bytes }, { maxRows: 100 }).source)).map(({ from, to }) => [from, to]), [[0, 600]])
})

t.test('any part of a row group, with or without an offset index -> exactly its rows', async t => {
  const make = (offsetIndex: boolean) => writeParquet([
    { name: 'content', data: texts(1_000), type: 'STRING', offsetIndex },
    { name: 'score', data: texts(1_000, row => row % 5 === 0 ? '' : String(row)), type: 'STRING', offsetIndex }
  ], { rowGroupSize: 1_000, pageSize: 500 })
  for (const offsetIndex of [true, false]) {
    const { source } = open({ 'a.parquet': make(offsetIndex) })
    const [whole] = await planAll(source)
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 1_000 }), async (from, count) => {
      const to = Math.min(1_000, from + count)
      const { values, items } = await readAll(source, whole === undefined ? [] : [{ ...whole, from, to }])
      t.strictSame(values.map(value => [value.text, value.score]), texts(1_000).slice(from, to).map((text, index) => [text, (from + index) % 5 === 0 ? undefined : from + index]))
      const first = items[0]
      t.equal(first?.kind === 'envelope' ? first.origin.row : -1, from)
    }), { numRuns: 25 })
  }
})

t.test('any rows, codec and sizes -> what was written is what is read', async t => {
  const row = fc.record({
    content: fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => /\S/.test(text.replace(/\p{Cc}/gu, ''))),
    score: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
    source: fc.option(fc.constantFrom('a', 'b', 'ccc'), { nil: null })
  })
  await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 30 }), fc.constantFrom('SNAPPY' as const, 'UNCOMPRESSED' as const), async (rows, rowGroupSize, codec) => {
    const bytes = writeParquet([
      { name: 'content', data: rows.map(each => each.content), type: 'STRING' },
      { name: 'score', data: rows.map(each => each.score), type: 'DOUBLE', nullable: true },
      { name: 'source', data: rows.map(each => each.source), type: 'STRING', nullable: true }
    ], { rowGroupSize, codec, pageSize: 64 })
    const { values } = await readAll(open({ 'a.parquet': bytes }).source)
    t.strictSame(values.map(value => value.score ?? null), rows.map(each => each.score))
    t.strictSame(values.map(value => value.upstream ?? null), rows.map(each => each.source))
    t.strictSame(values.map(value => value.text), rows.map(each => each.content.replace(/[^\P{Cc}\t\n\r\u007f-\u009f]/gu, '').normalize('NFC')))
  }), { numRuns: 60 })
})

t.test('bytes changed at random -> values, rejects or split-unreadable, never a crash or a rejection that nobody awaits', async t => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const codecs = ['snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']
  const files = await Promise.all(codecs.map(codec => writeWithDuckdb(`copy (select 'Row ' || i as content, i as score, 'c' || (i % 3) as source
    from range(400) t(i)) to $file (format parquet, codec '${codec}', row_group_size 2048)`)))
  await fc.assert(fc.asyncProperty(fc.constantFrom(...files), fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(255)), { minLength: 1, maxLength: 3 }), async (file, changes) => {
    const bytes = Uint8Array.from(file)
    for (const [place, byte] of changes) bytes[Math.floor(place * bytes.length)] = byte
    const { ends, items } = await readAll(open({ 'a.parquet': bytes }).source)
    for (const end of ends) if (end.error !== undefined) t.equal(end.error.code, 'split-unreadable')
    if (ends.every(end => end.error === undefined)) t.equal(items.length - ends.length, 400)
  }), { numRuns: 300 })
  await new Promise(resolve => setImmediate(resolve))
  process.off('unhandledRejection', note)
  t.same(unhandled, [])
})

t.test('unknown option -> config-invalid that names it', async t => {
  t.throws(() => open({}, { maxRow: 3 } as object), { code: 'config-invalid', message: /maxRow/ })
})
