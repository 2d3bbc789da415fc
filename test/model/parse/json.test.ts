import fc from 'fast-check'
import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { JSON_LIMITS, parseJson, readJson } from '../../../lib/model/parse/json.js'

const read: ReadonlyArray<{ readonly title: string, readonly text: string, readonly value: unknown }> = [
  { title: 'raw line end and tab in a string', text: '{"a":"x\ny\tz"}', value: { a: 'x\ny\tz' } },
  { title: 'control character in a string', text: '{"a":"x\u0001y"}', value: { a: 'x\u0001y' } },
  { title: 'escape that JSON does not know', text: '{"p":"^\\d+\\_$","q":"it\\\'s"}', value: { p: '^\\d+\\_$', q: "it's" } },
  { title: 'half a unicode escape', text: '{"u":"\\u12"}', value: { u: '\\u12' } },
  { title: 'apostrophe in single quotes', text: "{'a':'it's ok','b':'don't, stop'}", value: { a: "it's ok", b: "don't, stop" } },
  { title: 'backquotes and triple quotes', text: '{"a":`x`,"b":"""say "y" now"""}', value: { a: 'x', b: 'say "y" now' } },
  { title: 'quotes inside of quotes', text: '{"a":"He said "hi" to me","b":1}', value: { a: 'He said "hi" to me', b: 1 } },
  { title: 'Python constants', text: '{"a":True,"b":False,"c":None}', value: { a: true, b: false, c: null } },
  { title: 'smart quotes', text: '{“a”: “b”, ‘c’: ‘d’}', value: { a: 'b', c: 'd' } },
  { title: 'comments of three kinds', text: '{"a":1, // one\n"b":2, # two }\n/* three } */"c":3}', value: { a: 1, b: 2, c: 3 } },
  { title: 'what looks like comments in strings', text: '{"a":"http://x/#y /* z */"}', value: { a: 'http://x/#y /* z */' } },
  { title: 'missing commas', text: '{"a":"x"\n"b":"y" "c":1}', value: { a: 'x', b: 'y', c: 1 } },
  { title: 'unquoted keys, values and a date', text: '{a:b,d:2024-01-01}', value: { a: 'b', d: '2024-01-01' } },
  { title: 'numbers beyond what a double holds', text: '{"a":12345678901234567890,"b":-9007199254740993,"c":1e400,"d":9007199254740991,"e":1e20}', value: { a: '12345678901234567890', b: '-9007199254740993', c: '1e400', d: 9007199254740991, e: 1e20 } },
  { title: 'plus sign, leading zero, leading point', text: '{"a":+5,"b":007,"c":.5}', value: { a: 5, b: '007', c: 0.5 } },
  { title: 'digits in a string stay', text: '{"a":"12345678901234567890"}', value: { a: '12345678901234567890' } },
  { title: 'last of equal keys', text: '{"a":1,"a":2}', value: { a: 2 } },
  { title: 'prototype keys', text: '{"a":{"__proto__":{"x":1},"constructor":{"prototype":{}}},"\\u005f_proto__":1}', value: { a: {} } },
  { title: 'constructor as a plain key', text: '{"constructor":"McLaren"}', value: { constructor: 'McLaren' } },
  { title: 'document escaped as a string', text: '"{\\"a\\": [1]}"', value: { a: [1] } },
  { title: 'prose with other brackets around', text: 'See [1] and {x}: {"a": "the longest"} (done)', value: { a: 'the longest' } },
  { title: 'objects in a row', text: '{"a":1}\n{"a":2},\n{"a":3}', value: [{ a: 1 }, { a: 2 }, { a: 3 }] },
  { title: 'brackets inside of strings', text: '{"a":"}]","b":"{["}', value: { a: '}]', b: '{[' } },
  { title: 'fence and byte order mark', text: '\uFEFF```json\n[1,2,]\n```', value: [1, 2] }
]

for (const { title, text, value } of read) {
  t.test(`${title} -> read`, async t => { t.strictSame(readJson(text), value) })
}

const refused = [
  { title: 'cut object', text: '{"a":1', error: 'JSON is not complete: the text ends before } (offset 6 of 6)' },
  { title: 'cut string', text: '{"a":"x } ]', error: 'JSON is not complete: the string that begins at 5 has no end (offset 11 of 11)' },
  { title: 'cut behind a key', text: '{"a":', error: 'JSON is not complete: the text ends before } (offset 5 of 5)' },
  { title: 'crossed brackets', text: '{"a":[1}', error: 'JSON is not complete: } stands where ] is due (offset 7 of 8)' },
  { title: 'elided object', text: '{"a":1, ...}', error: 'JSON is not complete: a part was left out as "..."' },
  { title: 'no brackets', text: 'true', error: 'no JSON in "true"' },
  { title: 'nothing', text: ' ', error: 'no JSON in an empty text' },
  { title: 'tuple', text: '{"a":(1,2)}', error: 'JSON cannot be read: Colon expected at position 10' },
  { title: 'too deep', text: '['.repeat(65) + ']'.repeat(65), error: 'JSON is nested 65 deep, at most 64 are read' },
  { title: 'too many keys', text: `{${Array.from({ length: 10_001 }, (_, n) => `"k${n}":0`).join()}}`, error: 'JSON has 10001 keys, at most 10000 are read' },
  { title: 'too large', text: `["${'é'.repeat(JSON_LIMITS.bytes / 2)}"]`, error: 'JSON of more than 2097152 bytes' }
]

for (const { title, text, error } of refused) {
  t.test(`${title} -> ${error}`, async t => { t.throws(() => readJson(text), { code: 'answer-malformed', message: error }) })
}

t.test('what is expected -> decides between values side by side', async t => {
  const text = '{"a":"longer than the array"} and [1]'
  t.strictSame(parseJson(text, 'array'), [1])
  t.strictSame(parseJson(text, 'object'), { a: 'longer than the array' })
  t.strictSame(parseJson('{"a":1}', 'array'), [{ a: 1 }], 'one object counts as an array')
  t.throws(() => parseJson('[1]', 'object'), { code: 'answer-malformed', message: 'a JSON object is expected, an array stands there' })
})

const plain = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), fc.array(fc.jsonValue()))
  .map(value => JSON.stringify(value)).filter(text => !/__proto__|constructor/.test(text) && !/\d{16}/.test(text))

t.test('any JSON with any prose without brackets around -> as JSON.parse gives it', async () => {
  fc.assert(fc.property(plain, fc.constantFrom('', 'Here: ', '\n```json\n'), fc.constantFrom('', '\n```', ' done.'), (json, before, after) => {
    deepStrictEqual(readJson(before + json + after), JSON.parse(json))
  }), { numRuns: 1000 })
})

t.test('any cut of any JSON -> refused, never completed', async () => {
  fc.assert(fc.property(plain, fc.nat(), (json, at) => {
    const cut = json.slice(0, at % json.length)
    try {
      readJson(cut)
    } catch (error) {
      return (error as { code?: string }).code === 'answer-malformed'
    }
    return false
  }), { numRuns: 1000 })
})
