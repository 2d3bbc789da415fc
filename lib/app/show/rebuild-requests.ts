import type { Fact } from '../../engine/envelope.js'
import { GemlineError, toGemlineError } from '../../engine/errors.js'
import { silent, type OperatorContext, type Outcome } from '../../engine/operator.js'
import type { AskSettings, StageModel } from '../../model/ask.js'
import type { ChatRequest } from '../../model/chat-model.js'
import { requestKeyOf } from '../../model/request-key.js'
import { createTokenCounter } from '../../model/tokens.js'
import { findPrompt, type PromptSet } from '../../prompt/index.js'
import type { ResultKeys } from '../../run/plan.js'
import type { RelevantDocument, TrajectoryCandidate, WorkflowCandidate } from '../../schema/candidate.js'
import type { ModelStep } from '../../schema/lineage.js'
import { contentOf, documentIdOf, type Line } from '../dataset/open-line.js'
import { askStage, type Work } from './ask-stage.js'
import { plannedStageOf, type PlannedStage } from './planned-settings.js'
import type { Answers } from './read-answers.js'

/** A request as it was sent, or why it cannot be built again. */
export type Rebuilt =
  | {
    readonly messages: ChatRequest['messages']
    /** Whether it has the very key that was sent; undefined where nothing says how the stage asked. */
    readonly isSame: boolean | undefined
  }
  | { readonly problem: string }

/** What is known beside the line: its text, the answers of the journal, the prompts of this version, and how the run asked. */
export interface Known {
  readonly text: string | undefined
  readonly answers: Answers
  readonly prompts: PromptSet
  readonly resultKeys: ResultKeys | undefined
}

/**
 * Builds the requests of a lineage again, by running its stages: each operator gets what the line or the stage before gives, its
 * model notes what it is asked and answers from the journal. So prompts are what the operators make of them, and nothing else.
 * Nothing is called. One entry for each step, in order; never rejects for what a line or an answer holds.
 */
export async function rebuildRequests (line: Line, known: Known): Promise<readonly Rebuilt[]> {
  const replay: Replay = { line, known, work: workOf(line, known.text), before: undefined }
  const rebuilt: Rebuilt[] = []
  for (const step of line.body.lineage.steps) {
    rebuilt.push(await rebuild(step, replay))
    replay.before = step
  }
  return rebuilt
}

/** Where the replay stands: what the next stage is given, and the step before. */
interface Replay {
  readonly line: Line
  readonly known: Known
  work: Work
  before: ModelStep | undefined
}

function workOf (line: Line, text: string | undefined): Work {
  const { textKey } = line.body
  const { labels } = contentOf(line) ?? {}
  return { document: text === undefined ? undefined : { text, textKey }, labels, trajectory: undefined, workflow: undefined }
}

async function rebuild (step: ModelStep, replay: Replay): Promise<Rebuilt> {
  try {
    return await replayStep(step, replay)
  } catch (thrown) {
    return { problem: toGemlineError(thrown, 'prompt-invalid', step.prompt).message }
  }
}

const UNKNOWN: AskSettings = { thinking: 'off', temperature: 0, topP: 1, topK: 0, maxTokens: 1, minTokens: 0, retryTemperature: 0, stop: [] }

async function replayStep (step: ModelStep, replay: Replay): Promise<Rebuilt> {
  const { known, line } = replay
  const prompt = findPrompt(known.prompts, step.prompt.replace(/#.*$/s, ''))
  if (prompt.ref !== step.prompt) return { problem: `it was asked with ${step.prompt}; the file of that name is now ${prompt.ref}` }
  const planned = known.resultKeys === undefined ? undefined : plannedStageOf(known.resultKeys, step.stage)
  let asked: ChatRequest | undefined
  const stage: StageModel = {
    ...stageOf(step, planned), prompt,
    model: {
      name: step.model,
      async complete (request) {
        asked = request
        const answer = known.answers.get(step.requestKey)
        if (answer === undefined) throw new GemlineError('journal-missed', 'the answer is in no journal')
        return { ...answer, requestKey: step.requestKey }
      }
    }
  }
  const given = withKept(step.stage, replay)
  const outcome = await attempt(() => askStage(step.stage, { stage, work: given, context: contextOf(step, replay) }))
  if (!(outcome instanceof GemlineError) && outcome.kind === 'emit') replay.work = takeOn(replay.work, outcome.values, line)
  if (asked === undefined) return { problem: outcome instanceof GemlineError ? outcome.message : 'the stage did not ask' }
  return { messages: asked.messages, isSame: planned === undefined ? undefined : requestKeyOf(asked) === step.requestKey }
}

function stageOf (step: ModelStep, planned: PlannedStage | undefined): Omit<StageModel, 'model' | 'prompt'> {
  return {
    revision: planned?.model.revision, trained: step.trained,
    tokens: createTokenCounter('estimate'),
    maxModelLength: planned?.model.maxModelLength ?? Number.MAX_SAFE_INTEGER,
    settings: planned?.settings ?? UNKNOWN
  }
}

/** What the line has kept is what the stage was given, whatever the replay made. */
function withKept (stage: string, { line, work }: Replay): Work {
  if (stage === 'refine' && line.draft !== undefined) return { ...work, trajectory: line.draft }
  if (stage === 'judge' && line.trajectory !== undefined) return { ...work, trajectory: line.trajectory }
  return work
}

async function attempt (ask: () => Outcome<object> | Promise<Outcome<object>>): Promise<Outcome<object> | GemlineError> {
  try {
    return await ask()
  } catch (thrown) {
    return toGemlineError(thrown, 'operator-failed', 'replay')
  }
}

/** Of several values the child that the line is about. */
function takeOn (work: Work, values: readonly object[], { body: { id } }: Line): Work {
  const child = Number(/\.(\d+)$/.exec(id)?.[1] ?? 0)
  const value = values[Math.min(child, values.length - 1)] as Partial<RelevantDocument & WorkflowCandidate & TrajectoryCandidate>
  const { trajectory } = value
  return { ...work, labels: value.labels ?? work.labels, trajectory: trajectory ?? work.trajectory, workflow: 'tools' in (value.workflow ?? {}) ? value as WorkflowCandidate : work.workflow }
}

/** Before there are children, a stage asks for the document. */
function contextOf ({ stage, attempt }: ModelStep, { line, before }: Replay): OperatorContext {
  const { body } = line
  const trail: Fact[] = []
  const isBeforeChildren = stage === 'filter' || stage === 'extract'
  return {
    id: isBeforeChildren ? documentIdOf(line) : body.id, key: body.textKey,
    sequence: 0, split: '', stage, stageIndex: 0, attempt, failure: attempt === 0 ? undefined : failureOf(before),
    signal: new AbortController().signal, log: silent, trail, note () {}
  }
}

/** A cut answer is asked for again with twice the budget; what else was wrong does not change the request. */
function failureOf (before: ModelStep | undefined): GemlineError {
  return new GemlineError(before?.finishReason === 'length' ? 'answer-truncated' : 'answer-malformed', 'the answer before')
}
