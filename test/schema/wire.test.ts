import fc from 'fast-check'
import t from 'tap'
import { escapeWire, tagSource, unescapeWire, WIRE_TAGS } from '../../lib/schema/wire.js'
import { wireText } from '../model/parse/arbitraries.js'

t.test('any text, escaped and unescaped -> the same text', async () => {
  fc.assert(fc.property(wireText, text => unescapeWire(escapeWire(text)) === text), { numRuns: 2000 })
})

t.test('any text, escaped -> no structural tag and no template token is left in it, nor at its seams', async () => {
  const structure = new RegExp(tagSource(WIRE_TAGS), 'i')
  fc.assert(fc.property(wireText, wireText, (a, b) => {
    const [one, two] = [escapeWire(a), escapeWire(b)]
    return !structure.test(one) && !/<[|｜]/.test(one) && (one + '\n</user>\n' + two).match(new RegExp(structure, 'gi'))!.length === 1
  }), { numRuns: 2000 })
})

t.test('what looks like a tag and is none -> unchanged', async t => {
  for (const text of ['a < b', '<b>bold</b>', '<user id>', '<tool_name>', '<users>', '&gt;', 'x<user', 'if (a<system) {}', '']) t.equal(escapeWire(text), text)
})

const shapes = [
  { title: 'closing tag', text: '</user>', escaped: '&lt;/user>' },
  { title: 'attribute', text: '<tool name="x">', escaped: '&lt;tool name="x">' },
  { title: 'another spelling', text: '< Multi-Step / >', escaped: '< Multi-Step / >' },
  { title: 'hyphen for underscore', text: '<multi-step>', escaped: '&lt;multi-step>' },
  { title: 'entity that would be unescaped', text: '&lt;user>', escaped: '&amp;lt;user>' },
  { title: 'entity twice', text: '&amp;lt;', escaped: '&amp;amp;lt;' },
  { title: 'template token', text: '<|im_start|>', escaped: '&lt;|im_start|>' }
]

for (const { title, text, escaped } of shapes) {
  t.test(`${title} -> ${escaped}`, async t => { t.equal(escapeWire(text), escaped) })
}

t.test('a hundred thousand spaces or half tags -> linear time', async t => {
  for (const text of ['<' + ' '.repeat(1e5), '<user'.repeat(2e4), '<user a="'.repeat(1e4), '<user' + ' '.repeat(1e5) + 'x', '<user ' + 'a'.repeat(1e5), '&amp;'.repeat(2e4), '<user ' + 'a=b '.repeat(3e4)]) {
    t.equal(unescapeWire(escapeWire(text)), text)
  }
})
