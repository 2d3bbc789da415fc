import type { Trajectory } from '../../schema/trajectory.js'
import { GROUNDING_CLASSES, type CallSite, type Grounding, type GroundingClass } from '../rule.js'
import { createBasis, type Basis } from './basis.js'
import { classify, type Classified, type Leaf } from './classify.js'
import { createEchoMemory, type EchoMemory } from './echoes.js'
import { leavesOf } from './leaves.js'

/** Values that are looked at; the rest of a monstrous trajectory is not counted. */
const MAX_LEAVES = 3_000

/** After so many the record is lost anyway, and each costs a search through all that was said. */
const MAX_SUSPECTS = 100

/** A value among the arguments of a call, and how it came about. */
export interface GroundedLeaf extends Classified {
  readonly site: CallSite
  readonly leaf: Leaf
}

/**
 * Classes every argument value by what was said before its call: by the user, an observation, the system prompt or the
 * tool's own schema. What the assistant said or passed before is no basis, nor is an observation that echoes a value
 * which had none. The deterministic counterpart of the judge's R1 (paper, section 3.2).
 */
export function groundTrajectory (trajectory: Trajectory, calls: readonly CallSite[]): Grounding {
  const counts = Object.fromEntries(GROUNDING_CLASSES.map(name => [name, 0])) as Record<GroundingClass, number>
  const suspects: Array<Grounding['suspects'][number]> = []
  let leaves = 0
  for (const { site: { call, message }, leaf, ...found } of groundLeaves(trajectory, calls)) {
    counts[found.class]++
    if (found.suspect !== undefined) suspects.push({ value: String(leaf.value), where: { message, call: call.id, tool: call.name, path: leaf.path } })
    if (++leaves >= MAX_LEAVES || suspects.length >= MAX_SUSPECTS) break
  }
  return { counts, suspects }
}

/** The values one after the other, each classed when it is asked for: what comes after it is not read. */
export function * groundLeaves ({ messages }: Trajectory, calls: readonly CallSite[]): Generator<GroundedLeaf> {
  const basis = createBasis()
  const memory = createEchoMemory()
  const sites = new Map<number, CallSite[]>()
  for (const site of calls) putInto(sites, site)
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') basis.add(message.content, 'observation', memory.of(message.content))
    else if (message.role !== 'assistant') basis.add(message.content, message.role)
    else {
      memory.endAnswer()
      for (const site of sites.get(index) ?? []) yield * groundCall(site, basis, memory)
    }
  }
}

function * groundCall (site: CallSite, basis: Basis, memory: EchoMemory): Generator<GroundedLeaf> {
  for (const leaf of leavesOf(site.call.arguments, site.tool?.schema)) {
    const found = classify(leaf, basis)
    if (found.class === 'unexplained') memory.add({ value: leaf.value as string | number, isId: found.suspect !== undefined })
    for (const value of found.invented ?? []) memory.add({ value, isId: true })
    yield { site, leaf, ...found }
  }
}

function putInto (sites: Map<number, CallSite[]>, site: CallSite): void {
  const known = sites.get(site.message)
  if (known === undefined) sites.set(site.message, [site])
  else known.push(site)
}
