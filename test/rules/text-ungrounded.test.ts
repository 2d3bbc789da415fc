import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, number, string, tool } from '../support/dialogue.js'

const TOOLS = [tool('quote', 'Prices an order, up to 400 kg.', { order_id: string('Order'), 'discount?': number('Per cent', { maximum: 35 }) })]
const ANSWER = { order_id: 'ORD-4417', lines: [{ amount: '149.00' }, { amount: '51.50' }, { amount: '20.00' }], total: '220.50', weight_kg: 71.4 }

function found (text: string): string[] {
  const trajectory = dialogue('Returns within 45 days. Delivery is $12.', TOOLS).user('What is ORD-4417? I have 2 boxes, write to ada@mail.example').call('quote', { order_id: 'ORD-4417' }, ANSWER).say(text).say(text).end()
  return checkTrajectory(trajectory).findings.filter(({ rule }) => rule === 'text-ungrounded').map(({ mode, message, where }) => `${mode} ${where.message ?? ''} ${/^"(.*)" has/.exec(message)?.[1] ?? ''}`)
}

const WRONG = [
  { text: 'That is $310.', found: ['report 4 $310'] },
  { text: 'With the battery it would have been 318.40.', found: ['report 4 318.40'] },
  { text: 'Returns within 60 days, at 83 % off.', found: ['report 4 60 days', 'report 4 83 %'] },
  { text: 'It weighs 93 kg.', found: ['report 4 93 kg'] },
  { text: 'Your reference is RF-88120.', found: ['report 4 RF-88120'] },
  { text: 'I wrote to ada@post.example.', found: ['report 4 ada@post.example'] },
  { text: 'Order ORD-4471 is ready.', found: ['report 4 ORD-4471'] }
]

t.test('amounts, units, ids and addresses that nobody gave -> reported once', t => {
  for (const { text, found: wanted } of WRONG) t.same(found(text), wanted, text)
  t.end()
})

const RIGHT = [
  'ORD-4417 comes to $220.50, or 220.50 with the 149.00 of the first line; order 4417 weighs 71.4 kg, so about 71 kg.',
  'The first two lines are 200.50, the last two 71.50, and half of it is 110.25; two boxes of 20.00 are 40.00.',
  'With delivery it is 232.50. You may return it within 45 days, and I wrote to ada@mail.example.',
  'At most 400 kg, and 35 % off.',
  'It takes 5 days, or 10 minutes, in 3 steps, version 3.12, at 14.30, on page 77.',
  'Use `--price 318.40` there.'
]

t.test('what was said, or follows in one step -> nothing', t => {
  for (const text of RIGHT) t.same(found(text), [], text)
  t.end()
})

t.test('spans of time beside dates -> not judged: dates give them', t => {
  const trajectory = (system: string) => dialogue(system, TOOLS).user('ORD-4417').call('quote', { order_id: 'ORD-4417' }, ANSWER).say('That was 137 days ago.').end()
  const spans = (system: string): number => checkTrajectory(trajectory(system)).findings.filter(({ rule }) => rule === 'text-ungrounded').length
  t.same([spans('You help.'), spans('Today is 2025-05-08.')], [1, 0])
  t.end()
})
