import type { Split } from '../../engine/connector.js'
import { silent, type Logger } from '../../engine/operator.js'
import type { TransportAnswer } from '../../model/chat-model.js'
import { loadPrompts } from '../../prompt/index.js'
import { checkTrajectory, type TrajectoryCheck } from '../../rules/index.js'
import type { ModelStep } from '../../schema/lineage.js'
import { checkOptionsOf } from '../dataset/check-options.js'
import { contentOf } from '../dataset/open-line.js'
import type { FoundRun } from '../dataset/find-output.js'
import type { Config } from '../config-schema.js'
import type { FoundLine } from './find-line.js'
import { findSplit, readAnswers } from './read-answers.js'
import { readDocument } from './read-document.js'
import { rebuildRequests, type Rebuilt } from './rebuild-requests.js'

/** Where answers and texts are looked for beside the line itself. */
export interface LookOptions {
  /** Outputs of runs whose journals may hold the answers; that of the line itself comes first by itself. */
  readonly journals: readonly FoundRun[]
  /** Reads the text from its source where the line has not kept it. */
  readonly config?: Config
  readonly signal: AbortSignal
  readonly log?: Logger
}

/** A model call behind a line: how it was asked, and what was answered. */
export interface LookedStep {
  readonly step: ModelStep
  readonly request: Rebuilt
  /** Undefined where no journal that was looked at has it. */
  readonly answer: TransportAnswer | undefined
}

/** Everything that is known of a line. */
export interface Look extends FoundLine {
  readonly text: string | undefined
  readonly steps: readonly LookedStep[]
  /** What the rules of its run say of its trajectory today. Undefined where there is none. */
  readonly check: TrajectoryCheck | undefined
}

/** Gathers what there is of a line: its text, its requests and answers, and what the rules say. Calls no model. Rejects as `readDocument` does. */
export async function lookAtLine (found: FoundLine, { journals, config, signal, log = silent }: LookOptions): Promise<Look> {
  const { output, item } = found
  const own: readonly FoundRun[] = output.kind === 'run' ? [output] : []
  const { source, lineage } = item.body
  const answers = await readAnswers([...own, ...journals], { source, keys: lineage.steps.map(step => step.requestKey) }, log)
  const kept = contentOf(item)?.text
  const text = kept ?? (config === undefined ? undefined : await readText(config, [...own, ...journals], { found, signal }))
  const requests = await rebuildRequests(item, { text, answers, prompts: await loadPrompts(), resultKeys: output.plan?.resultKeys ?? journals[0]?.plan.resultKeys })
  return {
    ...found, text,
    steps: lineage.steps.map((step, at) => ({ step, request: requests[at] as Rebuilt, answer: answers.get(step.requestKey) })),
    check: item.trajectory && checkTrajectory(item.trajectory, { ...checkOptionsOf(output.plan?.resultKeys), source: text })
  }
}

async function readText (config: Config, runs: readonly FoundRun[], { found: { item: { body: { source } } }, signal }: { readonly found: FoundLine, readonly signal: AbortSignal }): Promise<string | undefined> {
  for (const run of runs) {
    const split = await findSplit(run, source)
    if (split?.etag !== undefined) return (await readDocument(config, { split: split as Split, row: source.row, signal })).text
  }
  return undefined
}
