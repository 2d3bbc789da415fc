import { isObject } from '../schema/json-value.js'
import type { Message } from '../schema/message.js'
import type { Trajectory } from '../schema/trajectory.js'
import { writeTools, type Row, type TrainingFormat } from './format.js'
import { toPythonJson } from './python-json.js'
import { readCalls, readList, readText, readTools } from './read-values.js'
import { toTrajectory, type Turn } from './turns.js'

/**
 * ms-swift's form: roles `tool_call` (JSON of a call) and `tool_response`, `tools` as a JSON string. It joins the text of an
 * assistant with the calls that follow and puts nothing between them: the line end that the template wants ends the text.
 */
export const msSwiftFormat: TrainingFormat = {
  name: 'ms-swift',
  file: 'jsonl',
  columns: [{ name: 'messages', holds: 'texts', keys: ['role', 'content'] }, { name: 'tools', holds: 'text' }],
  write: ({ messages, tools }) => ({
    messages: messages.flatMap(writeMessage),
    ...writeTools(tools, toPythonJson)
  }),
  read: readMsSwift
}

/** Reads ms-swift's form, also as TOUCAN writes it. Throws a SyntaxError that says what is wrong. */
export function readMsSwift (row: Row): Trajectory {
  return toTrajectory(readList(row['messages'], 'messages').map(readMessage), readTools(row['tools']))
}

function writeMessage (message: Message): object[] {
  if (message.role === 'tool') return [{ role: 'tool_response', content: message.content }]
  if (message.role !== 'assistant' || message.toolCalls.length === 0) return [{ role: message.role, content: message.content }]
  const calls = message.toolCalls.map(({ name, arguments: values }) => ({ role: 'tool_call', content: toPythonJson({ name, arguments: values }) }))
  return [...message.content === '' ? [] : [{ role: 'assistant', content: `${message.content}\n` }], ...calls]
}

function readMessage (value: unknown): Turn {
  if (!isObject(value)) throw new SyntaxError('a message is no object')
  if (value['role'] === 'tool_call') return { role: 'assistant', content: '', calls: readCalls(value['content']) }
  const content = readText(value['content'])
  switch (value['role']) {
    case 'system': case 'user': return { role: value['role'], content }
    case 'assistant': return { role: 'assistant', content, calls: [] }
    case 'tool_response': case 'tool': return { role: 'tool', content }
    default: throw new SyntaxError(`a message has the role ${String(value['role']).slice(0, 40)}`)
  }
}
