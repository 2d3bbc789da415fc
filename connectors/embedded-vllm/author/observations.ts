import type { Dice } from './dice.js'
import { actionOf } from './phrases.js'
import type { WireTool } from './tools.js'
import { idValue, type MadeValue, type Persona } from './values.js'

type Leaf = MadeValue['leaves'][number]

interface ObservationContext {
  readonly dice: Dice
  readonly persona: Persona
  /** Whether results stand beside the status or in an object of their own; one way through a dialogue. */
  readonly flat: boolean
  readonly plan: readonly WireTool[]
  readonly done: ReadonlySet<string>
  readonly valueOf: (tool: WireTool, name: string) => MadeValue | undefined
}

/** What a tool answers after a good call: JSON with ids and status, and the ids that later calls take from it. */
export function observe (tool: WireTool, args: Readonly<Record<string, unknown>>, context: ObservationContext): { readonly text: string, readonly gives: readonly Leaf[] } {
  const gives: Leaf[] = []
  const body: Record<string, unknown> = { ...args }
  for (const [name, made] of producedIds(tool, context)) {
    body[name] = made.value
    gives.push(...made.leaves)
  }
  Object.assign(body, isReading(tool.name) ? reading(tool, context) : writing(tool, context))
  const status = isReading(tool.name) ? 'ok' : 'done'
  return { gives, text: JSON.stringify(context.flat ? { result: status, ...body } : { result: status, data: body }) }
}

/** Whether a tool only looks. */
export function isReading (name: string): boolean {
  return /^(?:get|list|find|search|read|view|show|lookup|query|fetch|check|compare)(?:_|$)/.test(name)
}

/** Whether what a tool does cannot be taken back. */
export function isFinal (name: string): boolean {
  return /^(?:delete|remove|cancel|submit|send|pay|transfer|erase|wipe|close|place|publish|uninstall|format|revoke|issue|withdraw)(?:_|$)/.test(name)
}

/** Ids that this tool gives and a later one needs: a search or a new record whose name holds the id's noun. */
export function producedIds (tool: WireTool, { plan, valueOf }: Pick<ObservationContext, 'plan' | 'valueOf'>): ReadonlyArray<readonly [string, MadeValue]> {
  if (!/^(?:find|search|create|list|open|register|start|book|lookup|add|place)_/.test(tool.name)) return []
  const produced = new Map<string, MadeValue>()
  for (const later of plan) {
    for (const name of later.inputSchema.required) {
      const noun = name.replace(/_id$/, '')
      if (!name.endsWith('_id') || name in tool.inputSchema.properties || produced.has(name)) continue
      if (!tool.name.split('_').some(part => part === noun || part === `${noun}s`) && !tool.name.includes(`_${noun}`)) continue
      const made = valueOf(later, name)
      if (made !== undefined && typeof made.value === 'string') produced.set(name, made)
    }
  }
  return [...produced]
}

function reading (tool: WireTool, { dice, persona, done, plan }: ObservationContext): Record<string, unknown> {
  const steps = plan.filter(other => done.has(other.name)).map(other => actionOf(other.name))
  if (tool.name.startsWith('list_') || tool.name.startsWith('search_')) {
    return { total: steps.length, entries: steps.map((action, index) => ({ position: index + 1, action })) }
  }
  return { holder: persona.name, state: steps.length === 0 ? 'open' : 'in_progress', steps_done: steps.length, branch: dice.pick(['north', 'south', 'east', 'west']) }
}

function writing (tool: WireTool, { dice, done }: ObservationContext): Record<string, unknown> {
  const stem = tool.name.split('_').at(-1) ?? 'ref'
  return { receipt: idValue(`${stem}_ref`, dice), action: actionOf(tool.name), step: done.size + 1 }
}
