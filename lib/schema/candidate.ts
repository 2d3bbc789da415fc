import type { Document } from './document.js'
import type { Labels } from './labels.js'
import type { Trajectory } from './trajectory.js'
import type { Workflow } from './workflow.js'

/** What travels between the operators: a document and what has been made of it so far. */
export interface RelevantDocument {
  readonly document: Document
  /** Undefined where the filter is off. */
  readonly labels?: Labels
}

/** One workflow of a document; `index` of `count` that the document gave. */
export interface WorkflowCandidate extends RelevantDocument {
  readonly workflow: Workflow
  readonly index: number
  readonly count: number
}

/** A trajectory on its way through refine, validate and judge. The synthesizer makes it without a workflow. */
export interface TrajectoryCandidate extends RelevantDocument {
  readonly trajectory: Trajectory
  readonly workflow?: Pick<WorkflowCandidate, 'workflow' | 'index' | 'count'>
  /** Findings of `validate` that do not drop the record, by name, the classes of argument values, and the paper's patterns. */
  readonly findings?: Readonly<Record<string, number>>
  readonly grounding?: Readonly<Record<string, number>>
  readonly patterns?: Readonly<Record<string, number>>
}
