import { z } from 'zod'
import type { Accepted, Settlement } from '../engine/envelope.js'
import type { TrajectoryCandidate } from './candidate.js'
import { isObject } from './json-value.js'
import { labelsSchema } from './labels.js'
import { lineageSchema, usageSchema, type Lineage, type ModelFact, type ModelStep, type Usage, type VerdictFact } from './lineage.js'
import type { Message } from './message.js'
import { toolDefinitionSchema } from './tool-definition.js'
import { countTrajectory, statsSchema, type Trajectory } from './trajectory.js'

const openAiCallSchema = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() })
})

const openAiMessageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({ role: z.literal('user'), content: z.string() }),
  z.strictObject({ role: z.literal('assistant'), content: z.string(), tool_calls: z.array(openAiCallSchema).optional() }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() })
])

const openAiToolSchema = z.strictObject({ type: z.literal('function'), function: toolDefinitionSchema })

/** One line of a data shard: a training pair for the synthesizer (text → tools and messages) and for an agent as it stands. */
export const trajectoryRecordSchema = z.strictObject({
  id: z.string(),
  source: z.strictObject({
    name: z.string(), path: z.string(), rowGroup: z.int(), row: z.int(),
    upstream: z.string().optional(), url: z.string().optional(), title: z.string().optional()
  }),
  /** The source text; left out with `keepText: false`. */
  text: z.string().optional(),
  textKey: z.string(),
  messages: z.array(openAiMessageSchema),
  tools: z.array(openAiToolSchema),
  workflow: z.strictObject({ index: z.int(), count: z.int(), description: z.string(), steps: z.array(z.string()) }).optional(),
  labels: labelsSchema.optional(),
  stats: statsSchema,
  checks: z.strictObject({
    findings: z.record(z.string(), z.int()).optional(),
    grounding: z.record(z.string(), z.int()).optional(),
    verdict: z.strictObject({ R1: z.int(), R2: z.int(), R3: z.int() }).optional()
  }),
  lineage: lineageSchema,
  usage: usageSchema
})

/** One line of a data shard. */
export type TrajectoryRecord = z.infer<typeof trajectoryRecordSchema>

/** OpenAI's form of a dialogue: arguments are a JSON string, observations name their call. */
export function toOpenAi (trajectory: Trajectory): Pick<TrajectoryRecord, 'messages' | 'tools'> {
  return {
    messages: trajectory.messages.map(toOpenAiMessage),
    tools: trajectory.tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }))
  }
}

/** The way back. Throws a SyntaxError where arguments are no JSON object. */
export function fromOpenAi ({ messages, tools }: Pick<TrajectoryRecord, 'messages' | 'tools'>): Trajectory {
  return { tools: tools.map(tool => tool.function), messages: messages.map(fromOpenAiMessage) }
}

/** The line of an accepted result. Nothing in it depends on timing, batching, replica or run. */
export function toTrajectoryRecord (result: Accepted<TrajectoryCandidate>, settlement: Settlement<unknown>, options: { readonly pipeline: string, readonly keepText: boolean }): TrajectoryRecord {
  const { document, trajectory, workflow, labels, findings, grounding } = result.value
  const { origin } = settlement
  const verdict = result.trail.find(fact => fact.kind === 'verdict') as VerdictFact | undefined
  return {
    id: result.id,
    source: { name: origin.source, path: origin.path, rowGroup: origin.rowGroup, row: origin.row, upstream: document.upstream, url: document.url, title: document.title },
    text: options.keepText ? document.text : undefined,
    textKey: document.textKey,
    ...toOpenAi(trajectory),
    workflow: workflow && { index: workflow.index, count: workflow.count, description: workflow.workflow.description, steps: workflow.workflow.steps },
    labels,
    stats: countTrajectory(trajectory),
    checks: { findings, grounding, verdict: verdict && { R1: verdict.R1, R2: verdict.R2, R3: verdict.R3 } },
    lineage: lineageOf(result.trail, options.pipeline),
    usage: sumUsage(modelFacts(result.trail).map(fact => fact.usage))
  }
}

/** The model calls of a trail, oldest first. */
export function modelFacts (trail: ReadonlyArray<{ readonly kind: string }>): readonly ModelFact[] {
  return trail.filter((fact): fact is ModelFact => fact.kind === 'model')
}

/** The model calls of a trail without the answers. */
export function lineageOf (trail: ReadonlyArray<{ readonly kind: string }>, pipeline: string): Lineage {
  return { pipeline, steps: modelFacts(trail).map(({ kind, text, reasoning, ...step }): ModelStep => step) }
}

/** Adds up. `reasoningTokens` is there if any had it. */
export function sumUsage (usages: readonly Usage[]): Usage {
  const sum = { promptTokens: 0, completionTokens: 0 }
  let reasoningTokens: number | undefined
  for (const usage of usages) {
    sum.promptTokens += usage.promptTokens
    sum.completionTokens += usage.completionTokens
    if (usage.reasoningTokens !== undefined) reasoningTokens = (reasoningTokens ?? 0) + usage.reasoningTokens
  }
  return reasoningTokens === undefined ? sum : { ...sum, reasoningTokens }
}

type OpenAiMessage = TrajectoryRecord['messages'][number]

function toOpenAiMessage (message: Message): OpenAiMessage {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const calls = message.toolCalls.map(call => ({ id: call.id, type: 'function' as const, function: { name: call.name, arguments: JSON.stringify(call.arguments) } }))
  return calls.length === 0 ? { role: 'assistant', content: message.content } : { role: 'assistant', content: message.content, tool_calls: calls }
}

function fromOpenAiMessage (message: OpenAiMessage): Message {
  if (message.role === 'tool') return { role: 'tool', toolCallId: message.tool_call_id, content: message.content }
  if (message.role !== 'assistant') return message
  const toolCalls = (message.tool_calls ?? []).map(call => ({ id: call.id, name: call.function.name, arguments: argumentsOf(call.function.arguments) }))
  return { role: 'assistant', content: message.content, toolCalls }
}

function argumentsOf (json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json)
  if (!isObject(value)) throw new SyntaxError(`arguments are no JSON object: ${json.slice(0, 80)}`)
  return value
}
