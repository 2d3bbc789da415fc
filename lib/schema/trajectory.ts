import { z } from 'zod'
import { messageSchema, type Message } from './message.js'
import { toolDefinitionSchema } from './tool-definition.js'

/** A whole dialogue with its tools: GEM's T with its P (paper section 2). The first message is the system prompt. */
export const trajectorySchema = z.strictObject({
  tools: z.array(toolDefinitionSchema),
  messages: z.array(messageSchema)
})

/** A whole dialogue with its tools. */
export type Trajectory = Readonly<z.infer<typeof trajectorySchema>>

/** Sizes of a trajectory, counted as the paper counts them (table 5). */
export const statsSchema = z.strictObject({
  /** All messages, the system prompt among them. */
  messages: z.int(),
  /** User messages. */
  turns: z.int(),
  /** Distinct tools that are called. */
  distinctTools: z.int(),
  /** Tools that are defined. */
  definedTools: z.int(),
  toolCalls: z.int(),
  /** Tokens of all message contents and calls, where a tokenizer was at hand. */
  tokens: z.int().optional()
})

/** Sizes of one trajectory. */
export type Stats = Readonly<z.infer<typeof statsSchema>>

/** Counts a trajectory. `tokens` is left out; who has a tokenizer adds it. */
export function countTrajectory (trajectory: Trajectory): Stats {
  const calls = trajectory.messages.flatMap(message => message.role === 'assistant' ? message.toolCalls : [])
  return {
    messages: trajectory.messages.length,
    turns: trajectory.messages.filter((message: Message) => message.role === 'user').length,
    distinctTools: new Set(calls.map(call => call.name)).size,
    definedTools: trajectory.tools.length,
    toolCalls: calls.length
  }
}
