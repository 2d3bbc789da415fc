import { createHash } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { t } from 'tap'
import { createJsonlSource, type JsonlSourceOptions } from '../../connectors/jsonl-source.js'
import { docId, splitId } from '../../connectors/split-id.js'
import { readLines } from '../../connectors/text-lines.js'
import type { Split } from '../../lib/engine/connector.js'
import type { SourceItem } from '../../lib/engine/envelope.js'
import type { Document } from '../../lib/schema/document.js'
import { createMemoryStore } from '../support/memory-store.js'
import { planAll, readAll } from '../support/parquet-fixtures.js'
import { zstdFrame } from '../support/zstd-frame.js'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

function open (files: Readonly<Record<string, Uint8Array | string>>, options: Partial<JsonlSourceOptions> = {}) {
  const store = createMemoryStore()
  for (const [path, bytes] of Object.entries(files)) store.objects.set(path, Buffer.from(bytes))
  return { store, source: createJsonlSource({ name: 'lines', store, ...options }) }
}

const lines = (count: number, of = (row: number): unknown => ({ text: `Text ${row}` })) => Array.from({ length: count }, (_, row) => `${JSON.stringify(of(row))}\n`).join('')

t.test('lines with everything a document may have -> documents, ids by line', async t => {
  const { source } = open({ 'd/a.jsonl': lines(2, row => ({ text: `T${row}`, title: ' A ', source: 'web', score: row / 2, url: 'https://a.example', more: [1] })) })
  const { items, splits } = await readAll(source)
  const split = splitId({ source: 'lines', path: 'd/a.jsonl', rowGroup: 0, from: 0, to: 2 })
  t.same(splits.map(({ id, from, to, offset }) => ({ id, from, to, offset })), [{ id: split, from: 0, to: 2, offset: 0 }])
  t.same(items, [...[0, 1].map(row => ({
    kind: 'envelope', id: docId({ source: 'lines', path: 'd/a.jsonl', rowGroup: 0 }, row), sequence: row, split,
    origin: { source: 'lines', path: 'd/a.jsonl', rowGroup: 0, row }, key: sha(`T${row}`),
    value: { text: `T${row}`, textKey: sha(`T${row}`), title: 'A', upstream: 'web', score: row / 2, url: 'https://a.example' }
  })), { kind: 'split-end', split, rows: 2 }])
})

t.test('lines that are no object or no JSON -> rejected with their line, the rest is read', async t => {
  const text = ['{"text":"a"}', '{"text":', '[1]', 'null', '"x"', '{}', '{"text":["b"]}', '{"text":"z"}'].join('\n')
  const { items } = await readAll(open({ 'a.ndjson': text }).source)
  const at = 'memory:///store/a.ndjson line'
  t.same(items.slice(0, -1).map(item => item.kind === 'envelope' ? item.value.text : item.kind === 'settlement' ? item.ended[0]?.message : ''), [
    'a', `${at} 2: the line is no JSON (Unexpected end of JSON input)`, `${at} 3: the line is JSON but no object`,
    `${at} 4: the line is JSON but no object`, `${at} 5: the line is JSON but no object`, `${at} 6: text is missing`,
    `${at} 7: text is a list, not text`, 'z'
  ])
  t.same(items.map(item => item.kind === 'settlement' ? item.ended[0]?.reason : item.kind), [
    'envelope', ...Array.from({ length: 6 }, () => 'record-invalid'), 'envelope', 'split-end'
  ])
})

t.test('byte order mark, CR LF, empty lines, no last ending -> the same texts, rows are lines', async t => {
  const cases: ReadonlyArray<readonly [string, string, number[]]> = [
    ['plain', '{"text":"a"}\n{"text":"b"}\n', [0, 1]],
    ['no last ending', '{"text":"a"}\n{"text":"b"}', [0, 1]],
    ['CR LF', '{"text":"a"}\r\n{"text":"b"}\r\n', [0, 1]],
    ['mark', '\ufeff{"text":"a"}\n{"text":"b"}\n', [0, 1]],
    ['empty lines', '\n{"text":"a"}\n \n\n{"text":"b"}\n\n\n', [1, 4]]
  ]
  for (const [title, text, rows] of cases) {
    const { items, ends } = await readAll(open({ 'a.jsonl': text }).source)
    t.same(items.filter(item => item.kind === 'envelope').map(item => [item.value.text, item.origin.row]), [['a', rows[0]], ['b', rows[1]]], title)
    t.same(ends.map(end => [end.rows, end.error]), [[2, undefined]], title)
  }
  t.same((await readAll(open({ 'a.jsonl': '\n' }).source)).items.map(item => item.kind), ['split-end'])
})

t.test('line above 8 MiB -> rejected, its neighbours are read', async t => {
  const long = `{"text":"${'x'.repeat(9_000_000)}"}`
  const { items, ends } = await readAll(open({ 'a.jsonl': `{"text":"a"}\n${long}\n{"text":"b"}\n` }).source)
  t.same(items.map(item => item.kind === 'envelope' ? item.value.text : item.kind === 'settlement' ? item.ended[0]?.message : item.kind), [
    'a', 'memory:///store/a.jsonl line 2: the line is longer than 8388608 bytes', 'b', 'split-end'
  ])
  t.equal(ends[0]?.error, undefined)
})

t.test('plain, gzip, two gzip members and zstd -> the same documents under splits of 10,000 lines', async t => {
  const text = lines(25_000)
  const half = Buffer.from(text).subarray(0, 200_000)
  const rest = Buffer.from(text).subarray(200_000)
  const files = {
    'a.jsonl': text, 'a.jsonl.gz': gzipSync(text), 'b.json.gz': Buffer.concat([gzipSync(half), gzipSync(rest)]), 'a.jsonl.zst': await zstdFrame(Buffer.from(text))
  }
  for (const [path, bytes] of Object.entries(files)) {
    const { source, store } = open({ [path]: bytes })
    const splits = await planAll(source)
    t.same(splits.map(({ from, to, offset }) => [from, to, offset !== undefined]), [[0, 10_000, path === 'a.jsonl'], [10_000, 20_000, path === 'a.jsonl'], [20_000, 25_000, path === 'a.jsonl']], path)
    store.reads.length = 0
    const { values, ends } = await readAll(source, splits)
    t.strictSame(values.map(value => value.text), Array.from({ length: 25_000 }, (_, row) => `Text ${row}`), path)
    t.same(ends.map(end => [end.rows, end.error]), [[10_000, undefined], [10_000, undefined], [5_000, undefined]], path)
    t.equal(store.reads.length, 1, `${path} is read in one pass`)
  }
})

t.test('a later split alone, or splits with a gap -> entered by offset, or skipped to', async t => {
  const text = lines(35_000)
  for (const [path, bytes] of Object.entries({ 'a.jsonl': text, 'a.jsonl.gz': gzipSync(text) })) {
    const { source, store } = open({ [path]: bytes })
    const splits = await planAll(source)
    const picks = [[2], [0, 3], [3, 1], [1, 1]]
    for (const pick of picks) {
      store.reads.length = 0
      const chosen = pick.map(index => splits[index]).filter(split => split !== undefined)
      const { values } = await readAll(source, chosen)
      t.strictSame(values.map(value => value.text), chosen.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => `Text ${from + index}`)), `${path} ${pick}`)
    }
    t.ok(path !== 'a.jsonl' || store.reads.every(read => read.start > 0), 'the plain file is entered in the middle')
  }
})

t.test('part of a split, as what is left over of one -> exactly its lines', async t => {
  const { source } = open({ 'a.jsonl.gz': gzipSync(lines(300)) })
  const [split] = await planAll(source)
  const { values } = await readAll(source, split === undefined ? [] : [{ ...split, from: 123, to: 130 }])
  t.same(values.map(value => value.text), Array.from({ length: 7 }, (_, index) => `Text ${123 + index}`))
})

t.test('gzip or zstd cut in half, or damaged -> what is whole is read, the rest is split-unreadable', async t => {
  const text = lines(60_000, row => ({ text: `${row} ${createHash('sha256').update(String(row)).digest('hex')}` }))
  const packed = { 'a.jsonl.gz': gzipSync(text), 'a.jsonl.zst': await zstdFrame(Buffer.from(text)) }
  for (const [path, bytes] of Object.entries(packed)) {
    const damaged = Uint8Array.from(bytes)
    damaged.fill(0x5a, bytes.length / 2, bytes.length / 2 + 50_000)
    for (const [title, broken] of Object.entries({ cut: bytes.subarray(0, bytes.length / 2), damaged })) {
      const { source } = open({ [path]: broken, 'z.jsonl': lines(1) })
      const { splits, ends, values } = await readAll(source)
      const last = splits.at(-2)
      t.ok(last !== undefined && last.from === last.to, `${path} ${title}: the part that breaks off is planned without rows`)
      t.match(ends.at(-2)?.error, { code: 'split-unreadable', message: new RegExp(`^memory:///store/${path} line \\d+: `) }, `${path} ${title}`)
      t.same(ends.at(-1)?.error, undefined, 'and the next file is read')
      t.equal(values.length, ends.filter(end => end.error === undefined).reduce((sum, end) => sum + end.rows, 0), 'no row of the broken split is given')
    }
  }
})

t.test('file that became shorter or changed -> source-changed', async t => {
  const { source, store } = open({ 'a.jsonl': lines(20), 'b.jsonl': lines(3) })
  const splits = await planAll(source)
  store.objects.set('a.jsonl', Buffer.from(lines(10)))
  const { ends } = await readAll(source, splits)
  t.same(ends.map(end => end.error?.code), ['source-changed', undefined])
})

t.test('consumer that stops -> the stream is closed, little more than it took was read', async t => {
  const { source, store } = open({ 'a.jsonl': lines(50_000) })
  const splits = await planAll(source)
  store.reads.length = 0
  const iterator = source.read(splits, { signal: new AbortController().signal, firstSequence: 0 })[Symbol.asyncIterator]()
  t.equal((await iterator.next()).value?.length, 256)
  await iterator.return?.()
  t.ok((store.reads[0]?.bytes ?? 0) < 200_000)
})

t.test('signal -> run-cancelled', async t => {
  const { source } = open({ 'a.jsonl': lines(30_000) })
  const splits = await planAll(source)
  const controller = new AbortController()
  const iterator = source.read(splits, { signal: controller.signal, firstSequence: 0 })[Symbol.asyncIterator]()
  await iterator.next()
  controller.abort()
  await t.rejects(async () => { for (let step = 0; step < 1_000; step++) await iterator.next() }, { code: 'run-cancelled' })
})

async function readStdin (stdin: Readable): Promise<{ items: Array<SourceItem<Document>>, splits: Split[] }> {
  const source = createJsonlSource({ name: 'pipe', stdin })
  t.equal(source.endless, true)
  const items: Array<SourceItem<Document>> = []
  const splits: Split[] = []
  const plan = async function * () {
    for await (const split of source.plan(new AbortController().signal)) {
      splits.push(split)
      yield split
    }
  }
  for await (const batch of source.read(plan(), { signal: new AbortController().signal, firstSequence: 0 })) items.push(...batch)
  return { items, splits }
}

t.test('standard input -> splits as it comes, the last one short, none after the end', async t => {
  const cases: ReadonlyArray<readonly [number, number[]]> = [[0, []], [1, [1]], [10_000, [10_000]], [10_001, [10_000, 1]], [25_000, [10_000, 10_000, 5_000]]]
  for (const [count, rows] of cases) {
    const { items, splits } = await readStdin(Readable.from([Buffer.from(lines(count))]))
    t.same(items.filter(item => item.kind === 'split-end').map(end => [end.rows, end.error]), rows.map(row => [row, undefined]), `${count} lines`)
    t.strictSame(items.filter(item => item.kind === 'envelope').map(item => item.value.text), Array.from({ length: count }, (_, row) => `Text ${row}`))
    t.same(splits.slice(0, rows.length).map(split => split.id), rows.map((_, index) => splitId({ source: 'pipe', path: '-', rowGroup: 0, from: index * 10_000, to: (index + 1) * 10_000 })))
  }
})

t.test('standard input that pauses -> what has come is handed on', async t => {
  const stdin = new PassThrough()
  const source = createJsonlSource({ name: 'pipe', stdin })
  const iterator = source.read(source.plan(new AbortController().signal), { signal: new AbortController().signal, firstSequence: 0 })[Symbol.asyncIterator]()
  stdin.write('{"text":"a"}\n{"text":"b"}\n{"te')
  const next = async (): Promise<string[]> => {
    const batch: ReadonlyArray<SourceItem<Document>> = (await iterator.next()).value ?? []
    return batch.map(item => item.kind === 'envelope' ? item.value.text : item.kind)
  }
  t.same(await next(), ['a', 'b'])
  stdin.end('xt":"c"}')
  t.same(await next(), ['c'])
  t.same(await next(), ['split-end'])
  t.equal((await iterator.next()).done, true)
})

t.test('any text cut into any chunks -> the lines that split would give, at their bytes', async t => {
  const unit = fc.constantFrom('a', 'é', '\n', '\r\n', '\r', '\ufeff', ' ', '😀')
  await fc.assert(fc.asyncProperty(fc.string({ unit, maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 8 }), async (text, cuts) => {
    const bytes = Buffer.from(text)
    const places = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
    const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
    const found: Array<readonly [number, string]> = []
    for await (const batch of readLines(Readable.from(chunks), { row: 0, start: 0 })) {
      for (const line of batch) found.push([line.start, Buffer.from(line.bytes ?? []).toString()])
    }
    const expected = text.split('\n')
    if (expected.at(-1) === '') expected.pop()
    let start = 0
    t.same(found, expected.map((line, row) => {
      const at = start
      start += Buffer.byteLength(line) + 1
      return [at, (row === 0 ? line.replace(/^\ufeff/, '') : line).replace(/\r$/, '')]
    }))
  }), { numRuns: 200 })
})
