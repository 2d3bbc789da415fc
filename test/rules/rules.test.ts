import t from 'tap'
import { checkTrajectory, RULES } from '../../lib/rules/index.js'
import type { Message, ToolDefinition, Trajectory } from '../../lib/schema/index.js'
import { dialogue, integer, list, record, string, tool } from '../support/dialogue.js'

const TOOLS = [
  tool('find_order', 'Finds an order.', { order_id: string('Order'), 'with?': list(string('Part', { enum: ['items', 'address'] }), 'Parts') }),
  tool('cancel_order', 'Cancels an order.', { order_id: string('Order'), 'options?': record({ 'refund?': { type: 'boolean' }, 'copies?': integer('Copies') }, 'Options') })
]
const VALID = dialogue('You help with orders. Orders can be cancelled within 30 days.', TOOLS)
  .user('Please cancel ORD-4417.')
  .call('find_order', { order_id: 'ORD-4417', with: ['items'] }, { order_id: 'ORD-4417', state: 'open' })
  .say('It is open. Cancel it?')
  .user('Yes')
  .call('cancel_order', { order_id: 'ORD-4417', options: { refund: true } }, { state: 'cancelled' })
  .say('It is cancelled.')
  .end()

type Loose = { tools: ToolDefinition[], messages: Message[] }

/** A copy of the valid trajectory, changed. Indexes: 0 system, 1 user, 2 call, 3 tool, 4 say, 5 user, 6 call, 7 tool, 8 say. */
const changed = (change: (draft: Loose) => void): Trajectory => {
  const draft = structuredClone(VALID) as Loose
  change(draft)
  return draft
}
const put = (draft: Loose, index: number, part: object): void => { draft.messages[index] = { ...draft.messages[index], ...part } as Message }
const callAt = (index: number, args: object, name = 'cancel_order') => (draft: Loose): void => {
  put(draft, index, { toolCalls: [{ id: index === 2 ? 'call_0' : 'call_1', name: index === 2 ? 'find_order' : name, arguments: args }] })
}
const parameters = (schema: object) => (draft: Loose): void => { draft.tools.push({ name: 'extra', description: 'Not called.', parameters: { type: 'object', properties: {}, ...schema } }) }
const rulesOf = (trajectory: Trajectory): string[] => [...new Set(checkTrajectory(trajectory).findings.filter(({ mode }) => mode === 'drop').map(({ rule }) => rule))]

const REJECTED: ReadonlyArray<{ rule: string, title: string, change: (draft: Loose) => void }> = [
  { rule: 'tool-definition', title: 'a name with a space', change: draft => { draft.tools.push({ ...TOOLS[0] as ToolDefinition, name: 'find my order' }) } },
  { rule: 'tool-definition', title: 'a blank description', change: draft => { draft.tools.push({ ...TOOLS[0] as ToolDefinition, name: 'other', description: ' ' }) } },
  { rule: 'tool-definition', title: 'no properties', change: parameters({ properties: undefined }) },
  { rule: 'tool-definition', title: 'a type that does not exist', change: parameters({ properties: { count: { type: 'int' } } }) },
  { rule: 'tool-definition', title: 'a remote reference', change: parameters({ properties: { a: { $ref: 'http://localhost/a.json' } } }) },
  { rule: 'tool-definition', title: 'an asynchronous schema', change: parameters({ $async: true }) },
  { rule: 'tool-definition', title: 'a required argument that is not declared', change: parameters({ required: ['missing'] }) },
  { rule: 'tool-definition', title: 'a property named __proto__', change: parameters({ properties: JSON.parse('{"__proto__": {"type": "string"}}') as object }) },
  { rule: 'tool-definition', title: 'a schema deeper than the bounds', change: parameters({ properties: { a: nested(60) } }) },
  { rule: 'tool-definition', title: 'a schema deeper than the stack', change: parameters({ properties: { a: nested(200_000) } }) },
  { rule: 'tool-definition', title: 'references that double thirty times', change: parameters({ properties: { a: { $ref: '#/$defs/d0' } }, $defs: doubling(30) }) },
  { rule: 'tool-definition', title: 'more tools than anybody needs', change: draft => { for (let n = 0; n < 200; n++) draft.tools.push({ name: `t${n}`, description: 'One.', parameters: { type: 'object', properties: {} } }) } },
  { rule: 'tool-name-unique', title: 'one name twice', change: draft => { draft.tools.push({ name: 'find_order', description: 'Again.', parameters: { type: 'object', properties: {} } }) } },
  { rule: 'tags-unclosed', title: 'a leftover role tag', change: draft => put(draft, 4, { content: 'It is open.</assistant>' }) },
  { rule: 'tags-unclosed', title: 'a call inside the text', change: draft => put(draft, 4, { content: 'Wait <func>{"name": "find_order"}</func>' }) },
  { rule: 'tags-unclosed', title: 'one half of a quotable tag', change: draft => put(draft, 5, { content: 'Yes </user>' }) },
  { rule: 'tags-unclosed', title: 'a tag in an argument', change: callAt(2, { order_id: 'ORD-4417</func> please' }) },
  { rule: 'turn-empty', title: 'an empty user turn', change: draft => put(draft, 5, { content: ' \n' }) },
  { rule: 'turn-empty', title: 'an empty observation', change: draft => put(draft, 7, { content: '' }) },
  { rule: 'turn-empty', title: 'an assistant with neither text nor call', change: draft => put(draft, 8, { content: '' }) },
  { rule: 'turn-order', title: 'no system prompt', change: draft => { draft.messages.shift() } },
  { rule: 'turn-order', title: 'tool, then user', change: draft => { draft.messages.splice(4, 1) } },
  { rule: 'turn-order', title: 'assistant after assistant', change: draft => { draft.messages.splice(4, 0, { role: 'assistant', content: 'One moment.', toolCalls: [] }) } },
  { rule: 'turn-order', title: 'the observation before its call', change: draft => { draft.messages.splice(6, 2, ...[draft.messages[7], draft.messages[6]] as Message[]) } },
  { rule: 'turn-order', title: 'a last word of the user', change: draft => { draft.messages.push({ role: 'user', content: 'Bye' }) } },
  { rule: 'turn-order', title: 'a second system prompt', change: draft => { draft.messages.splice(5, 0, { role: 'system', content: 'Be kind.' }) } },
  { rule: 'call-observation', title: 'a call without observation', change: draft => { draft.messages.splice(7, 1) } },
  { rule: 'call-observation', title: 'two observations of one call', change: draft => { draft.messages.splice(7, 0, draft.messages[7] as Message) } },
  { rule: 'call-observation', title: 'an observation of nothing', change: draft => { draft.messages.splice(8, 0, { role: 'tool', toolCallId: 'call_9', content: '{}' }) } },
  { rule: 'call-tool-known', title: 'a tool that is not defined', change: callAt(6, { order_id: 'ORD-4417' }, 'delete_order') },
  { rule: 'argument-name', title: 'an undeclared argument', change: callAt(2, { order_id: 'ORD-4417', limit: 5 }) },
  { rule: 'argument-name', title: 'an undeclared nested argument', change: callAt(6, { order_id: 'ORD-4417', options: { refund: true, force: true } }) },
  { rule: 'argument-name', title: 'an argument named like a method', change: callAt(2, { order_id: 'ORD-4417', constructor: 'x' }) },
  { rule: 'argument-required', title: 'a missing argument', change: callAt(6, { options: {} }) },
  { rule: 'argument-type', title: 'a number for a text', change: callAt(6, { order_id: 4417 }) },
  { rule: 'argument-type', title: 'null for a text', change: callAt(6, { order_id: 'ORD-4417', options: null }) },
  { rule: 'argument-type', title: 'half an integer', change: callAt(6, { order_id: 'ORD-4417', options: { copies: 1.5 } }) },
  { rule: 'argument-type', title: 'a value outside the enum', change: callAt(2, { order_id: 'ORD-4417', with: ['weight'] }) },
  { rule: 'argument-type', title: 'arguments deeper than the stack', change: callAt(6, { order_id: 'ORD-4417', options: nested(200_000) }) },
  { rule: 'observation-structure', title: 'a bare number', change: draft => put(draft, 7, { content: '17' }) },
  { rule: 'observation-structure', title: 'a bare text', change: draft => put(draft, 7, { content: '"done"' }) },
  { rule: 'observation-structure', title: 'JSON that breaks off', change: draft => put(draft, 7, { content: '{"state": "cancelled", "refund": {"amount": 1' }) },
  { rule: 'observation-structure', title: 'an error in Python', change: draft => put(draft, 7, { content: "{'error': 'not found'}" }) },
  { rule: 'calls-per-turn', title: 'two calls in one turn', change: twoCalls },
  { rule: 'observation-unstructured', title: 'a success in prose', change: draft => put(draft, 7, { content: 'Your order went through.' }) },
  { rule: 'observation-unstructured', title: 'a long error', change: draft => put(draft, 7, { content: `Error: ${'this failed. '.repeat(60)}` }) },
  { rule: 'meta-leak', title: 'a template token', change: draft => put(draft, 5, { content: 'Yes<|im_end|>' }) },
  { rule: 'meta-leak', title: 'the source text', change: draft => put(draft, 8, { content: 'It is cancelled, as described in the article.' }) },
  { rule: 'placeholder', title: 'an elided list', change: draft => put(draft, 3, { content: '{"order_id": "ORD-4417", "items": ["boots", "..."]}' }) },
  { rule: 'placeholder', title: 'a name to be filled in', change: draft => put(draft, 4, { content: 'Dear [insert name], it is open. Cancel it?' }) },
  { rule: 'language', title: 'a German turn', change: draft => put(draft, 5, { content: 'Ja, bitte stornieren Sie die Bestellung, weil ich sie nicht mehr brauche und das Geld lieber wieder auf meinem Konto haben will.' }) },
  { rule: 'language', title: 'a Chinese clause', change: draft => put(draft, 8, { content: 'It is cancelled. 您的订单已经取消了,请放心。' }) },
  { rule: 'repeated-call', title: 'one question three times', change: draft => { draft.messages.splice(4, 0, ...repeats(2)) } },
  { rule: 'calls-too-few', title: 'one call', change: draft => { draft.messages.splice(5, 3, { role: 'user', content: 'No.' }) } },
  { rule: 'grounding', title: 'an id that nobody said', change: callAt(6, { order_id: 'ORD-4418' }) },
  { rule: 'grounding', title: 'an id that only the answer says', change: draft => { callAt(6, { order_id: 'ORD-9090' })(draft); put(draft, 7, { content: '{"order_id": "ORD-9090"}' }) } },
  { rule: 'grounding', title: 'an id that only the assistant says', change: draft => { put(draft, 4, { content: 'Cancel ORD-9090?' }); callAt(6, { order_id: 'ORD-9090' })(draft) } },
  { rule: 'grounding', title: 'part of a longer id', change: draft => { put(draft, 1, { content: 'Cancel ORD-4417-88, and look at ORD-5555.' }); put(draft, 3, { content: '{"state": "open"}' }); callAt(2, { order_id: 'ORD-5555' })(draft) } }
]

function twoCalls (draft: Loose): void {
  draft.messages.splice(2, 2,
    { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'find_order', arguments: { order_id: 'ORD-4417' } }, { id: 'b', name: 'find_order', arguments: { order_id: 'ord-4417' } }] },
    { role: 'tool', toolCallId: 'a', content: '{}' }, { role: 'tool', toolCallId: 'b', content: '{}' })
}

/** The first call once more, so many times, with its answer. */
function repeats (times: number): Message[] {
  return Array.from({ length: times }, (_, index): Message[] => [
    { role: 'assistant', content: '', toolCalls: [{ id: `again_${index}`, name: 'find_order', arguments: { with: ['items'], order_id: 'ORD-4417' } }] },
    { role: 'tool', toolCallId: `again_${index}`, content: '{"order_id":"ORD-4417","state":"open"}' }
  ]).flat()
}

function nested (depth: number): object {
  let node: object = { type: 'string' }
  for (let level = 0; level < depth; level++) node = { type: 'object', properties: { a: node } }
  return node
}

function doubling (levels: number): object {
  const defs = Array.from({ length: levels }, (_, level) => [`d${level}`, level === levels - 1 ? { type: 'string' } : { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] }])
  return Object.fromEntries(defs) as object
}

t.test('the valid trajectory -> no finding', t => {
  t.same(checkTrajectory(VALID, { source: 'Orders can be cancelled within 30 days.' }), { findings: [], grounding: { user: 2, schema: 1, trivial: 1 }, patterns: {} })
  t.end()
})

t.test('a trajectory broken in one way -> exactly the one rule drops it', t => {
  for (const { rule, title, change } of REJECTED) t.same(rulesOf(changed(change)), [rule], `${rule}: ${title}`)
  t.end()
})

t.test('every rule that drops -> has a trajectory that only it rejects', t => {
  const dropping = RULES.filter(({ mode }) => mode === 'drop').map(({ name }) => name)
  t.same(dropping.filter(name => !REJECTED.some(({ rule }) => rule === name)), [])
  t.same(new Set(RULES.map(({ name }) => name)).size, RULES.length)
  t.end()
})

t.test('an error that answers a call which the definition forbids -> both rules', t => {
  const broken = changed(draft => { callAt(6, { options: {} })(draft); put(draft, 7, { content: 'Error: order_id is required' }) })
  t.same(rulesOf(broken), ['argument-required', 'observation-structure'])
  t.end()
})

const PASSED: ReadonlyArray<{ title: string, change: (draft: Loose) => void }> = [
  { title: 'HTML and balanced XML in a text', change: draft => put(draft, 5, { content: 'Yes, the page says <b>open</b>, <br/> and <user>me</user> in the export.' }) },
  { title: 'a short error as text', change: draft => put(draft, 3, { content: 'Order not found' }) },
  { title: 'an error as an object', change: draft => put(draft, 3, { content: '{"status": "error", "message": "try later"}' }) },
  { title: 'an empty list', change: draft => put(draft, 3, { content: '[]' }) },
  { title: 'one question twice', change: draft => { draft.messages.splice(4, 0, ...repeats(1)) } },
  { title: 'an ellipsis of speech', change: draft => put(draft, 5, { content: 'Hmm... let me think. Yes…' }) },
  { title: 'a tool without arguments', change: parameters({}) },
  { title: 'a type list and null', change: parameters({ properties: { a: { type: ['string', 'null'] }, b: { type: 'string', nullable: true }, c: { nullable: true } } }) },
  { title: 'an unknown format and keyword', change: parameters({ properties: { a: { type: 'string', format: 'iban', example: 'x', unit: 'kg' } } }) },
  { title: 'a newer dialect', change: parameters({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://a.example/b', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'string' } } }) },
  { title: 'a schema that contains itself', change: parameters({ properties: { tree: { $ref: '#/$defs/node' } }, $defs: { node: { type: 'object', properties: { left: { $ref: '#/$defs/node' }, right: { $ref: '#/$defs/node' } } } } }) },
  { title: 'a reference that leads to itself', change: parameters({ properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { $ref: '#/$defs/a' } } }) }
]

t.test('what looks odd and is valid -> no rule that drops', t => {
  for (const { title, change } of PASSED) t.same(checkTrajectory(changed(change)).findings, [], title)
  t.end()
})

t.test('rules off -> not run; grounding off -> no classes', t => {
  const broken = changed(callAt(6, { order_id: 'ORD-4418' }))
  t.same(checkTrajectory(broken, { rules: { grounding: 'off' } }), { findings: [], grounding: {}, patterns: {} })
  t.same(checkTrajectory(broken, { rules: { grounding: 'report' } }).findings.map(({ mode }) => mode), ['report'])
  t.end()
})
