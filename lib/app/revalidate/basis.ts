import type { Lineage, Usage } from '../../schema/lineage.js'
import { sumUsage, type RejectRecord, type TrajectoryRecord } from '../../schema/trajectory-record.js'
import { countTrajectory, type Stats, type Trajectory } from '../../schema/trajectory.js'
import type { TrajectoryCandidate } from '../../schema/candidate.js'
import { contentOf, type Line } from '../dataset/open-line.js'

/** Sets that one run gives: what it accepted, and the two ablations of the paper. */
export const SETS = ['full', 'no-refinement', 'no-judge'] as const
/** Name of such a set. */
export type SetName = typeof SETS[number]

type Content = NonNullable<RejectRecord['candidate']>

/** What of a line is looked at: a trajectory, and everything a record says beside it. */
export interface Basis {
  readonly trajectory: Trajectory
  readonly content: Content
  readonly stats: Stats
  readonly verdict: RejectRecord['verdict']
  readonly lineage: Lineage
  readonly usage: Usage
}

/** Stages that work on what the draft becomes. */
const AFTER_DRAFT: ReadonlySet<string> = new Set(['refine', 'judge'])

/** The basis of a line for a set; undefined where the line has no such trajectory: it ended before, or it was not kept. */
export function basisOf (line: Line, set: SetName): Basis | undefined {
  const content = contentOf(line)
  if (content === undefined) return undefined
  return set === 'no-refinement' ? draftBasis(line, content) : refinedBasis(line, content)
}

/** The candidate that the rules are given. A text that was not kept is empty: no rule finds anything to compare in it. */
export function candidateOf ({ trajectory, content }: Basis, textKey: string): TrajectoryCandidate {
  return { document: { text: content.text ?? '', textKey, language: content.language, redacted: content.redacted }, labels: content.labels, trajectory }
}

/** The record of a basis that was accepted. */
export function toRecord ({ body }: Line, { content, stats, verdict, lineage, usage }: Basis, checks: Omit<TrajectoryRecord['checks'], 'verdict'>): TrajectoryRecord {
  const { id, source, licence, textKey } = body
  return { id, source, licence, textKey, ...content, stats, checks: { ...checks, verdict }, lineage, usage }
}

/** How a basis ended. */
export interface BasisEnd { readonly stage: string, readonly reason: string, readonly detail?: unknown }

/** The reject of a basis that was not. The answer that its first reject had kept stays with it. */
export function toReject (line: Line, { content, verdict, lineage, usage }: Basis, { stage, reason, detail }: BasisEnd): RejectRecord {
  const { id, source: { name, path, rowGroup, row, uri }, licence, textKey } = line.body
  const answer = line.kind === 'ended' ? line.body.answer : undefined
  return { id, stage, kind: 'drop', reason, detail, source: { name, path, rowGroup, row, uri }, licence, textKey, answer, candidate: content, verdict, lineage, usage }
}

function refinedBasis (line: Line, content: Content): Basis | undefined {
  const { trajectory, body } = line
  if (trajectory === undefined) return undefined
  const { text, messages, tools, workflow, labels, language, redacted, draft } = content
  return {
    trajectory, content: { text, messages, tools, workflow, labels, language, redacted, draft },
    stats: line.kind === 'accepted' ? line.body.stats : countTrajectory(trajectory),
    verdict: line.kind === 'accepted' ? line.body.checks.verdict : line.body.verdict,
    lineage: body.lineage, usage: body.usage
  }
}

function draftBasis (line: Line, content: Content): Basis | undefined {
  const trajectory = line.draft ?? (wasRefined(line) ? undefined : line.trajectory)
  if (trajectory === undefined) return undefined
  const { text, workflow, labels, language, redacted } = content
  // Where refine ended the record, or was off, the draft is the candidate itself.
  const { messages, tools } = content.draft ?? content
  const steps = line.body.lineage.steps.filter(step => !AFTER_DRAFT.has(step.stage))
  return {
    trajectory, content: { text, messages, tools, workflow, labels, language, redacted },
    stats: countTrajectory(trajectory), verdict: undefined,
    lineage: { ...line.body.lineage, steps }, usage: sumUsage(steps.map(step => step.usage))
  }
}

/** What was generated and not refined is a draft. A synthesizer writes none. */
function wasRefined ({ body: { lineage: { steps } } }: Line): boolean {
  return steps.some(step => step.stage === 'refine') || !steps.some(step => step.stage === 'generate')
}
