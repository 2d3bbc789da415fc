import { isObject } from '../schema/json-value.js'
import type { Trajectory } from '../schema/trajectory.js'
import { groupObservations, splitSystem, writeTools, type Row, type TrainingFormat } from './format.js'
import { toPythonJson } from './python-json.js'
import { readCalls, readList, readText, readTools } from './read-values.js'
import { readTagged, splitCalls } from './tagged-text.js'
import { toTrajectory, type Turn } from './turns.js'

/** What parts the observations of parallel calls in one value; LLaMA-Factory joins them so itself. */
const BETWEEN = '\n</tool_response>\n<tool_response>\n'

/**
 * LLaMA-Factory's ShareGPT: `conversations` of `from` and `value`, `system`, `tools` as a JSON string. Arguments are objects.
 * A call is JSON; where the assistant also says something, the text and then the JSON in call tags, which is how it survives.
 */
export const sharegptFormat: TrainingFormat = {
  name: 'sharegpt',
  file: 'jsonl',
  columns: [{ name: 'conversations', holds: 'texts', keys: ['from', 'value'] }, { name: 'system', holds: 'text' }, { name: 'tools', holds: 'text' }],
  write: ({ messages, tools }) => {
    const { system, rest } = splitSystem(messages)
    const conversations = groupObservations(rest).map(writeTurn)
    return { conversations, system: system ?? '', ...writeTools(tools, toPythonJson) }
  },
  read: readSharegpt
}

/** Reads ShareGPT of all kinds, calls and tools in columns or in tags. Throws a SyntaxError that says what is wrong. */
export function readSharegpt (row: Row): Trajectory {
  const system = readText(row['system'])
  const given = readList(row['conversations'] ?? row['messages'], 'conversations').flatMap(readTurn)
  const { turns, tools } = readTagged(system === '' ? given : [{ role: 'system', content: system }, ...given])
  const declared = readTools(row['tools'])
  return toTrajectory(turns, declared.length > 0 ? declared : tools)
}

function writeTurn (message: ReturnType<typeof groupObservations>[number]): object {
  if (message.role === 'observations') return { from: 'observation', value: message.contents.join(BETWEEN) }
  if (message.role !== 'assistant') return { from: message.role === 'user' ? 'human' : 'system', value: message.content }
  if (message.toolCalls.length === 0) return { from: 'gpt', value: message.content }
  const calls = message.toolCalls.map(({ name, arguments: values }) => ({ name, arguments: values }))
  const json = toPythonJson(calls.length === 1 ? calls[0] : calls)
  return { from: 'function_call', value: message.content === '' ? json : `${message.content}\n<tool_call>${json}</tool_call>` }
}

function readTurn (value: unknown): Turn[] {
  if (!isObject(value)) throw new SyntaxError('a turn is no object')
  const content = readText(value['value'] ?? value['content'])
  switch (value['from'] ?? value['role']) {
    case 'system': return [{ role: 'system', content }]
    case 'human': case 'user': return [{ role: 'user', content }]
    case 'gpt': case 'assistant': return [{ role: 'assistant', content, calls: [] }]
    case 'function_call': case 'function-call': return [readFunctionCall(content)]
    case 'observation': case 'tool': case 'function-response': return content.split(BETWEEN).map(text => ({ role: 'tool', content: text }))
    default: throw new SyntaxError(`a turn is from ${String(value['from']).slice(0, 40)}`)
  }
}

function readFunctionCall (content: string): Turn {
  const { text, calls } = splitCalls(content)
  return calls.length > 0 ? { role: 'assistant', content: text, calls } : { role: 'assistant', content: '', calls: readCalls(content) }
}
