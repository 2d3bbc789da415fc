import type { Dice } from './dice.js'
import { observe } from './observations.js'
import { actionOf, BANK, join, phrase } from './phrases.js'
import type { WireTool } from './tools.js'
import { createPersona, makeValue, type MadeValue, type Persona } from './values.js'
import type { Turn } from './wire.js'

type Leaf = MadeValue['leaves'][number]

/** A dialogue being written: what was said, what is known, and what the next call needs. */
export interface Script {
  readonly turns: readonly Turn[]
  readonly persona: Persona
  readonly dice: Dice
  /** Calls that succeeded so far, by name. */
  readonly done: ReadonlySet<string>
  user (text: string): void
  /** The assistant says something and leaves the word to the user. */
  say (text: string): void
  /** What must still be stated before this tool can be called. */
  missing (tool: WireTool): readonly Leaf[]
  /** Puts leaves into words and counts them as known from now on. */
  tell (leaves: readonly Leaf[]): string
  learn (leaf: Leaf): void
  /** The made value of one argument, and a way to replace it. */
  value (tool: WireTool, name: string): MadeValue | undefined
  settle (tool: WireTool, name: string, value: string | number): void
  /** A call that succeeds. */
  call (tool: WireTool, lead?: string): void
  /** A call that fails for reasons of the environment; `swap` replaces one argument by what the user said wrongly. */
  fail (tool: WireTool, error: string, options?: { readonly lead?: string, readonly swap?: Readonly<Record<string, unknown>> }): void
}

/** Starts a dialogue. `plan` is the order of tools, by which ids are known from observations before they are needed. */
export function createScript (system: string, { dice, plan, words }: { readonly dice: Dice, readonly plan: readonly WireTool[], readonly words: readonly string[] }): Script {
  const persona = createPersona(dice)
  const turns: Turn[] = [{ role: 'system', text: system }]
  const known = new Set<string>()
  const done = new Set<string>()
  const { value, settle } = createFacts({ dice, persona, words })
  const shape = { dice, persona, flat: dice.chance(0.5), plan, done, valueOf: value }
  const learn = (leaf: Leaf): void => { known.add(keyOf(leaf)) }
  const invoke = (tool: WireTool, { lead, swap }: { readonly lead?: string, readonly swap?: Readonly<Record<string, unknown>> }): Record<string, unknown> => {
    const args = { ...Object.fromEntries(wantedNames(tool).map(name => [name, value(tool, name)?.value])), ...swap }
    turns.push({ role: 'assistant', text: lead ?? phrase(BANK.BEFORE_CALL, dice, { action: actionOf(tool.name) }), call: { name: tool.name, arguments: args } })
    return args
  }

  return {
    turns, persona, dice, done, value, settle, learn,
    user: text => { turns.push({ role: 'user', text }) },
    say: text => { turns.push({ role: 'assistant', text }) },
    missing: tool => wantedNames(tool).flatMap(name => value(tool, name)?.leaves ?? []).filter(leaf => !known.has(keyOf(leaf)) && !/^(?:true|false)$/.test(leaf.text)),
    tell (leaves) {
      const fresh = leaves.filter((leaf, index) => leaves.findIndex(other => keyOf(other) === keyOf(leaf)) === index)
      for (const leaf of fresh) learn(leaf)
      return fresh.length === 0 ? '' : phrase(BANK.TELLING, dice, { list: join(fresh.map(({ label, text }) => `${label} is ${text}`)) })
    },
    call (tool, lead) {
      const { text, gives } = observe(tool, invoke(tool, { lead }), shape)
      for (const leaf of gives) learn(leaf)
      done.add(tool.name)
      turns.push({ role: 'tool', text })
    },
    fail (tool, error, options = {}) {
      invoke(tool, options)
      turns.push({ role: 'tool', text: JSON.stringify({ error }) })
    }
  }
}

function keyOf ({ label, text }: Leaf): string {
  return `${label}\n${text}`
}

/** Values of arguments, made when they are first asked for. */
function createFacts (maker: Parameters<typeof makeValue>[2]): Pick<Script, 'value' | 'settle'> {
  const facts = new Map<string, MadeValue | undefined>()
  return {
    value (tool, name) {
      const schema = tool.inputSchema.properties[name]
      if (schema === undefined) return undefined
      const key = factKey(name, schema)
      if (!facts.has(key)) facts.set(key, makeValue(name, schema, maker))
      return facts.get(key)
    },
    settle (tool, name, settled) {
      const schema = tool.inputSchema.properties[name]
      if (schema !== undefined) facts.set(factKey(name, schema), { value: settled, leaves: [{ label: name.replaceAll('_', ' '), text: String(settled) }] })
    }
  }
}

/** Equal ids are one fact wherever they are asked for; other values are one where their schemas agree. */
function factKey (name: string, schema: WireTool['inputSchema']['properties'][string]): string {
  const { description, ...rest } = schema
  return `${name}\n${/_id$/.test(name) ? String(schema.type) : JSON.stringify(rest)}`
}

/** Required arguments, and optional ones whose options or limits come from the source. */
export function wantedNames (tool: WireTool): readonly string[] {
  const { properties, required } = tool.inputSchema
  const wanted = Object.keys(properties).filter(name => required.includes(name) || properties[name]!.enum !== undefined)
  return wanted.slice(0, 12).concat(required.filter(name => !wanted.slice(0, 12).includes(name)))
}

/** Whether all required arguments of a tool can be made. */
export function isCallable (tool: WireTool, script: Script): boolean {
  return wantedNames(tool).every(name => script.value(tool, name) !== undefined)
}
