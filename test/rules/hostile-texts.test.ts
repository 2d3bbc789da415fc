// Catches: a rule of wording or arithmetic whose work grows faster than the text (this test then does not end in its time),
// throws, or quotes without bound. Cannot show how long it takes elsewhere.
import t from 'tap'
import { checkTrajectory, type TrajectoryCheck } from '../../lib/rules/index.js'
import type { Message, Trajectory } from '../../lib/schema/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

const TOOLS = [tool('get_thing', 'Reads a thing.', { id: string('Id') })]
const MEGABYTE = 1_000_000

/** Grounding has hostile texts of its own. */
const check = (trajectory: Trajectory, source?: string): TrajectoryCheck => checkTrajectory(trajectory, { source, rules: { grounding: 'off' } })

const isBounded = ({ findings }: TrajectoryCheck): boolean => findings.length < 10_000 &&
  findings.every(({ message, where }) => message.length < 400 && !message.includes('\n\n\n') && [where.call, where.tool, where.path].every(place => (place?.length ?? 0) <= 200))

/** What patterns with a beginning and no end look for. */
const SEEDS = [
  '<', '<a_', '{{', '[insert ', '"', '“', '‘', '\'', '`', '```', '\\n', '\\u00', '&lt;', 'the text ', 'according to the ', '1', '1,', '1 x ', '12:3', '$1 ', '12.34 ', 'a.', 'a-', 'a@', '// ', '...', '# ', '### ',
  '中', '中的', 'я ', 'яa', 'あ', 'A', 'I have ', 'I have cancelled ', 'your a a a ', 'can\'t ', 'Pattern 1: ', '<|a', '1 day ', '2025-01-01 ', 'ORD-1234 ', '\n', '. '
]

t.test('a megabyte of what never ends, in every place -> findings that are bounded', t => {
  for (const seed of SEEDS) {
    const text = seed.repeat(Math.ceil(MEGABYTE / seed.length))
    const trajectory = dialogue(text, TOOLS).user(text).call('get_thing', { id: text }, text, text).call('get_thing', { id: 'x' }, { a: text, [text]: 1 }).say(text).end()
    t.ok(isBounded(check(trajectory, text)), JSON.stringify(seed))
  }
  t.end()
})

const many = (count: number, item: (index: number) => unknown): unknown[] => Array.from({ length: count }, (_, index) => item(index))
const OBSERVATIONS: ReadonlyArray<{ readonly title: string, readonly content: string }> = [
  { title: 'lists deeper than the stack', content: '['.repeat(200_000) + ']'.repeat(200_000) },
  { title: 'objects deeper than the stack', content: '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000) },
  { title: 'a long list', content: JSON.stringify(many(100_000, id => ({ id }))) },
  { title: 'many keys', content: JSON.stringify(Object.fromEntries(many(60_000, index => [`k${index as number}`, index]) as Array<[string, unknown]>)) },
  { title: 'many lines', content: JSON.stringify({ total: 5, items: many(20_000, price => ({ price, quantity: 2, tax: 1, fee: 2, discount: 3 })) }) },
  { title: 'many reckonings', content: JSON.stringify(many(1_500, total => ({ subtotal: 1, tax: 1, fee: 2, discount: 3, tip: 4, total, nights: 3, quantity: 4, seats: 5, days: 6, unit_price: 2, gross: 1, net: 1.5, a: 3, b: 4 }))) },
  { title: 'names of every object', content: '{"__proto__": {"total": 1}, "constructor": {"items": [{"price": 1}], "total": 5}, "toString": "...", "hasOwnProperty": 3}' }
]

t.test('observations without bounds -> findings that are bounded', t => {
  for (const { title, content } of OBSERVATIONS) {
    const script = dialogue('Within 14 days.', TOOLS).user('x')
    for (let times = 0; times < 3; times++) script.call('get_thing', { id: 'x' }, content)
    t.ok(isBounded(check(script.say('Done.').end())), title)
  }
  t.end()
})

t.test('five thousand messages that break many rules -> findings that are bounded', t => {
  const messages: Message[] = [{ role: 'system', content: 'Returns within 30 days. At most 5 items, $20.' }]
  for (let round = 0; round < 1_250; round++) {
    messages.push(
      { role: 'user', content: `Please do number ${round} for ORD-${10_000 + round}, it costs $${round}.17, as the article says.` },
      { role: 'assistant', content: `I have cancelled ${round}. I can't do that. It is $${round * 7}.93.`, toolCalls: [{ id: `c${round}`, name: 'get_thing', arguments: { id: `ORD-${10_000 + round}` } }] },
      { role: 'tool', toolCallId: `c${round}`, content: JSON.stringify({ [`k${'x'.repeat(round % 50)}`]: round, total: round + 0.5, items: [{ price: round }] }) },
      { role: 'assistant', content: `I've refunded it: ${round}.55 kg. According to the passage that is so.`, toolCalls: [] })
  }
  const result = check({ tools: TOOLS, messages }, 'Returns within 45 days.')
  t.ok(isBounded(result))
  t.ok((result.patterns['rule-conflict'] ?? 0) <= 1_250)
  t.end()
})
