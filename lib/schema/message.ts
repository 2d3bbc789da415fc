import { z } from 'zod'

/** An invocation of a tool. The wire format of GEM has no ids; the parser assigns `call_0`, `call_1`, … */
export const toolCallSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown())
})

/** An invocation of a tool. */
export type ToolCall = Readonly<z.infer<typeof toolCallSchema>>

/** The rules of the dialogue; comes first. */
export const systemMessageSchema = z.strictObject({ role: z.literal('system'), content: z.string() })
/** What the user says. */
export const userMessageSchema = z.strictObject({ role: z.literal('user'), content: z.string() })
/** What the agent says and calls. */
export const assistantMessageSchema = z.strictObject({
  role: z.literal('assistant'),
  /** Text beside the calls; may be empty when there are calls. */
  content: z.string(),
  toolCalls: z.array(toolCallSchema)
})
/** What a tool answered. */
export const observationSchema = z.strictObject({
  role: z.literal('tool'),
  /** Id of the call it answers. */
  toolCallId: z.string(),
  content: z.string()
})

/** One turn of a trajectory, by role. */
export const messageSchema = z.discriminatedUnion('role', [
  systemMessageSchema, userMessageSchema, assistantMessageSchema, observationSchema
])

/** One turn, by role. */
export type Message = Readonly<z.infer<typeof messageSchema>>
/** A turn of the agent. */
export type AssistantMessage = Readonly<z.infer<typeof assistantMessageSchema>>
/** What a tool answered. */
export type Observation = Readonly<z.infer<typeof observationSchema>>
