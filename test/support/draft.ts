import type { Trajectory } from '../../lib/schema/index.js'
import type { Chance } from './dialogue.js'

export type Value = Record<string, unknown>
export type Turn =
  | { role: 'system' | 'user', content: string }
  | { role: 'assistant', content: string, toolCalls: Call[] }
  | { role: 'tool', toolCallId: string, content: string }
export interface Call { id: string, name: string, arguments: Value }
export interface Draft { tools: Array<{ name: string, description: string, parameters: Value }>, messages: Turn[] }

/** Breaks one rule by construction. */
export interface Mutator {
  readonly name: string
  /** The rule that must find it; others may find something too. */
  readonly rule: string
  /** A broken copy, or undefined where the trajectory has nothing to break in this way. */
  readonly mutate: (trajectory: Trajectory, chance: Chance) => Trajectory | undefined
}

export const mutator = (name: string, rule: string, change: (draft: Draft, chance: Chance) => unknown): Mutator => ({
  name, rule,
  mutate: (trajectory, chance) => {
    const draft = structuredClone(trajectory) as unknown as Draft
    return change(draft, chance) === undefined ? undefined : draft as unknown as Trajectory
  }
})

export const pick = <T>(chance: Chance, values: readonly T[]): T | undefined => values.length === 0 ? undefined : chance.pick(values)
export const callsOf = (draft: Draft): Call[] => draft.messages.flatMap(turn => turn.role === 'assistant' ? turn.toolCalls : [])
export const indexesOf = (draft: Draft, wanted: (turn: Turn) => boolean): number[] => draft.messages.flatMap((turn, index) => wanted(turn) ? [index] : [])
export const isCall = (turn: Turn): boolean => turn.role === 'assistant' && turn.toolCalls.length > 0
export const isTool = (turn: Turn): boolean => turn.role === 'tool'

/** A place in the arguments of a call, with its schema where one is declared. */
export interface Slot { holder: Value, key: string, schema: Value, required: boolean, nested: boolean, call: Call }

export function slotsOf (draft: Draft): Slot[] {
  const slots: Slot[] = []
  const visit = (call: Call, holder: Value, { schema, nested }: { schema: Value, nested: boolean }): void => {
    for (const [key, value] of Object.entries(holder)) {
      const own = ((schema.properties as Value | undefined)?.[key] ?? {}) as Value
      slots.push({ holder, key, schema: own, required: ((schema.required ?? []) as string[]).includes(key), nested, call })
      if (Array.isArray(value)) {
        for (const item of value) if (typeof item === 'object' && item !== null) visit(call, item as Value, { schema: (own.items ?? {}) as Value, nested: true })
      } else if (typeof value === 'object' && value !== null) visit(call, value as Value, { schema: own, nested: true })
    }
  }
  for (const call of callsOf(draft)) {
    const tool = draft.tools.find(({ name }) => name === call.name)
    if (tool !== undefined) visit(call, call.arguments, { schema: tool.parameters, nested: false })
  }
  return slots
}

/** Changes one slot that fits; undefined if none does. */
export const onSlot = (fits: (slot: Slot) => boolean, change: (slot: Slot, chance: Chance) => void) => (draft: Draft, chance: Chance): unknown => {
  const slot = pick(chance, slotsOf(draft).filter(fits))
  if (slot !== undefined) change(slot, chance)
  return slot
}

export const onTool = (change: (tool: Draft['tools'][number], draft: Draft) => void) => (draft: Draft, chance: Chance): unknown => {
  const tool = pick(chance, draft.tools)
  if (tool !== undefined) change(tool, draft)
  return tool
}

export const onIndex = (wanted: (turn: Turn) => boolean, change: (index: number, draft: Draft, chance: Chance) => void) => (draft: Draft, chance: Chance): unknown => {
  const index = pick(chance, indexesOf(draft, wanted))
  if (index !== undefined) change(index, draft, chance)
  return index
}

/** An observation that is an object and no error. */
export const isData = (turn: Turn): boolean => turn.role === 'tool' && /^\{"(?!error)/.test(turn.content)
