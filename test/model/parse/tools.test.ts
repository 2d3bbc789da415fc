import fc from 'fast-check'
import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { readParameters } from '../../../lib/model/parse/json-schema.js'
import { parseTools } from '../../../lib/model/parse-response.js'

const schema = fc.jsonValue({ maxDepth: 4 })
const keyed = fc.letrec(tie => ({
  node: fc.oneof({ maxDepth: 4 }, schema, fc.record({
    type: fc.oneof(fc.constantFrom('dict', 'float', 'List[str]', 'any', 'string', ['str', 'null'], ['int'], [], 'Optional[int]', 'list of strings', 7, null)),
    properties: fc.oneof(fc.dictionary(fc.constantFrom('a', 'type', 'required', 'name'), tie('node')), fc.array(fc.record({ name: fc.constantFrom('a', '__proto__'), type: tie('node') }))),
    required: fc.constantFrom(['a'], 'a, b', true, null, []),
    items: tie('node')
  }, { requiredKeys: [] }))
})).node

t.test('anything, made a schema twice -> the same as once, of type object with properties', async () => {
  fc.assert(fc.property(keyed, value => {
    const once = readParameters(JSON.parse(JSON.stringify(value)))
    deepStrictEqual(readParameters(once), once)
  }), { numRuns: 2000 })
})

t.test('a schema of its own -> unchanged, keys in order', async t => {
  const own = { type: 'object', properties: { a: { type: ['string', 'null'], pattern: '^\\d$' }, b: { type: 'array', items: { type: 'object', properties: { c: { enum: [1] } }, required: ['c'] } }, d: { anyOf: [{ type: 'string' }, { type: 'integer' }] } }, required: ['a'], additionalProperties: false }
  t.equal(JSON.stringify(readParameters(own)), JSON.stringify(own))
})

const lists = [
  { title: 'Anthropic form', json: '[{"name":"a","description":"A","input_schema":{"type":"object","properties":{}}}]', names: ['a'] },
  { title: 'functions key', json: '{"functions":[{"name":"a"},{"name":"b"}]}', names: ['a', 'b'] },
  { title: 'list in a list', json: '[[{"name":"a"}],[{"name":"b"}]]', names: ['a', 'b'] },
  { title: 'map by name', json: '{"a":{"description":"A"},"b":{"description":"B"}}', names: ['a', 'b'] },
  { title: 'name with spaces around', json: '[{"name":" a "}]', names: ['a'] }
]

for (const { title, json, names } of lists) {
  t.test(`${title} -> ${names.join(', ')}`, async t => { t.strictSame(parseTools(json).map(tool => tool.name), names) })
}
