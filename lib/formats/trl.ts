import type { Message } from '../schema/message.js'
import { writeTools, type TrainingFormat } from './format.js'
import { readOpenAi } from './openai.js'
import { toPythonJson } from './python-json.js'

/**
 * TRL's form: OpenAI's messages, tool messages with the name of the tool in place of an id. Arguments and tools are JSON strings,
 * which TRL and the templates of Qwen take as they are: as objects `datasets` gives each row the keys of all others, or turns
 * 0.3 into 0.30000000000000004.
 */
export const trlFormat: TrainingFormat = {
  name: 'trl',
  file: 'jsonl',
  columns: [{ name: 'messages', holds: 'messages', keys: ['role', 'content', 'name'], callKeys: ['type'] }, { name: 'tools', holds: 'text' }],
  write: ({ messages, tools }) => {
    const names = new Map(messages.flatMap(message => message.role === 'assistant' ? message.toolCalls.map(({ id, name }) => [id, name] as const) : []))
    return { messages: messages.map(message => writeMessage(message, names)), ...writeTools(tools, toPythonJson) }
  },
  read: readOpenAi
}

function writeMessage (message: Message, names: ReadonlyMap<string, string>): object {
  if (message.role === 'tool') return { role: 'tool', name: names.get(message.toolCallId) ?? '', content: message.content }
  if (message.role !== 'assistant' || message.toolCalls.length === 0) return { role: message.role, content: message.content }
  const calls = message.toolCalls.map(({ name, arguments: values }) => ({ type: 'function', function: { name, arguments: toPythonJson(values) } }))
  return { role: 'assistant', content: message.content, tool_calls: calls }
}
