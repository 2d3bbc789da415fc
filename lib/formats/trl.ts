import type { Message } from '../schema/message.js'
import { writeTools, type TrainingFormat } from './format.js'
import { readOpenAi } from './openai.js'

/**
 * TRL's form: OpenAI's messages with arguments as an object, tool messages with the name of the tool in place of an id.
 * `datasets` must read both columns as lists of JSON values, else it fills the tools of one row with the keys of all others.
 */
export const trlFormat: TrainingFormat = {
  name: 'trl',
  file: 'jsonl',
  columns: [{ name: 'messages', holds: 'values' }, { name: 'tools', holds: 'values' }],
  write: ({ messages, tools }) => {
    const names = new Map(messages.flatMap(message => message.role === 'assistant' ? message.toolCalls.map(({ id, name }) => [id, name] as const) : []))
    return { messages: messages.map(message => writeMessage(message, names)), ...writeTools(tools) }
  },
  read: readOpenAi
}

function writeMessage (message: Message, names: ReadonlyMap<string, string>): object {
  if (message.role === 'tool') return { role: 'tool', name: names.get(message.toolCallId) ?? '', content: message.content }
  if (message.role !== 'assistant' || message.toolCalls.length === 0) return { role: message.role, content: message.content }
  const calls = message.toolCalls.map(({ name, arguments: values }) => ({ type: 'function', function: { name, arguments: values } }))
  return { role: 'assistant', content: message.content, tool_calls: calls }
}
