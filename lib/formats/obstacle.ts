import type { Message, ToolCall } from '../schema/message.js'
import { findTemplateToken } from '../schema/template-tokens.js'
import type { Trajectory } from '../schema/trajectory.js'

/** Why a trajectory is not written: what a trainer would take in silence, and wrongly. */
export const OBSTACLES = ['turn-order', 'empty-turn', 'call-answers', 'template-token', 'text-malformed', 'number-too-large', 'too-deep'] as const

/** One of `OBSTACLES`. */
export type Obstacle = typeof OBSTACLES[number]

/** Deeper values are not written: readers and writers recurse. The values of a tool or a call begin at the fourth level. */
const MOST_DEPTH = 64

/**
 * What keeps a trajectory out of every training set, or undefined. Linear.
 * - `turn-order`: after the system prompt user or observations, then the assistant, in turn, and the assistant last;
 *   LLaMA-Factory empties all others with a warning.
 * - `empty-turn`: a user or assistant turn that says and calls nothing.
 * - `call-answers`: calls that are not each answered by the observations right after them, in their order; most forms have no ids.
 * - `template-token`: a token of Qwen3's chat template in a text, a name or a value; tokenizers make structure of it.
 * - `text-malformed`: half a surrogate pair, which no Arrow or Parquet file can hold.
 * - `number-too-large`: an integer of more than 64 bits, for which `datasets` refuses the whole file.
 * - `too-deep`: values nested more than some 60 times.
 */
export function findObstacle ({ messages, tools }: Trajectory): Obstacle | undefined {
  if (!isOrdered(messages)) return 'turn-order'
  if (messages.some(message => message.content.trim() === '' && (message.role === 'user' || (message.role === 'assistant' && message.toolCalls.length === 0)))) return 'empty-turn'
  if (!areAnswered(messages)) return 'call-answers'
  return findValueFault({ messages, tools })
}

function isOrdered (messages: readonly Message[]): boolean {
  const rest = messages[0]?.role === 'system' ? messages.slice(1) : messages
  if (rest[0]?.role !== 'user' || rest.at(-1)?.role !== 'assistant') return false
  return rest.every(({ role }, at) => {
    const before = rest[at - 1]?.role
    if (role === 'assistant') return before === 'user' || before === 'tool'
    if (role === 'tool') return before === 'assistant' || before === 'tool'
    return role === 'user' && (before === undefined || before === 'assistant')
  })
}

function areAnswered (messages: readonly Message[]): boolean {
  const open: ToolCall[] = []
  for (const message of messages) {
    if (message.role === 'tool') {
      if (open.shift()?.id !== message.toolCallId) return false
    } else {
      if (open.length > 0) return false
      if (message.role === 'assistant') open.push(...message.toolCalls)
    }
  }
  return open.length === 0
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** Looks at every text, key, name and number, without recursion. */
function findValueFault (trajectory: Trajectory): Obstacle | undefined {
  const open: Array<{ readonly value: unknown, readonly depth: number }> = [{ value: trajectory, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    if (typeof value === 'string') {
      if (findTemplateToken(value) !== undefined) return 'template-token'
      if (LONE_SURROGATE.test(value)) return 'text-malformed'
    } else if (typeof value === 'number') {
      if (isTooLarge(value)) return 'number-too-large'
    } else if (typeof value === 'object' && value !== null) {
      if (depth > MOST_DEPTH) return 'too-deep'
      for (const [key, child] of Object.entries(value)) open.push({ value: key, depth }, { value: child, depth: depth + 1 })
    }
  }
}

/** From 10^21 on a number is written with an exponent, and so read as no integer. */
function isTooLarge (value: number): boolean {
  return Math.abs(value) >= 2 ** 63 && Math.abs(value) < 1e21
}
