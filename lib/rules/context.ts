import type { Trajectory } from '../schema/trajectory.js'
import { checkTool, faultyTool } from './check-tool.js'
import { groundTrajectory } from './grounding/ground-trajectory.js'
import { readObservation } from './read-observation.js'
import type { CallSite, CheckedTool, Grounding, RuleContext } from './rule.js'

/** What the rules measure a trajectory by. Without `source` no rule compares it with its text. */
export interface ContextOptions {
  readonly minToolCalls: number
  /** ISO 639-1. */
  readonly language: string
  /** The text that the trajectory was made from. */
  readonly source?: string
}

/** Each tool costs a compilation; trajectories of the paper have 15 at most. */
const MAX_TOOLS = 128

/** Prepares a trajectory for the rules: checks each tool once, joins each call with its tool and its observation. */
export function createRuleContext (trajectory: Trajectory, { minToolCalls, language, source }: ContextOptions): RuleContext {
  const tools = trajectory.tools.map((tool, index) => index < MAX_TOOLS ? checkTool(tool) : faultyTool(tool, `it is one of more than ${MAX_TOOLS}`))
  const calls = joinCalls(trajectory, tools)
  let grounding: Grounding | undefined
  return { minToolCalls, language, source, tools, calls, grounding: () => (grounding ??= groundTrajectory(trajectory, calls)) }
}

/** Calls by the index of the assistant message that makes them. */
export function callsByMessage (calls: readonly CallSite[]): ReadonlyMap<number, readonly CallSite[]> {
  const sites = new Map<number, CallSite[]>()
  for (const site of calls) {
    const known = sites.get(site.message)
    if (known === undefined) sites.set(site.message, [site])
    else known.push(site)
  }
  return sites
}

function joinCalls (trajectory: Trajectory, tools: readonly CheckedTool[]): CallSite[] {
  const byName = new Map<string, CheckedTool>()
  for (const tool of tools) if (!byName.has(tool.definition.name)) byName.set(tool.definition.name, tool)
  const observations = new Map<string, NonNullable<CallSite['observation']>>()
  trajectory.messages.forEach((message, index) => {
    if (message.role === 'tool' && !observations.has(message.toolCallId)) {
      observations.set(message.toolCallId, { message: index, content: message.content, ...readObservation(message.content) })
    }
  })
  return trajectory.messages.flatMap((message, index) => message.role !== 'assistant'
    ? []
    : message.toolCalls.map(call => {
      const tool = byName.get(call.name)
      return { message: index, call, tool, faults: tool?.faultsOf(call.arguments) ?? [], observation: observations.get(call.id) }
    }))
}
