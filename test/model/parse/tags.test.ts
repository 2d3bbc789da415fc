import t from 'tap'
import { readTag, readTags, withoutFence } from '../../../lib/model/parse/tags.js'

const values = [
  { title: 'plain', text: '<task>a</task>', value: 'a' },
  { title: 'not there', text: '<tasks>a</tasks>', value: undefined },
  { title: 'spaces, capitals, attribute', text: '< TASK  id="1" >\n a \n</ Task >', value: 'a' },
  { title: 'twice: the last wins', text: '<task>a</task><task>b</task>', value: 'b' },
  { title: 'mentioned before it is used', text: 'I fill <task>: <task>a</task>', value: 'a' },
  { title: 'nested: the innermost', text: '<task><task>a</task></task>', value: 'a' },
  { title: 'self-closing', text: '<task/>', value: '' },
  { title: 'empty', text: '<task> </task>', value: '' },
  { title: 'escaped', text: '<task>&lt;/task> &amp;lt; &gt;</task>', value: '</task> &lt; &gt;' },
  { title: 'fenced inside', text: '<task>\n```json\n[1]\n```\n</task>', value: '[1]' },
  { title: 'stray closing tag', text: '</task><task>a</task></task>', value: 'a' }
]

for (const { title, text, value } of values) {
  t.test(`${title} -> ${JSON.stringify(value)}`, async t => { t.equal(readTag(text, 'task'), value) })
}

t.test('last opening tag not closed -> answer-malformed with tag and offset', async t => {
  t.throws(() => readTag('x <task>a</task> <task>b', 'task'), { code: 'answer-malformed', message: '<task> at offset 17 is not closed', detail: { tag: 'task', offset: 17 } })
  t.throws(() => readTag('<task>a<task>', 'task'), { code: 'answer-malformed' })
})

t.test('several tags in one pass -> a tag inside of a value belongs to the value', async t => {
  t.strictSame(readTags('<steps>click <tools></steps> <tools>[]</tools><actions>', ['steps', 'tools']), { steps: 'click <tools>', tools: '[]' })
})

t.test('fences -> off only if they stand around the whole', async t => {
  for (const [text, inner] of [['```json\na\n```', 'a'], ['```a```', ''], ['``` a\n```', 'a'], ['```\na\n``` b', '```\na\n``` b'], ['```\na\n```\n```\nb\n```', '```\na\n```\n```\nb\n```'], ['```', '```'], [' a ', 'a']] as const) {
    t.equal(withoutFence(text), inner, text)
  }
})
