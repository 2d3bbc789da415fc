import { z } from 'zod'
import { isObject } from './json-value.js'
import type { Message } from './message.js'
import { toolDefinitionSchema } from './tool-definition.js'
import type { Trajectory } from './trajectory.js'

const callSchema = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() })
})

/** A message of OpenAI's chat API: arguments are a JSON string, observations name their call. */
export const openAiMessageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({ role: z.literal('user'), content: z.string() }),
  z.strictObject({ role: z.literal('assistant'), content: z.string(), tool_calls: z.array(callSchema).optional() }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() })
])

/** A tool of OpenAI's chat API. */
export const openAiToolSchema = z.strictObject({ type: z.literal('function'), function: toolDefinitionSchema })

/** A dialogue with its tools in OpenAI's form, as every file of ours has it. */
export const openAiSchema = z.strictObject({ messages: z.array(openAiMessageSchema), tools: z.array(openAiToolSchema) })

/** A dialogue with its tools in OpenAI's form. */
export type OpenAiDialogue = z.infer<typeof openAiSchema>
type OpenAiMessage = OpenAiDialogue['messages'][number]

/** OpenAI's form of a dialogue; `toJson` writes the arguments. */
export function toOpenAi (trajectory: Trajectory, toJson: (values: object) => string = JSON.stringify): OpenAiDialogue {
  return {
    messages: trajectory.messages.map(message => toOpenAiMessage(message, toJson)),
    tools: trajectory.tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }))
  }
}

/** The way back. Throws a SyntaxError where arguments are no JSON object. */
export function fromOpenAi ({ messages, tools }: OpenAiDialogue): Trajectory {
  return { tools: tools.map(tool => tool.function), messages: messages.map(fromOpenAiMessage) }
}

function toOpenAiMessage (message: Message, toJson: (values: object) => string): OpenAiMessage {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const calls = message.toolCalls.map(call => ({ id: call.id, type: 'function' as const, function: { name: call.name, arguments: toJson(call.arguments) } }))
  return calls.length === 0 ? { role: 'assistant', content: message.content } : { role: 'assistant', content: message.content, tool_calls: calls }
}

function fromOpenAiMessage (message: OpenAiMessage): Message {
  if (message.role === 'tool') return { role: 'tool', toolCallId: message.tool_call_id, content: message.content }
  if (message.role !== 'assistant') return message
  const toolCalls = (message.tool_calls ?? []).map(call => ({ id: call.id, name: call.function.name, arguments: argumentsOf(call.function.arguments) }))
  return { role: 'assistant', content: message.content, toolCalls }
}

function argumentsOf (json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json)
  if (!isObject(value)) throw new SyntaxError(`arguments are no JSON object: ${json.slice(0, 80)}`)
  return value
}
