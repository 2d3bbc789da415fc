import type { Message } from '../schema/message.js'
import type { Trajectory } from '../schema/trajectory.js'
import { quote, type Finding, type Rule } from './rule.js'

/** Every call has exactly one observation with its id, every observation a call, and ids are unique. */
export const callObservation: Rule = {
  name: 'call-observation',
  mode: 'drop',
  paper: 5,
  check: ({ messages }, { calls }) => {
    const called = tally(calls.map(({ call }) => call.id))
    const answered = tally(messages.flatMap(message => message.role === 'tool' ? [message.toolCallId] : []))
    return [...new Set([...called.keys(), ...answered.keys()])].flatMap(id => {
      const [before, after] = [called.get(id) ?? 0, answered.get(id) ?? 0]
      if (before === 1 && after === 1) return []
      return [{ rule: 'call-observation', message: `id ${quote(id)}: ${before} calls, ${after} observations`, where: { call: id.slice(0, 80) } }]
    })
  }
}

/**
 * Roles follow one another as the paper orders them: system, user, then user or tool → assistant, call → tool, never
 * tool → user; the last is assistant. How many observations there are is not asked here: `call-observation` does.
 */
export const turnOrder: Rule = {
  name: 'turn-order',
  mode: 'drop',
  paper: 5,
  check: trajectory => {
    const steps = stepsOf(trajectory)
    const faults = steps.flatMap((step, index) => {
      const fault = faultOfStep(steps[index - 1], step)
      return fault === undefined ? [] : [at(step.index, fault)]
    })
    const last = steps.at(-1)
    return last?.message.role === 'assistant' ? faults : [...faults, at(trajectory.messages.length - 1, 'the last message is not of the assistant')]
  }
}

/** No message is empty: text, or for the assistant text or a call. */
export const turnEmpty: Rule = {
  name: 'turn-empty',
  mode: 'drop',
  paper: 5,
  check: ({ messages }) => messages.flatMap((message, index) => {
    const empty = message.content.trim() === '' && !(message.role === 'assistant' && message.toolCalls.length > 0)
    return empty ? [{ rule: 'turn-empty', message: `empty message of ${message.role}`, where: { message: index } }] : []
  })
}

interface Step {
  readonly index: number
  readonly message: Message
  /** Ids of calls that this message made, or that an observation before it left open. */
  readonly open: readonly string[]
}

/** The messages without surplus observations, each with the calls that still wait for an answer after it. */
function stepsOf ({ messages }: Trajectory): Step[] {
  const called = new Set(messages.flatMap(message => message.role === 'assistant' ? message.toolCalls.map(call => call.id) : []))
  const unanswered = new Set(called)
  for (const message of messages) if (message.role === 'tool') unanswered.delete(message.toolCallId)
  const seen = new Set<string>()
  const steps: Step[] = []
  messages.forEach((message, index) => {
    if (message.role === 'tool') {
      if (seen.has(message.toolCallId) || !called.has(message.toolCallId)) return
      seen.add(message.toolCallId)
    }
    steps.push({ index, message, open: openAfter(message, steps.at(-1), unanswered) })
  })
  return steps
}

function openAfter (message: Message, before: Step | undefined, unanswered: ReadonlySet<string>): readonly string[] {
  if (message.role === 'assistant') return message.toolCalls.map(call => call.id).filter(id => !unanswered.has(id))
  return message.role === 'tool' ? (before?.open ?? []).filter(id => id !== message.toolCallId) : []
}

function faultOfStep (before: Step | undefined, { message }: Step): string | undefined {
  if (before === undefined) return message.role === 'system' ? undefined : 'the first message is not the system prompt'
  if (message.role === 'system') return 'a system prompt inside the dialogue'
  const after = before.message.role
  if (message.role === 'tool') return before.open.includes(message.toolCallId) ? undefined : `an observation after ${after} that answers none of its calls`
  if (before.open.length > 0) return `${message.role} before the observation of a call`
  if (message.role === 'user') return mayPrecedeUser(before.message) ? undefined : `user after ${after === 'assistant' ? 'a call' : after}`
  return mayPrecedeAssistant(before.message) ? undefined : `assistant after ${after}`
}

function mayPrecedeUser (message: Message): boolean {
  return message.role === 'system' || (message.role === 'assistant' && message.toolCalls.length === 0)
}

/** A call whose observation is missing altogether may be followed by the assistant: only the observation is missing. */
function mayPrecedeAssistant (message: Message): boolean {
  return message.role === 'user' || message.role === 'tool' || (message.role === 'assistant' && message.toolCalls.length > 0)
}

function at (message: number, fault: string): Finding {
  return { rule: 'turn-order', message: fault, where: { message } }
}

function tally (ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
