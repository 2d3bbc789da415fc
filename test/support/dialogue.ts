import type { Message, ToolDefinition, Trajectory } from '../../lib/schema/index.js'

/** Seeded choices, the same on every machine (mulberry32). */
export interface Chance {
  /** An integer in [from, to]. */
  integer (from: number, to: number): number
  pick<T> (values: readonly T[]): T
  /** So many digits, the first not 0. */
  digits (count: number): string
  chance (share: number): boolean
}

export function createChance (seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    integer,
    pick: values => values[integer(0, values.length - 1)] as never,
    digits: count => String(integer(1, 9)) + Array.from({ length: count - 1 }, () => integer(0, 9)).join(''),
    chance: share => next() < share
  }
}

type Properties = Readonly<Record<string, object>>

/** A tool definition; names that end in `?` are optional. */
export function tool (name: string, description: string, properties: Properties): ToolDefinition {
  const plain = Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key.replace('?', ''), schema]))
  return {
    name, description,
    parameters: { type: 'object', properties: plain, required: Object.keys(properties).filter(key => !key.endsWith('?')) }
  }
}

export const string = (description: string, more: object = {}): object => ({ type: 'string', description, ...more })
export const integer = (description: string, more: object = {}): object => ({ type: 'integer', description, ...more })
export const number = (description: string, more: object = {}): object => ({ type: 'number', description, ...more })
export const boolean = (description: string): object => ({ type: 'boolean', description })
export const list = (items: object, description: string): object => ({ type: 'array', items, description })
export const record = (properties: Properties, description: string): object => {
  const { parameters } = tool('nested', description, properties)
  return { ...parameters, description }
}

/** Writes a trajectory turn by turn; call ids are assigned as the parser does. */
export interface Dialogue {
  user (text: string): Dialogue
  say (text: string): Dialogue
  /** A call with its observation (objects are written as JSON, strings as they are) and the text beside the call, if any. */
  call (name: string, args: Readonly<Record<string, unknown>>, ...answer: readonly [observation: object | string, text?: string]): Dialogue
  end (): Trajectory
}

export function dialogue (system: string, tools: readonly ToolDefinition[]): Dialogue {
  const messages: Message[] = [{ role: 'system', content: system }]
  let calls = 0
  const self: Dialogue = {
    user: text => { messages.push({ role: 'user', content: text }); return self },
    say: text => { messages.push({ role: 'assistant', content: text, toolCalls: [] }); return self },
    call: (name, args, ...[observation, text = '']) => {
      const id = `call_${calls++}`
      messages.push({ role: 'assistant', content: text, toolCalls: [{ id, name, arguments: { ...args } }] })
      messages.push({ role: 'tool', toolCallId: id, content: typeof observation === 'string' ? observation : JSON.stringify(observation) })
      return self
    },
    end: () => structuredClone({ tools: [...tools], messages })
  }
  return self
}
