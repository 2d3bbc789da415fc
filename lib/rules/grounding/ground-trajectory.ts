import type { Trajectory } from '../../schema/trajectory.js'
import { ARGUMENT_BOUNDS, isRecord, isWithin } from '../bounds.js'
import { GROUNDING_CLASSES, type CallSite, type Grounding, type GroundingClass } from '../rule.js'
import { createBasis, type Basis } from './basis.js'
import { classify, type Leaf } from './classify.js'
import { foldOf } from './text-forms.js'

/** Leaves that are looked at; the rest of a monstrous call is not counted. */
const MAX_LEAVES = 2_000

/**
 * Classes every argument value by what was said before its call: by the user, an observation, the system prompt or the
 * tool's own schema. What the assistant said or passed before is no basis, nor is an observation that echoes a value
 * which had none. The deterministic counterpart of the judge's R1 (paper, section 3.2).
 */
export function groundTrajectory (trajectory: Trajectory, calls: readonly CallSite[]): Grounding {
  const basis = createBasis()
  const counts = Object.fromEntries(GROUNDING_CLASSES.map(name => [name, 0])) as Record<GroundingClass, number>
  const suspects: Array<Grounding['suspects'][number]> = []
  const baseless = new Set<string>()
  const sites = new Map<number, CallSite[]>()
  for (const site of calls) sites.set(site.message, [...sites.get(site.message) ?? [], site])
  trajectory.messages.forEach((message, index) => {
    if (message.role !== 'assistant') {
      basis.add(message.content, message.role === 'tool' ? 'observation' : message.role, message.role === 'tool' ? baseless : undefined)
      return
    }
    for (const site of sites.get(index) ?? []) {
      for (const suspect of groundCall(site, basis, counts)) {
        suspects.push(suspect)
        baseless.add(foldOf(suspect.value))
      }
    }
  })
  return { counts, suspects }
}

function groundCall (site: CallSite, basis: Basis, counts: Record<GroundingClass, number>): Array<Grounding['suspects'][number]> {
  const { call, message, tool } = site
  return leavesOf(call.arguments, tool?.schema).flatMap(leaf => {
    const { class: name, suspect } = classify(leaf, basis)
    counts[name]++
    if (suspect === undefined) return []
    return [{ value: String(leaf.value), where: { message, call: call.id, tool: call.name, path: leaf.path } }]
  })
}

interface Visit extends Leaf { readonly schema?: Readonly<Record<string, unknown>> }

/** The single values of arguments, each with its name and schema, in order. */
function leavesOf (args: unknown, schema: Visit['schema']): Leaf[] {
  if (!isWithin(args, ARGUMENT_BOUNDS)) return []
  const leaves: Leaf[] = []
  collect({ value: args, name: '', path: '', schema }, leaves)
  return leaves.slice(0, MAX_LEAVES)
}

function collect (visit: Visit, leaves: Leaf[]): void {
  const { value, name, path, schema } = visit
  if (Array.isArray(value)) {
    const items = isRecord(schema?.items) ? schema.items : undefined
    value.forEach((item, index) => collect({ value: item, name, path: `${path}/${index}`, schema: items }, leaves))
  } else if (isRecord(value)) {
    const properties = isRecord(schema?.properties) ? schema.properties : {}
    for (const [key, child] of Object.entries(value)) {
      const own = Object.hasOwn(properties, key) ? properties[key] : undefined
      collect({ value: child, name: nameOf(key, name), path: `${path}/${key}`, schema: isRecord(own) ? own : undefined }, leaves)
    }
  } else leaves.push(visit)
}

/** A key such as `value` says less than the name above it. */
function nameOf (key: string, above: string): string {
  return key === 'value' && above !== '' ? above : key
}
