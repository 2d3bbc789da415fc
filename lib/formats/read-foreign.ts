import { isObject } from '../schema/json-value.js'
import type { Trajectory } from '../schema/trajectory.js'
import type { Row } from './format.js'
import { readHermes } from './hermes.js'
import { readMsSwift } from './ms-swift.js'
import { readOpenAi } from './openai.js'
import { readList } from './read-values.js'
import { readSharegpt } from './sharegpt.js'

/** Shapes of other people's sets. TRL's rows are read as `openai`, verl's as `hermes`. */
export const FOREIGN_SHAPES = ['openai', 'sharegpt', 'hermes', 'ms-swift'] as const

/** One of `FOREIGN_SHAPES`. */
export type ForeignShape = typeof FOREIGN_SHAPES[number]

/** A row of somebody else's set, read or not. */
export type ForeignRow =
  | { readonly shape: ForeignShape, readonly trajectory: Trajectory, readonly id?: string | undefined }
  | { readonly shape: ForeignShape, readonly problem: string }

/** Columns that a reader of these shapes looks at. */
export const FOREIGN_COLUMNS = ['id', 'uuid', 'conversations', 'messages', 'system', 'tools', 'available_tools'] as const

const READERS: Readonly<Record<ForeignShape, (row: Row) => Trajectory>> = {
  openai: readOpenAi, sharegpt: readSharegpt, hermes: readHermes, 'ms-swift': readMsSwift
}

/**
 * Reads a row by the shape it has, or by the one that is given; undefined where it has none of them. Reads among others
 * APIGen-MT (`sharegpt`), TOUCAN (`ms-swift` its SFT part, `openai` the others) and Hermes' function calling (`sharegpt`).
 * Never throws for what it holds.
 */
export function readForeign (value: unknown, shape: ForeignShape | undefined = shapeOf(value)): ForeignRow | undefined {
  if (shape === undefined) return undefined
  if (!isObject(value)) return { shape, problem: 'a row must be an object' }
  try {
    if (shape !== 'openai') refuseCalls(value)
    return { shape, trajectory: READERS[shape](value), id: idOf(value) }
  } catch (error) {
    // Values that are nested too deep end in a RangeError.
    return { shape, problem: (error as Error).message.slice(0, 300) }
  }
}

/** The shape of a row by its keys and roles; undefined where it has none of them. */
export function shapeOf (value: unknown): ForeignShape | undefined {
  if (!isObject(value)) return undefined
  if ('conversations' in value) return 'sharegpt'
  if (!('messages' in value)) return undefined
  const messages = listOf(value['messages']).filter(isObject)
  if (messages.some(message => 'from' in message)) return 'sharegpt'
  if (messages.some(({ role }) => role === 'tool_call' || role === 'tool_response')) return 'ms-swift'
  const isTagged = messages.some(({ role, content }) => typeof content === 'string' && content.includes(role === 'system' ? '<tools>' : role === 'assistant' ? '<tool_call>' : '<tool_response>'))
  return isTagged && !messages.some(message => Array.isArray(message['tool_calls'])) ? 'hermes' : 'openai'
}

/** Calls that the other shapes know nothing of would be lost without a word. */
function refuseCalls ({ messages }: Row): void {
  const lost = listOf(messages).find(message => isObject(message) && Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0)
  if (lost !== undefined) throw new SyntaxError('a message has tool_calls, so these are rows of the shape openai')
}

function listOf (value: unknown): readonly unknown[] {
  try {
    return readList(value, 'messages')
  } catch {
    return []
  }
}

function idOf ({ id, uuid }: Row): string | undefined {
  const given = id ?? uuid
  return typeof given === 'string' || typeof given === 'number' ? String(given) : undefined
}
