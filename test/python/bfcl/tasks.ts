import { createHash } from 'node:crypto'
import { checkTool } from '../../../lib/rules/check-tool.js'
import type { CallSite, CheckedTool } from '../../../lib/rules/rule.js'
import { fromOpenAi, type TrajectoryRecord } from '../../../lib/schema/trajectory-record.js'
import type { ToolDefinition } from '../../../lib/schema/tool-definition.js'
import type { Trajectory } from '../../../lib/schema/trajectory.js'

/** An argument that no earlier text of the dialogue holds, found by a plain search in Python. */
export interface Unsaid { readonly call: string, readonly path: string, readonly value: string | number }

interface Told { readonly messages: TrajectoryRecord['messages'], readonly unsaid: readonly Unsaid[] }

/** A line of `wrap_bfcl.py`. */
export interface WrappedTask extends Told {
  readonly id: string
  readonly category: string
  /** The number that the variants of a task share. */
  readonly task: number
  readonly tools: TrajectoryRecord['tools']
  /** The same with look-ups, where a gold call uses what only the hidden state knew and a look-up gives. */
  readonly lookedUp: Told | null
}

/** A dialogue ready for the rule; tools are checked once for all that is done with it. */
export interface Dialogue {
  readonly task: WrappedTask
  readonly trajectory: Trajectory
  readonly unsaid: readonly Unsaid[]
  readonly tools: ReadonlyMap<string, CheckedTool>
}

/** Variants of one task fall into the same half: what is tuned on one is never measured on another. */
export function halfOf ({ task }: Pick<WrappedTask, 'task'>): 'tuned' | 'held out' {
  return (createHash('sha256').update(`bfcl task ${task}`).digest()[0] ?? 0) % 2 === 0 ? 'tuned' : 'held out'
}

/** The gold dialogue of a task, and the one with look-ups if there is one. */
export function openTask (task: WrappedTask): { readonly gold: Dialogue, readonly lookedUp: Dialogue | undefined } {
  const tools = new Map(task.tools.map(tool => [tool.function.name, checkOnce(tool.function)]))
  const open = ({ messages, unsaid }: Told): Dialogue => ({ task, trajectory: fromOpenAi({ messages, tools: task.tools }), unsaid, tools })
  return { gold: open(task), lookedUp: task.lookedUp === null ? undefined : open(task.lookedUp) }
}

/** Tasks share their tools, and a schema takes longer to compile than a dialogue to check. */
const checked = new Map<string, CheckedTool>()

function checkOnce (definition: ToolDefinition): CheckedTool {
  const key = JSON.stringify(definition)
  const tool = checked.get(key) ?? checkTool(definition)
  checked.set(key, tool)
  return tool
}

/** The calls of a dialogue as the rules see them. */
export function callsOf ({ trajectory, tools }: Dialogue): CallSite[] {
  return trajectory.messages.flatMap((message, index) => message.role !== 'assistant'
    ? []
    : message.toolCalls.map(call => ({ message: index, call, tool: tools.get(call.name), faults: [] })))
}
