import t from 'tap'
import { splitReasoning } from '../../../lib/model/parse/split-reasoning.js'
import { escapeWire } from '../../../lib/schema/wire.js'

const cases = [
  { title: 'no block: nothing is trimmed', text: ' a ', split: { text: ' a ' } },
  { title: 'block before', text: '<think>\nhm\n</think>\n\nanswer', split: { text: 'answer', reasoning: 'hm' } },
  { title: 'empty block', text: '<think>\n\n</think>\n\nanswer', split: { text: 'answer' } },
  { title: 'several blocks', text: '<think>a</think>x<think>b</think>y', split: { text: 'xy', reasoning: 'a\n\nb' } },
  { title: 'block without an end', text: 'x <think>hm', split: { text: 'x', reasoning: 'hm' } },
  { title: 'nothing but a block without an end', text: '<think>hm', split: { text: '', reasoning: 'hm' } },
  { title: 'only the closing tag', text: 'hm\n</think>\nanswer', split: { text: 'answer', reasoning: 'hm' } },
  { title: 'further stray closing tag', text: '<think>a</think> answer </think>', split: { text: 'answer', reasoning: 'a' } },
  { title: 'balanced inner block', text: '<think>a <think>b</think> c</think>answer', split: { text: 'answer', reasoning: 'a <think>b</think> c' } },
  { title: 'mention of the opening tag inside', text: '<think>I am in <think> now</think>answer', split: { text: 'answer', reasoning: 'I am in <think> now' } },
  { title: 'capitals and spaces', text: '< THINK >a</ Think >b', split: { text: 'b', reasoning: 'a' } },
  { title: 'escaped tag is text', text: escapeWire('<think>a</think>'), split: { text: '&lt;think>a&lt;/think>' } }
]

for (const { title, text, split } of cases) {
  t.test(`${title} -> ${JSON.stringify(split.text)}`, async t => { t.strictSame(splitReasoning(text), split) })
}

t.test('reasoning of the server -> first, blocks behind it', async t => {
  t.strictSame(splitReasoning('<think>b</think>x', 'a'), { text: 'x', reasoning: 'a\n\nb' })
  t.strictSame(splitReasoning('x', ''), { text: 'x' })
})
