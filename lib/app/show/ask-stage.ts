import { extract, filter, generate, judge, refine, synthesize } from '../../../operators/index.js'
import { GemlineError } from '../../engine/errors.js'
import type { OperatorContext, Outcome } from '../../engine/operator.js'
import type { StageModel } from '../../model/ask.js'
import type { TrajectoryCandidate, WorkflowCandidate } from '../../schema/candidate.js'
import type { Document } from '../../schema/document.js'
import type { Labels } from '../../schema/labels.js'
import type { Trajectory } from '../../schema/trajectory.js'

/** What is known of a document so far, for the stage that asks next. */
export interface Work {
  readonly document: Document | undefined
  readonly labels: Labels | undefined
  readonly workflow: WorkflowCandidate | undefined
  readonly trajectory: Trajectory | undefined
}

/** A stage that asks, and what for. */
export interface Asking {
  readonly stage: StageModel
  readonly work: Work
  readonly context: OperatorContext
}

const MOST_CHILDREN = 64

/**
 * Runs the operator of a stage once. Throws `output-invalid` where what it needs is not known, saying what, and for a stage
 * that no operator has; else as the operator does.
 */
export function askStage (name: string, { stage, work, context }: Asking): Outcome<object> | Promise<Outcome<object>> {
  switch (name) {
    case 'filter': return filter({ stage }, { preFilter: false }).process(documentOf(work), context)
    case 'extract': return extract(stage, { workflows: 'all', maxWorkflows: MOST_CHILDREN }).process({ document: documentOf(work) }, context)
    case 'generate': return generate(stage).process({ ...workflowOf(work), document: documentOf(work) }, context)
    case 'synthesize': return synthesize(stage).process({ document: documentOf(work) }, context)
    case 'refine': return refine(stage).process(candidateOf(work, 'the draft'), context)
    case 'judge': return judge(stage, { mode: 'report' }).process(candidateOf(work, 'the trajectory'), context)
    default: throw new GemlineError('output-invalid', `this version has no stage ${name}`)
  }
}

function documentOf ({ document }: Work): Document {
  if (document === undefined) throw unknown('the text of the document was not kept; with --config it is read from the source again')
  return document
}

function workflowOf ({ workflow }: Work): WorkflowCandidate {
  if (workflow === undefined) throw unknown('the workflow with its tools stands only in the answer of extract, which is in no journal that was looked at')
  return workflow
}

function candidateOf ({ document, labels, trajectory }: Work, what: string): TrajectoryCandidate {
  if (trajectory === undefined) throw unknown(`${what} was not kept, and what was answered before is in no journal that was looked at`)
  return { document: document ?? { text: '', textKey: '' }, labels, trajectory }
}

function unknown (message: string): GemlineError {
  return new GemlineError('output-invalid', message)
}
