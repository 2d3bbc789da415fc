import { isObject } from '../schema/json-value.js'
import { toOpenAi } from '../schema/open-ai.js'
import type { Trajectory } from '../schema/trajectory.js'
import { writeTools, type Row, type TrainingFormat } from './format.js'
import { toPythonJson } from './python-json.js'
import { readCall, readList, readText, readTools } from './read-values.js'
import { toTrajectory, type Turn } from './turns.js'

/**
 * OpenAI's form: `messages` with `tool_calls`, whose arguments are a JSON string, and tool messages that name their call;
 * `tools`. The string is spaced as trainers space it, so that a template that prints it as it is gives the usual text. Through
 * `datasets` the numbers in its tools are not exact; TRL's form is the one to train on.
 */
export const openAiFormat: TrainingFormat = {
  name: 'openai',
  file: 'jsonl',
  columns: [{ name: 'messages', holds: 'messages', keys: ['role', 'content', 'tool_call_id'], callKeys: ['id', 'type'] }, { name: 'tools', holds: 'values' }],
  write: trajectory => ({ messages: toOpenAi(trajectory, toPythonJson).messages, ...writeTools(trajectory.tools) }),
  read: readOpenAi
}

/**
 * Reads OpenAI's form and what is near to it: TRL's (no ids, arguments perhaps an object), the older `function_call` with the role
 * `function` (TOUCAN), messages and tools as JSON strings. Throws a SyntaxError that says what is wrong.
 */
export function readOpenAi (row: Row): Trajectory {
  return toTrajectory(readList(row['messages'], 'messages').map(readMessage), readTools(row['tools'] ?? row['available_tools']))
}

function readMessage (value: unknown): Turn {
  if (!isObject(value)) throw new SyntaxError('a message is no object')
  const content = readText(value['content'])
  switch (value['role']) {
    case 'system': case 'developer': return { role: 'system', content }
    case 'user': return { role: 'user', content }
    case 'assistant': return { role: 'assistant', content, calls: callsOf(value) }
    case 'tool': case 'function': return { role: 'tool', content, callId: typeof value['tool_call_id'] === 'string' ? value['tool_call_id'] : undefined }
    default: throw new SyntaxError(`a message has the role ${String(value['role']).slice(0, 40)}`)
  }
}

function callsOf ({ tool_calls: calls, function_call: call }: Readonly<Record<string, unknown>>): ReturnType<typeof readCall>[] {
  if (Array.isArray(calls)) return calls.map(readCall)
  return isObject(call) ? [readCall(call)] : []
}
