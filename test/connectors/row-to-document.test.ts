import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { t } from 'tap'
import { asText, createMapping, cutCopyDigits, type Row, type RowFields } from '../../connectors/presets.js'
import { cleanText, createRowReader, readScore } from '../../connectors/row-to-document.js'
import { documentSchema } from '../../lib/schema/document.js'

const split = { id: 's', ordinal: 0, source: 'web', path: 'a', etag: '', bytes: 0, rowGroup: 2, from: 0, to: 9 }
const read = (fields: RowFields, maxTextBytes = 1_000) =>
  createRowReader(split, { maxTextBytes, locate: (_, row) => `here ${row}` }).read(fields, { row: 5, sequence: 7 })

const outcome = (fields: RowFields, maxTextBytes?: number): unknown => {
  const item = read(fields, maxTextBytes)
  return item.kind === 'envelope' ? item.value.text : item.ended[0]?.message
}

t.test('text as it comes -> clean text', t => {
  const cases: ReadonlyArray<readonly [string, string, string]> = [
    ['composed', 'Cafe\u0301 \u1100\u1161', 'Caf\u00e9 \uac00'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['controls', 'a\u0000b\u0008c\u000bd\u000ce\u000ef\u001fg', 'abcdefg'],
    ['tab, line feed, carriage return stay', 'a\tb\r\nc', 'a\tb\r\nc'],
    ['DEL and C1 stay', 'a\u007fb\u0085c', 'a\u007fb\u0085c'],
    ['control between base and mark', 'e\u0000\u0301', '\u00e9'],
    ['outer space stays', ' a \n', ' a \n'],
    ['pairs stay', '😀', '😀']
  ]
  for (const [title, text, clean] of cases) t.equal(cleanText(text), clean, title)
  t.end()
})

t.test('any text -> well-formed, composed, without controls, and cleaning again changes nothing', t => {
  const unit = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)), fc.constantFrom('e', '\u0301', '\u0000'))
  fc.assert(fc.property(fc.array(unit).map(units => units.join('')), text => {
    const clean = cleanText(text)
    t.equal(clean, clean.normalize('NFC'))
    t.notMatch(clean, /\p{Surrogate}/u)
    t.notOk([...clean].some(letter => letter < ' ' && !'\t\n\r'.includes(letter)))
    t.equal(cleanText(clean), clean)
  }), { numRuns: 500 })
  t.end()
})

t.test('bytes and the string they spell -> the same document', t => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), text => {
    t.same(read({ text: Buffer.from(text) }), read({ text }))
  }), { numRuns: 200 })
  t.end()
})

t.test('fields -> a document of the schema, with what is usable of the rest', t => {
  const item = read({ text: 'Body', title: '  T\u0000itle ', upstream: Buffer.from('web'), score: '0.5', url: 'https://a.example' })
  t.same(item, {
    kind: 'envelope', id: createHash('sha256').update('["web","a",2,5]').digest('hex').slice(0, 32), sequence: 7, split: 's',
    origin: { source: 'web', path: 'a', rowGroup: 2, row: 5 }, key: createHash('sha256').update('Body').digest('hex'),
    value: { text: 'Body', textKey: createHash('sha256').update('Body').digest('hex'), title: 'Title', upstream: 'web', score: 0.5, url: 'https://a.example' }
  })
  t.ok(item.kind === 'envelope' && documentSchema.safeParse(item.value).success)
  const bare = read({ text: 'Body', title: 7, upstream: '', score: {}, url: 'x'.repeat(5_000) })
  t.strictSame(bare.kind === 'envelope' && Object.keys(bare.value), ['text', 'textKey'])
  t.end()
})

t.test('text that cannot be -> settled with what is wrong', t => {
  const cases: ReadonlyArray<readonly [string, RowFields, string]> = [
    ['nothing', {}, 'here 5: text is missing'],
    ['null', { text: null }, 'here 5: text is missing'],
    ['number', { text: 7 }, 'here 5: a number'],
    ['list', { text: ['a'] }, 'here 5: text is a list, not text'],
    ['object', { text: {} }, 'here 5: text is an object, not text'],
    ['space', { text: ' \u00a0\n' }, 'here 5: text is empty'],
    ['empty parts', { parts: ['', ' ', null] }, 'here 5: text is empty'],
    ['11 bytes', { text: 'x'.repeat(11) }, 'here 5: text is longer than 10 bytes'],
    ['6 letters in 12 bytes', { text: 'é'.repeat(6) }, 'here 5: text is longer than 10 bytes'],
    ['parts together', { parts: ['xxxxxx', 'yyyyyy'] }, 'here 5: text is longer than 10 bytes'],
    ['parts with what joins them', { parts: ['xxxxx', 'yyyyy'] }, 'here 5: text is longer than 10 bytes'],
    ['10 bytes', { text: 'x'.repeat(10) }, 'x'.repeat(10)],
    ['parts that fit', { parts: ['xxxx', 'yyyy'] }, 'xxxx\n\nyyyy']
  ]
  for (const [title, fields, expected] of cases) t.equal(outcome(fields, 10), title === 'number' ? 'here 5: text is a number, not text' : expected, title)
  t.end()
})

t.test('score -> a finite number or nothing', t => {
  const cases: ReadonlyArray<readonly [unknown, number | undefined]> = [
    [0.5, 0.5], [0, 0], [-1n, -1], ['0.25', 0.25], [' 1e-3 ', 0.001], [Buffer.from('2'), 2], [NaN, undefined], [Infinity, undefined],
    ['Infinity', undefined], ['', undefined], [' ', undefined], ['high', undefined], [null, undefined], [undefined, undefined], [true, undefined], [[1], undefined]
  ]
  for (const [value, score] of cases) t.equal(readScore(value), score, String(value))
  t.end()
})

t.test('title of a copy -> the title of the article', t => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ['How to X12', 'How to X'], ['How to Sew a Hem3', 'How to Sew a Hem'], ['How to Ask "Why?"2', 'How to Ask "Why?"'],
    ['How to Bake (Vegan)10', 'How to Bake (Vegan)'], ['How to Use Windows 10', 'How to Use Windows 10'], ['How to Play MP3', 'How to Play MP3'],
    ['How to Update iOS12', 'How to Update iOS12'], ['How to Say Ñandú4', 'How to Say Ñandú'], [' How to Y ', 'How to Y'], ['1984', '1984'], ['', '']
  ]
  for (const [title, cut] of cases) t.equal(cutCopyDigits(title), cut, title)
  t.end()
})

t.test('presets -> columns to read and the text they make', t => {
  const text = (options: Parameters<typeof createMapping>[0], ...rows: [Row, ...Row[]]) => {
    const { parts, text, ...rest } = createMapping(options).toFields(rows)
    return { text: parts === undefined ? asText(text) : parts.map(asText).filter(part => part !== undefined), ...rest }
  }
  t.same(createMapping({ preset: 'ultra-fineweb' }).columns, ['content', 'source', 'score'])
  t.same(createMapping({ preset: 'wikihow' }).columns, ['title', 'headline', 'summary', 'text'])
  t.same(createMapping({}).columns, ['text', 'title', 'source', 'score', 'url'])
  t.same(createMapping({ columns: { text: 'a', title: 'a', score: 'b' } }).columns, ['a', 'b'])
  t.same(text({ preset: 'ultra-fineweb' }, { content: Buffer.from('c'), score: '1', source: 's' }), { text: 'c', title: undefined, upstream: 's', score: '1', url: undefined })
  t.same(text({ preset: 'wikihow' }, { title: 'T1x2', headline: 'H', text: 'B' }), { text: ['T1x', 'H', 'B'], title: 'T1x' })
  t.same(text({ preset: 'wikihow' }, { title: 'Tt2', text: 'B', summary: 'S' }), { text: ['Tt', 'S', 'B'], title: 'Tt' })
  t.same(text({ preset: 'wikihow' }, { text: 'B', summary: 'S' }), { text: ['S', 'B'], title: undefined })
  t.same(text({ preset: 'wikihow' }, { title: 'T', text: null }), { text: undefined })
  t.end()
})
