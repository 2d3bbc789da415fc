import type { Message } from '../schema/message.js'
import type { ToolDefinition } from '../schema/tool-definition.js'
import type { Trajectory } from '../schema/trajectory.js'
import type { ForeignCall } from './read-values.js'

/** A turn as it is read, before calls and observations have found one another. */
export type Turn =
  | { readonly role: 'system' | 'user', readonly content: string }
  | { readonly role: 'assistant', readonly content: string, readonly calls: readonly ForeignCall[] }
  | { readonly role: 'tool', readonly content: string, readonly callId?: string | undefined }

/**
 * Makes a trajectory of turns: calls without an id get `call_0`, `call_1`, …, observations without one answer the open calls
 * in order, and a turn of calls alone joins the assistant's text before it.
 */
export function toTrajectory (turns: readonly Turn[], tools: readonly ToolDefinition[]): Trajectory {
  const messages: Message[] = []
  let open: string[] = []
  let calls = 0
  for (const turn of turns) {
    if (turn.role === 'tool') {
      const toolCallId = turn.callId ?? open[0] ?? `unasked_${messages.length}`
      open = open.filter(id => id !== toolCallId)
      messages.push({ role: 'tool', toolCallId, content: turn.content })
    } else if (turn.role === 'assistant') {
      const toolCalls = turn.calls.map(call => ({ id: call.id ?? `call_${calls++}`, name: call.name, arguments: { ...call.arguments } }))
      const joined = joinedWith(messages.at(-1), turn)
      open = [...joined === undefined ? [] : open, ...toolCalls.map(({ id }) => id)]
      if (joined === undefined) messages.push({ role: 'assistant', content: turn.content, toolCalls })
      else messages.splice(-1, 1, { ...joined, toolCalls: [...joined.toolCalls, ...toolCalls] })
    } else {
      messages.push(turn)
    }
  }
  return { tools: [...tools], messages }
}

type Assistant = Message & { readonly role: 'assistant' }

/** The turn before, if calls alone follow it; the line end that parts its text from its calls is none of its text. */
function joinedWith (before: Message | undefined, { content, calls }: Turn & { readonly role: 'assistant' }): Assistant | undefined {
  if (before?.role !== 'assistant' || content !== '' || calls.length === 0) return undefined
  return before.toolCalls.length > 0 ? before : { ...before, content: before.content.replace(/\n$/, '') }
}
