import { z } from 'zod'
import type { Accepted, Ended, Fact, Settlement } from '../engine/envelope.js'
import type { TrajectoryCandidate } from './candidate.js'
import { labelsSchema } from './labels.js'
import { lineageSchema, usageSchema, type Lineage, type ModelFact, type ModelStep, type Usage, type VerdictFact } from './lineage.js'
import { openAiSchema, toOpenAi } from './open-ai.js'
import { countTrajectory, statsSchema, type Trajectory } from './trajectory.js'

const countsSchema = z.record(z.string(), z.int())

const sourceSchema = z.strictObject({
  name: z.string(), path: z.string(), rowGroup: z.int(), row: z.int(),
  /** Where the file is published: the `canonicalUri` of the source, else its name, and the path below. Nothing is read from there. */
  uri: z.string(),
  upstream: z.string().optional(), url: z.string().optional(), title: z.string().optional()
})

const verdictSchema = z.strictObject({
  R1: z.int(), R2: z.int(), R3: z.int(),
  /** The judge's answer as it wrote it. */
  raw: z.string()
})

/** What was made of a document, whether it was accepted in the end or not. */
const contentShape = {
  /** The source text as the models saw it; left out with `keepText: false`. */
  text: z.string().optional(),
  ...openAiSchema.shape,
  workflow: z.strictObject({ index: z.int(), count: z.int(), description: z.string(), steps: z.array(z.string()) }).optional(),
  labels: labelsSchema.optional(),
  /** Language of the source text, ISO 639-1, where it was detected. */
  language: z.string().optional(),
  /** How many values of each type were replaced in the source text before any model saw it. */
  redacted: countsSchema.optional(),
  /** The trajectory before refinement; with `keepIntermediate`. */
  draft: openAiSchema.extend({ stats: statsSchema }).optional()
} as const

/** One line of a data shard: a training pair for the synthesizer (text → tools and messages) and for an agent as it stands. */
export const trajectoryRecordSchema = z.strictObject({
  id: z.string(),
  source: sourceSchema,
  /** As the config says of the source; an SPDX identifier where there is one. */
  licence: z.string().optional(),
  textKey: z.string(),
  ...contentShape,
  stats: statsSchema,
  checks: z.strictObject({
    findings: countsSchema.optional(),
    grounding: countsSchema.optional(),
    patterns: countsSchema.optional(),
    verdict: verdictSchema.optional()
  }),
  lineage: lineageSchema,
  usage: usageSchema
})

/** One line of a data shard. */
export type TrajectoryRecord = z.infer<typeof trajectoryRecordSchema>

/** One line of a rejects shard: a record that did not make it, and why. */
export const rejectRecordSchema = z.strictObject({
  id: z.string(),
  stage: z.string(),
  kind: z.enum(['drop', 'reject']),
  /** Reason of the drop, or code of the error. */
  reason: z.string(),
  message: z.string().optional(),
  detail: z.unknown().optional(),
  source: sourceSchema.pick({ name: true, path: true, rowGroup: true, row: true, uri: true }),
  licence: z.string().optional(),
  textKey: z.string(),
  /** The last answer as the model wrote it. */
  answer: z.string().optional(),
  /** The trajectory, where there was one: what the stage that ended it was given. */
  candidate: z.strictObject(contentShape).optional(),
  verdict: verdictSchema.optional(),
  lineage: lineageSchema,
  usage: usageSchema
})

/** One line of a rejects shard. */
export type RejectRecord = z.infer<typeof rejectRecordSchema>

/** What the config says of every record of a run. */
export interface RecordOptions {
  readonly pipeline: string
  readonly keepText: boolean
  /** Where the corpus is published; default the name of the source. */
  readonly canonicalUri?: string
  readonly licence?: string
}

/** The line of an accepted result. Nothing in it depends on timing, batching, replica or run. */
export function toTrajectoryRecord (result: Accepted<TrajectoryCandidate>, settlement: Settlement<unknown>, options: RecordOptions): TrajectoryRecord {
  const { document, trajectory, findings, grounding, patterns } = result.value
  return {
    id: result.id,
    source: { ...sourceOf(settlement, options), upstream: document.upstream, url: document.url, title: document.title },
    licence: options.licence,
    textKey: document.textKey,
    ...contentOf(result.value, options),
    stats: countTrajectory(trajectory),
    checks: { findings, grounding, patterns, verdict: verdictOf(result.trail) },
    lineage: lineageOf(result.trail, options.pipeline),
    usage: sumUsage(modelFacts(result.trail).map(fact => fact.usage))
  }
}

/** The dead letter of a dropped or rejected record: where it ended and why, what there was of it, what it had cost. */
export function toRejectRecord (ended: Ended, settlement: Settlement<unknown>, options: RecordOptions): RejectRecord {
  const calls = modelFacts(ended.trail)
  const { id, stage, kind, reason, message, detail, value } = ended
  return {
    id, stage, kind, reason, message, detail,
    source: sourceOf(settlement, options),
    licence: options.licence,
    textKey: settlement.key,
    answer: calls.at(-1)?.text,
    candidate: isCandidate(value) ? contentOf(value, options) : undefined,
    verdict: verdictOf(ended.trail),
    lineage: lineageOf(ended.trail, options.pipeline),
    usage: sumUsage(calls.map(call => call.usage))
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

function sourceOf ({ origin }: Settlement<unknown>, { canonicalUri }: RecordOptions): RejectRecord['source'] {
  const { source, path, rowGroup, row } = origin
  return { name: source, path, rowGroup, row, uri: `${(canonicalUri ?? source).replace(/\/+$/, '')}/${path}` }
}

function contentOf ({ document, trajectory, workflow, labels, draft }: TrajectoryCandidate, { keepText }: RecordOptions): NonNullable<RejectRecord['candidate']> {
  return {
    text: keepText ? document.text : undefined,
    ...toOpenAi(trajectory),
    workflow: workflow && { index: workflow.index, count: workflow.count, description: workflow.workflow.description, steps: workflow.workflow.steps },
    labels,
    language: document.language,
    redacted: document.redacted,
    draft: draft && withStats(draft)
  }
}

function withStats (draft: Trajectory): TrajectoryRecord['draft'] {
  return { ...toOpenAi(draft), stats: countTrajectory(draft) }
}

function verdictOf (trail: readonly Fact[]): TrajectoryRecord['checks']['verdict'] {
  const verdict = trail.find(fact => fact.kind === 'verdict') as VerdictFact | undefined
  return verdict && { R1: verdict.R1, R2: verdict.R2, R3: verdict.R3, raw: verdict.raw }
}

/** What an earlier stage was given has no trajectory yet. */
function isCandidate (value: unknown): value is TrajectoryCandidate {
  return typeof value === 'object' && value !== null && 'trajectory' in value && 'document' in value
}
