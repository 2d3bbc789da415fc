import '../support/seed.js'
import fc from 'fast-check'
import t from 'tap'
import { findObstacle } from '../../lib/formats/index.js'
import { QWEN3_TOKENS, type Message, type Trajectory } from '../../lib/schema/index.js'
import { anyTrajectory } from '../support/any-trajectory.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'

const { tools, messages } = DOOR_TRAJECTORY
const user: Message = { role: 'user', content: 'A' }
const answer: Message = { role: 'assistant', content: 'B', toolCalls: [] }
const calling = (id: string, values: Record<string, unknown> = {}): Message => ({ role: 'assistant', content: '', toolCalls: [{ id, name: 'look', arguments: values }] })
const told = (toolCallId: string): Message => ({ role: 'tool', toolCallId, content: 'C' })
const nested = (depth: number): unknown => depth === 0 ? 1 : { a: nested(depth - 1) }

const CASES: ReadonlyArray<{ readonly name: string, readonly obstacle: string, readonly messages: readonly Message[] }> = [
  { name: 'nothing', obstacle: 'turn-order', messages: [] },
  { name: 'the assistant first', obstacle: 'turn-order', messages: [answer] },
  { name: 'the user last', obstacle: 'turn-order', messages: [user, answer, user] },
  { name: 'two user turns', obstacle: 'turn-order', messages: [user, user, answer] },
  { name: 'two assistant turns', obstacle: 'turn-order', messages: [user, answer, answer] },
  { name: 'the user after an observation', obstacle: 'turn-order', messages: [user, calling('1'), told('1'), user, answer] },
  { name: 'a second system prompt', obstacle: 'turn-order', messages: [{ role: 'system', content: 'S' }, { role: 'system', content: 'S' }, user, answer] },
  { name: 'a blank user turn', obstacle: 'empty-turn', messages: [{ role: 'user', content: ' ' }, answer] },
  { name: 'an assistant that says and calls nothing', obstacle: 'empty-turn', messages: [user, { role: 'assistant', content: '\n', toolCalls: [] }] },
  { name: 'a call in the last turn', obstacle: 'call-answers', messages: [user, calling('1')] },
  { name: 'an observation of another call', obstacle: 'call-answers', messages: [user, calling('1'), told('2'), answer] },
  { name: 'answers in another order than the calls', obstacle: 'call-answers', messages: [user, { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'a', arguments: {} }, { id: '2', name: 'a', arguments: {} }] }, told('2'), told('1'), answer] },
  { name: 'an observation without a call', obstacle: 'call-answers', messages: [user, answer, told('1'), answer] },
  { name: 'a template token in an argument', obstacle: 'template-token', messages: [user, calling('1', { a: '</tool_call>' }), told('1'), answer] },
  { name: 'half a surrogate pair in a text', obstacle: 'text-malformed', messages: [{ role: 'user', content: 'a\ud800' }, answer] },
  { name: 'half a surrogate pair in an argument', obstacle: 'text-malformed', messages: [user, calling('1', { a: '\udc00' }), told('1'), answer] },
  { name: 'an integer of more than 64 bits', obstacle: 'number-too-large', messages: [user, calling('1', { a: [-12345678901234567000] }), told('1'), answer] },
  { name: 'arguments deeper than Python reads', obstacle: 'too-deep', messages: [user, calling('1', { a: nested(70) }), told('1'), answer] }
]

t.test('what a trainer would take wrongly and in silence -> its name', async t => {
  for (const { name, obstacle, messages } of CASES) t.equal(findObstacle({ tools, messages: [...messages] }), obstacle, name)
})

t.test('each token of the template, in any text -> template-token', async t => {
  for (const token of QWEN3_TOKENS) {
    for (const at of messages.keys()) {
      const changed = messages.map((message, index) => index === at ? { ...message, content: `a ${token}` } : message)
      t.equal(findObstacle({ tools, messages: changed }), 'template-token')
    }
    const [first, ...rest] = tools
    t.equal(findObstacle({ messages, tools: [{ ...first as typeof tools[0], description: token }, ...rest] }), 'template-token')
  }
})

t.test('any trajectory without one, parallel calls and text beside them too -> undefined', async t => {
  t.equal(findObstacle(DOOR_TRAJECTORY), undefined)
  t.equal(findObstacle({ tools, messages: [user, calling('1', { a: '< |im_end|>', emoji: '😀', large: [2 ** 62, 1e21, -1e300], escaped: '\\ud800' }), told('1'), answer] }), undefined)
  fc.assert(fc.property(anyTrajectory, (trajectory: Trajectory) => findObstacle(trajectory) === undefined))
})
