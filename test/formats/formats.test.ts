import '../support/seed.js'
import fc from 'fast-check'
import t from 'tap'
import { FORMAT_NAMES, FORMATS, readForeign } from '../../lib/formats/index.js'
import { shapeOf } from '../../lib/formats/read-foreign.js'
import type { Message, Trajectory } from '../../lib/schema/index.js'
import { anyTrajectory } from '../support/any-trajectory.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { allTrajectories } from '../support/trajectories.js'

/** As a file gives it back. */
const through = (row: unknown): unknown => JSON.parse(JSON.stringify(row))

for (const name of FORMAT_NAMES) {
  t.test(`any trajectory -> ${name} -> the same trajectory, by its shape alone`, async t => {
    const isSame = (trajectory: Trajectory): boolean => {
      const row = through(FORMATS[name].write(trajectory))
      const read = readForeign(row)
      // Without a call nothing tells Hermes' turns from OpenAI's, nor need it.
      const wanted = through(trajectory)
      return read !== undefined && 'trajectory' in read && JSON.stringify(through(read.trajectory)) === JSON.stringify(wanted) &&
        JSON.stringify(through(FORMATS[name].read(row as Record<string, unknown>))) === JSON.stringify(wanted)
    }
    t.ok([DOOR_TRAJECTORY, ...allTrajectories(14, 5)].every(isSame))
    fc.assert(fc.property(anyTrajectory, isSame))
  })
}

const PARALLEL: Trajectory = {
  tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } }],
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Both, please.' },
    { role: 'assistant', content: 'I look.', toolCalls: [{ id: 'call_0', name: 'look', arguments: { id: 'A' } }, { id: 'call_1', name: 'look', arguments: { id: 'B' } }] },
    { role: 'tool', toolCallId: 'call_0', content: '{"a":1}' },
    { role: 'tool', toolCallId: 'call_1', content: '{"b":1}' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call_2', name: 'look', arguments: { id: 'C' } }] },
    { role: 'tool', toolCallId: 'call_2', content: 'none' },
    { role: 'assistant', content: 'Done.', toolCalls: [] }
  ]
}
const TOOL = { type: 'function', function: PARALLEL.tools[0] }
const TOOL_TEXT = '{"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}}}'
const call = (id: string): string => `{"name": "look", "arguments": {"id": "${id}"}}`

const ROWS = {
  openai: {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Both, please.' },
      { role: 'assistant', content: 'I look.', tool_calls: ['A', 'B'].map((id, at) => ({ id: `call_${at}`, type: 'function', function: { name: 'look', arguments: `{"id": "${id}"}` } })) },
      { role: 'tool', tool_call_id: 'call_0', content: '{"a":1}' },
      { role: 'tool', tool_call_id: 'call_1', content: '{"b":1}' },
      { role: 'assistant', content: '', tool_calls: [{ id: 'call_2', type: 'function', function: { name: 'look', arguments: '{"id": "C"}' } }] },
      { role: 'tool', tool_call_id: 'call_2', content: 'none' },
      { role: 'assistant', content: 'Done.' }
    ],
    tools: [TOOL]
  },
  trl: {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Both, please.' },
      { role: 'assistant', content: 'I look.', tool_calls: ['A', 'B'].map(id => ({ type: 'function', function: { name: 'look', arguments: `{"id": "${id}"}` } })) },
      { role: 'tool', name: 'look', content: '{"a":1}' },
      { role: 'tool', name: 'look', content: '{"b":1}' },
      { role: 'assistant', content: '', tool_calls: [{ type: 'function', function: { name: 'look', arguments: '{"id": "C"}' } }] },
      { role: 'tool', name: 'look', content: 'none' },
      { role: 'assistant', content: 'Done.' }
    ],
    tools: `[${TOOL_TEXT}]`
  },
  sharegpt: {
    conversations: [
      { from: 'human', value: 'Both, please.' },
      { from: 'function_call', value: `I look.\n<tool_call>[${call('A')}, ${call('B')}]</tool_call>` },
      { from: 'observation', value: '{"a":1}\n</tool_response>\n<tool_response>\n{"b":1}' },
      { from: 'function_call', value: call('C') },
      { from: 'observation', value: 'none' },
      { from: 'gpt', value: 'Done.' }
    ],
    system: 'Be brief.',
    tools: `[${TOOL_TEXT}]`
  },
  'ms-swift': {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Both, please.' },
      { role: 'assistant', content: 'I look.\n' },
      { role: 'tool_call', content: call('A') },
      { role: 'tool_call', content: call('B') },
      { role: 'tool_response', content: '{"a":1}' },
      { role: 'tool_response', content: '{"b":1}' },
      { role: 'tool_call', content: call('C') },
      { role: 'tool_response', content: 'none' },
      { role: 'assistant', content: 'Done.' }
    ],
    tools: `[${TOOL_TEXT}]`
  },
  hermes: {
    messages: [
      { role: 'system', content: `Be brief.\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>\n${TOOL_TEXT}\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>` },
      { role: 'user', content: 'Both, please.' },
      { role: 'assistant', content: `I look.\n<tool_call>\n${call('A')}\n</tool_call>\n<tool_call>\n${call('B')}\n</tool_call>` },
      { role: 'user', content: '<tool_response>\n{"a":1}\n</tool_response>\n<tool_response>\n{"b":1}\n</tool_response>' },
      { role: 'assistant', content: `<tool_call>\n${call('C')}\n</tool_call>` },
      { role: 'user', content: '<tool_response>\nnone\n</tool_response>' },
      { role: 'assistant', content: 'Done.' }
    ]
  }
} as const

t.test('parallel calls with text beside them -> in each form this row', async t => {
  for (const name of FORMAT_NAMES) t.strictSame(FORMATS[name].write(PARALLEL), name === 'verl' ? ROWS.hermes : ROWS[name], name)
})

t.test('rows -> their columns and no others; no column of tools where there are none', async t => {
  const plain: Trajectory = { tools: [], messages: [{ role: 'user', content: 'A' }, { role: 'assistant', content: 'B', toolCalls: [] }] }
  for (const name of FORMAT_NAMES) {
    const columns = FORMATS[name].columns.map(column => column.name)
    t.strictSame(Object.keys(FORMATS[name].write(PARALLEL)), columns, name)
    t.strictSame(Object.keys(FORMATS[name].write(plain)), columns.filter(column => column !== 'tools'), name)
  }
  t.strictSame(FORMATS.sharegpt.write(plain)['system'], '')
})

t.test('tools without properties or type -> they get them, inputSchema never appears', async t => {
  const bare: Trajectory = { ...PARALLEL, tools: [{ name: 'ping', description: '', parameters: {} }, { name: 'pong', description: '', parameters: { properties: { a: {} } } }] }
  for (const name of FORMAT_NAMES) {
    const text = JSON.stringify(FORMATS[name].write(bare))
    t.notMatch(text, /inputSchema/)
    t.match(text, /"parameters[\\"]+: ?{[\\"]+type[\\"]+: ?[\\"]+object[\\"]+, ?[\\"]+properties[\\"]+: ?{}}/, name)
    t.match(text, /"parameters[\\"]+: ?{[\\"]+type[\\"]+: ?[\\"]+object[\\"]+, ?[\\"]+properties[\\"]+: ?{[\\"]+a/, name)
  }
})

const said = (content: string): Message => ({ role: 'assistant', content, toolCalls: [] })
const SMALL: readonly [Message, Message, Message, Message] = [{ role: 'user', content: 'Weather?' }, { role: 'assistant', content: '', toolCalls: [{ id: 'call_0', name: 'get', arguments: { city: "Val d'Or" } }] }, { role: 'tool', toolCallId: 'call_0', content: '{"t": 3}' }, said('3 degrees.')]
const GET = { name: 'get', description: 'Gets.', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }

const FOREIGN: ReadonlyArray<{ readonly name: string, readonly shape: string, readonly row: object, readonly trajectory: Trajectory, readonly id?: string }> = [
  {
    name: 'APIGen-MT: bare tools as a string, system in a column',
    shape: 'sharegpt',
    row: {
      conversations: [{ from: 'human', value: 'Weather?' }, { from: 'function_call', value: '{"name": "get", "arguments": {"city": "Val d\'Or"}}' }, { from: 'observation', value: '{"t": 3}' }, { from: 'gpt', value: '3 degrees.' }],
      tools: JSON.stringify([GET]), system: '# Policy'
    },
    trajectory: { tools: [GET], messages: [{ role: 'system', content: '# Policy' }, ...SMALL] }
  },
  {
    name: 'TOUCAN, SFT: JSON strings, calls as Python prints them',
    shape: 'ms-swift',
    id: 'u-1',
    row: {
      uuid: 'u-1', subset_name: 'single-turn', question: 'Weather?', target_tools: 'get', tools: JSON.stringify([{ type: 'function', function: GET }]),
      messages: JSON.stringify([{ role: 'user', content: 'Weather?' }, { role: 'tool_call', content: '{\'name\': \'get\', \'arguments\': \'{"city": "Val d\\\'Or"}\'}' }, { role: 'tool_response', content: '{"t": 3}' }, { role: 'assistant', content: '3 degrees.' }])
    },
    trajectory: { tools: [GET], messages: [...SMALL] }
  },
  {
    name: 'TOUCAN, other parts: function_call, role function, available_tools',
    shape: 'openai',
    id: 'u-2',
    row: {
      uuid: 'u-2', available_tools: JSON.stringify([{ type: 'function', function: GET }]),
      messages: JSON.stringify([
        { role: 'user', content: 'Weather?' }, { role: 'assistant', content: '', function_call: { name: 'get', arguments: '{"city": "Val d\'Or"}' } },
        { role: 'function', name: 'get', content: '{"t": 3}' }, { role: 'assistant', content: '3 degrees.', reasoning_content: 'none' }
      ])
    },
    trajectory: { tools: [GET], messages: [...SMALL] }
  },
  {
    name: "Hermes' function calling: ShareGPT with tags, tools in a prompt of other words, role tool",
    shape: 'sharegpt',
    row: {
      id: 7,
      conversations: [
        { from: 'system', value: `You call functions. Signatures are within <tools></tools> tags. <tools>[${JSON.stringify(GET)}]</tools> Go.` },
        { from: 'human', value: 'Weather?' }, { from: 'gpt', value: '<tool_call>\n{\'arguments\': {\'city\': "Val d\'Or"}, \'name\': \'get\'}\n</tool_call>' },
        { from: 'tool', value: '<tool_response>\n{"t": 3}\n</tool_response>' }, { from: 'gpt', value: '3 degrees.' }
      ]
    },
    id: '7',
    trajectory: { tools: [GET], messages: [{ role: 'system', content: `You call functions. Signatures are within <tools></tools> tags. <tools>[${JSON.stringify(GET)}]</tools> Go.` }, ...SMALL] }
  },
  {
    name: 'OpenAI fine-tuning: content null, ids of their own, parts of text, inputSchema',
    shape: 'openai',
    row: {
      messages: [
        { role: 'developer', content: [{ type: 'text', text: 'Be ' }, { type: 'text', text: 'brief.' }] }, { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: null, tool_calls: [{ id: 'x9', type: 'function', function: { name: 'get', arguments: '{"city": "Val d\'Or"}' } }] },
        { role: 'tool', tool_call_id: 'x9', content: '{"t": 3}' }, { role: 'assistant', content: '3 degrees.', tool_calls: null }
      ],
      tools: [{ name: GET.name, description: GET.description, inputSchema: GET.parameters }]
    },
    trajectory: {
      tools: [GET],
      messages: [
        { role: 'system', content: 'Be brief.' }, SMALL[0], { role: 'assistant', content: '', toolCalls: [{ id: 'x9', name: 'get', arguments: { city: "Val d'Or" } }] },
        { role: 'tool', toolCallId: 'x9', content: '{"t": 3}' }, SMALL[3]
      ]
    }
  },
  {
    name: 'calls after calls, an answer that nobody asked for, no tools',
    shape: 'ms-swift',
    row: { messages: [{ role: 'user', content: 'Go' }, { role: 'assistant', content: 'Yes.' }, { role: 'tool_call', content: { name: 'a' } }, { role: 'tool_call', content: '{"name": "b", "arguments": ""}' }, { role: 'tool', content: '1' }, { role: 'tool', content: '2' }, { role: 'tool', content: '3' }] },
    trajectory: {
      tools: [],
      messages: [
        { role: 'user', content: 'Go' }, { role: 'assistant', content: 'Yes.', toolCalls: [{ id: 'call_0', name: 'a', arguments: {} }, { id: 'call_1', name: 'b', arguments: {} }] },
        { role: 'tool', toolCallId: 'call_0', content: '1' }, { role: 'tool', toolCallId: 'call_1', content: '2' }, { role: 'tool', toolCallId: 'unasked_4', content: '3' }
      ]
    }
  }
]

t.test("rows of other people's sets -> their trajectory", async t => {
  for (const { name, shape, row, trajectory, id } of FOREIGN) t.strictSame(readForeign(row), { shape, trajectory, id }, name)
})

t.test('rows that are broken -> a problem that is named, never a throw', async t => {
  const user = { role: 'user', content: 'A' }
  const cases = [
    { row: { messages: 'no list' }, problem: /messages is no list/ },
    { row: { messages: {} }, problem: /messages is no list/ },
    { row: { messages: [user, 5] }, problem: /a message is no object/ },
    { row: { messages: [{ role: 'narrator', content: 'A' }] }, problem: /role narrator/ },
    { row: { messages: [{ role: 'user', content: 5 }] }, problem: /content of a message is no text/ },
    { row: { messages: [user, { role: 'assistant', content: '', tool_calls: [{ function: { name: 'a', arguments: '[1]' } }] }] }, problem: /arguments of a are no object/ },
    { row: { messages: [user, { role: 'assistant', content: '', tool_calls: [{}] }] }, problem: /a call has no name/ },
    { row: { messages: [user, { role: 'assistant', content: '<tool_call>{"name": "a"}' }] }, problem: /<tool_call> is not closed/ },
    { row: { messages: [user, { role: 'tool_call', content: 'look it up' }] }, problem: /no JSON|no name/ },
    { row: { conversations: [{ from: 'bot', value: 'A' }] }, problem: /from bot/ },
    { row: { conversations: [], tools: '[{"description": "no name"}]' }, problem: /a tool has no name/ },
    { row: { conversations: [], tools: [{ name: 'a', parameters: [] }] }, problem: /parameters of tool a are no object/ }
  ]
  for (const { row, problem } of cases) {
    const read = readForeign(row)
    t.match(read !== undefined && 'problem' in read ? read.problem : read, problem, JSON.stringify(row))
  }
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  t.ok(readForeign({ messages: [user, { role: 'tool_call', content: `{"name": "a", "arguments": {"b": ${deep}}}` }] }), 'deep values end nothing')
  t.strictSame(readForeign([user], 'openai'), { shape: 'openai', problem: 'a row must be an object' })
})

t.test('values that are nobody’s rows -> undefined; a shape that is forced -> read so', async t => {
  for (const value of [null, 5, [], {}, { text: 'A' }]) t.equal(readForeign(value), undefined)
  const row = { messages: [{ role: 'user', content: 'A' }, { role: 'assistant', content: 'See <tool_call>{"name": "a"}</tool_call>' }] }
  t.equal(shapeOf(row), 'hermes')
  const read = readForeign(row, 'openai')
  t.strictSame(read !== undefined && 'trajectory' in read && read.trajectory.messages[1], said('See <tool_call>{"name": "a"}</tool_call>'))
})
