import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { t } from 'tap'
import { createCsvSource, type CsvSourceOptions } from '../../connectors/csv-source.js'
import { createMemoryStore } from '../support/memory-store.js'
import { planAll, readAll } from '../support/parquet-fixtures.js'

function open (files: Readonly<Record<string, Uint8Array | string>>, options: Partial<CsvSourceOptions> = {}) {
  const store = createMemoryStore()
  for (const [path, bytes] of Object.entries(files)) store.objects.set(path, Buffer.from(bytes))
  return { store, source: createCsvSource({ name: 'csv', store, ...options }) }
}

const quote = (value: string) => `"${value.replaceAll('"', '""')}"`

t.test('wikihowAll -> title without copy digits, headline and text joined, line breaks inside of quotes kept', async t => {
  const text = '"headline","text","title"\n"\nDo this,;\nDo that.","First, ""do"" this.\n\nThen that.","How to Sew a Hem12"\n'
  const { values, ends } = await readAll(open({ 'wikihowAll.csv': text }, { preset: 'wikihow' }).source)
  t.same(values.map(({ textKey, ...value }) => value), [{ title: 'How to Sew a Hem', text: 'How to Sew a Hem\n\nDo this,;\nDo that.\n\nFirst, "do" this.\n\nThen that.' }])
  t.same(ends.map(end => [end.rows, end.error]), [[1, undefined]])
})

t.test('wikihowSep -> rows of a title in one document, parts that change named once, border of a split cuts', async t => {
  const row = (title: string, part: number) => ['Over', `Head ${part}`, `Text ${part}`, part < 3 ? 'Steps' : 'Tips', title].map(quote).join(',')
  const text = ['overview,headline,text,sectionLabel,title', row('How to A1', 1), row('How to A2', 2), row('How to A2', 3), row('How to B', 1), row('How to A', 1)].join('\r\n')
  const { values, items, ends } = await readAll(open({ 'wikihowSep.csv': text }, { preset: 'wikihowSep' }).source)
  t.same(values.map(value => value.text), [
    'How to A\n\nOver\n\nSteps\n\nHead 1\n\nText 1\n\nHead 2\n\nText 2\n\nTips\n\nHead 3\n\nText 3',
    'How to B\n\nOver\n\nSteps\n\nHead 1\n\nText 1', 'How to A\n\nOver\n\nSteps\n\nHead 1\n\nText 1'
  ])
  t.same(items.filter(item => item.kind === 'envelope').map(item => [item.sequence, item.origin.row]), [[0, 0], [1, 3], [2, 4]])
  t.same(ends.map(end => end.rows), [3])
  const [split] = await planAll(open({ 'wikihowSep.csv': text }, { preset: 'wikihowSep' }).source)
  t.same(split && [split.from, split.to], [0, 5])
  const cut = await readAll(open({ 'wikihowSep.csv': text }, { preset: 'wikihowSep' }).source, split === undefined ? [] : [{ ...split, to: 2 }, { ...split, from: 2, offset: undefined }])
  t.same(cut.items.filter(item => item.kind === 'envelope').map(item => item.origin.row), [0, 2, 3, 4])
})

t.test('group above maxTextBytes -> one drop text-too-big, however long it goes on', async t => {
  const rows = Array.from({ length: 500 }, () => `${'x'.repeat(100)},T`)
  const { items } = await readAll(open({ 'a.csv': ['text,title', ...rows, 'y,U'].join('\n') }, { preset: 'wikihowSep', maxTextBytes: 1_000 }).source)
  t.same(items.map(item => item.kind === 'settlement' ? [item.ended[0]?.reason, item.origin.row] : item.kind), [['text-too-big', 0], 'envelope', 'split-end'])
})

t.test('record with other fields than columns -> rejected in place', async t => {
  const { items } = await readAll(open({ 'a.csv': 'text,title\na,A\nb\nc,C,more\nd,D\n' }).source)
  t.same(items.map(item => item.kind === 'settlement' ? item.ended[0]?.message : item.kind === 'envelope' ? item.value.text : item.kind), [
    'a', 'memory:///store/a.csv record 2: the record has 1 fields for 2 columns', 'memory:///store/a.csv record 3: the record has 3 fields for 2 columns', 'd', 'split-end'
  ])
})

t.test('columns by name, delimiter, byte order mark -> read as named', async t => {
  const { values } = await readAll(open({ 'a.csv': '\ufeffbody;rank;name\nhello;3;N\n' }, { delimiter: ';', columns: { text: 'body', title: 'name', score: 'rank' } }).source)
  t.same(values.map(({ textKey, ...value }) => value), [{ text: 'hello', title: 'N', score: 3 }])
})

t.test('no text column, no header, open quote, record above 8 MiB -> split-unreadable', async t => {
  const cases: ReadonlyArray<readonly [string, string, RegExp]> = [
    ['no text column', 'body,title\na,b\n', /there is no column text, only body, title$/],
    ['open quote', 'text\na\n"b\nc\n', /Quote Not Closed/],
    ['too long', `text\n${'x'.repeat(9_000_000)}\n`, /Max Record Size/]
  ]
  for (const [title, text, message] of cases) {
    const { ends, values } = await readAll(open({ 'a.csv': text, 'b.csv': 'text\nz\n' }).source)
    t.match(ends[0]?.error, { code: 'split-unreadable', message }, title)
    t.same([ends.at(-1)?.error, values.at(-1)?.text], [undefined, 'z'], title)
  }
  t.same((await readAll(open({ 'a.csv': 'text\n' }).source)).items, [], 'a header alone has no rows')
})

t.test('25,000 records, plain and gzip -> three splits, one pass; one alone is entered by its offset', async t => {
  const record = (row: number) => `${quote(`Text ${row}\nof "two" lines`)},${quote(`T${row}`)}`
  const text = `text,title\r\n${Array.from({ length: 25_000 }, (_, row) => record(row)).join('\r\n')}\r\n`
  for (const [path, bytes] of Object.entries({ 'a.csv': text, 'a.csv.gz': gzipSync(text) })) {
    const { source, store } = open({ [path]: bytes })
    const splits = await planAll(source)
    t.same(splits.map(({ from, to }) => [from, to]), [[0, 10_000], [10_000, 20_000], [20_000, 25_000]])
    store.reads.length = 0
    const { values } = await readAll(source, splits)
    t.strictSame(values.map(value => value.text), Array.from({ length: 25_000 }, (_, row) => `Text ${row}\nof "two" lines`), path)
    t.equal(store.reads.length, 1)
    store.reads.length = 0
    const last = await readAll(source, splits.slice(2))
    t.strictSame(last.values.map(value => value.title), Array.from({ length: 5_000 }, (_, row) => `T${20_000 + row}`), path)
    t.ok(path !== 'a.csv' || (store.reads.at(-1)?.start ?? 0) > 500_000, 'the plain file is entered in the middle')
  }
})

t.test('any fields -> what was written is what is read', async t => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', ';') }).map(text => `x${text}`)
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 20 }), fc.constantFrom('\n', '\r\n'), async (rows, ending) => {
    const text = [['text', 'title'], ...rows].map(row => row.map(quote).join(',')).join(ending)
    const { values } = await readAll(open({ 'a.csv': text }).source)
    t.same(values.map(value => [value.text, value.title]), rows.map(([body, title]) => [body, title.trim()]))
  }), { numRuns: 100 })
})
