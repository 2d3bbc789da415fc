import { isObject } from '../../schema/json-value.js'
import type { Trajectory } from '../../schema/trajectory.js'
import { ARGUMENT_BOUNDS, isWithin } from '../bounds.js'
import { GROUNDING_CLASSES, type CallSite, type Grounding, type GroundingClass } from '../rule.js'
import { createBasis, type Basis } from './basis.js'
import { classify, type Leaf } from './classify.js'

/** Values that are looked at; the rest of a monstrous trajectory is not counted. */
const MAX_LEAVES = 3_000

/** After so many the record is lost anyway, and each costs a search through all that was said. */
const MAX_SUSPECTS = 100

/** The record is dropped after the first one; more are looked for only to be shown. */
const MAX_ECHOES = 20
const MAX_ECHO_CHARACTERS = 300

/**
 * Classes every argument value by what was said before its call: by the user, an observation, the system prompt or the
 * tool's own schema. What the assistant said or passed before is no basis, nor is an observation that echoes a value
 * which had none. The deterministic counterpart of the judge's R1 (paper, section 3.2).
 */
export function groundTrajectory (trajectory: Trajectory, calls: readonly CallSite[]): Grounding {
  const basis = createBasis()
  const tally: Tally = { counts: Object.fromEntries(GROUNDING_CLASSES.map(name => [name, 0])) as Tally['counts'], suspects: [], leaves: 0 }
  const sites = new Map<number, CallSite[]>()
  for (const site of calls) sites.set(site.message, [...sites.get(site.message) ?? [], site])
  trajectory.messages.forEach((message, index) => {
    if (message.role === 'tool') basis.add(withoutEchoes(message.content, tally.suspects), 'observation')
    else if (message.role !== 'assistant') basis.add(message.content, message.role)
    else for (const site of sites.get(index) ?? []) groundCall(site, basis, tally)
  })
  return tally
}

interface Tally extends Grounding {
  readonly counts: Record<GroundingClass, number>
  readonly suspects: Array<Grounding['suspects'][number]>
  leaves: number
}

/** An observation without the values that it merely echoes. */
function withoutEchoes (content: string, suspects: Grounding['suspects']): string {
  return suspects.slice(0, MAX_ECHOES)
    .flatMap(({ value }) => formsOf(value))
    .filter(form => content.includes(form))
    .reduce((text, form) => text.replace(wholeOf(form), ' '), content)
}

/** A value as it stands in a text, and as it stands in JSON. */
function formsOf (value: string): string[] {
  if (value.length > MAX_ECHO_CHARACTERS) return []
  return [...new Set([JSON.stringify(value).slice(1, -1), value])]
}

/** A value with no letter or digit grown onto it: ORD-1 is not in ORD-1000. */
function wholeOf (value: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu')
}

function groundCall ({ call, message, tool }: CallSite, basis: Basis, tally: Tally): void {
  for (const leaf of leavesOf(call.arguments, tool?.schema)) {
    if (++tally.leaves > MAX_LEAVES || tally.suspects.length >= MAX_SUSPECTS) return
    const { class: name, suspect } = classify(leaf, basis)
    tally.counts[name]++
    if (suspect !== undefined) tally.suspects.push({ value: String(leaf.value), where: { message, call: call.id, tool: call.name, path: leaf.path } })
  }
}

interface Visit extends Leaf { readonly schema?: Readonly<Record<string, unknown>> }

/** The single values of arguments, each with its name and schema, in order. */
function leavesOf (args: unknown, schema: Visit['schema']): Leaf[] {
  if (!isWithin(args, ARGUMENT_BOUNDS)) return []
  const leaves: Leaf[] = []
  collect({ value: args, name: '', path: '', schema }, leaves)
  return leaves
}

function collect (visit: Visit, leaves: Leaf[]): void {
  const { value, name, path, schema } = visit
  if (Array.isArray(value)) {
    const items = isObject(schema?.items) ? schema.items : undefined
    value.forEach((item, index) => collect({ value: item, name, path: `${path}/${index}`, schema: items }, leaves))
  } else if (isObject(value)) {
    const properties = isObject(schema?.properties) ? schema.properties : {}
    for (const [key, child] of Object.entries(value)) {
      const own = Object.hasOwn(properties, key) ? properties[key] : undefined
      collect({ value: child, name: nameOf(key, name), path: `${path}/${key}`, schema: isObject(own) ? own : undefined }, leaves)
    }
  } else leaves.push(visit)
}

/** A key such as `value` says less than the name above it. */
function nameOf (key: string, above: string): string {
  return key === 'value' && above !== '' ? above : key
}
