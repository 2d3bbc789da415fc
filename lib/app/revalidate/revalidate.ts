import { validate, verdictReason, type ValidateOptions } from '../../../operators/index.js'
import { createKeyIndex, type KeyIndex } from '../../dedup/key-index.js'
import { DEDUP } from '../../engine/books.js'
import { GemlineError } from '../../engine/errors.js'
import { silent, type OperatorContext } from '../../engine/operator.js'
import type { TrajectoryCandidate } from '../../schema/candidate.js'
import { countName } from '../dataset/count-name.js'
import type { FoundOutput } from '../dataset/find-output.js'
import { placeOf, readWhole, type Fault, type OutcomeItem } from '../dataset/read-outcomes.js'
import type { DatasetWriter } from '../dataset/write-dataset.js'
import { createContentKeys } from '../records.js'
import { basisOf, candidateOf, toRecord, toReject, type Basis, type BasisEnd, type SetName } from './basis.js'

/** By which rules, for which set, and what becomes of trajectories that no judge has seen. */
export interface RevalidateOptions {
  readonly set: SetName
  readonly validate: ValidateOptions
  readonly unjudged: 'drop' | 'keep'
  /** Whether a trajectory with the content of another one is dropped. */
  readonly dedup: boolean
  readonly maxKeys: number
  readonly signal: AbortSignal
}

/** What came of it. Ends are `accepted` or `stage/reason`. */
export interface Revalidation {
  readonly before: Record<string, number>
  readonly now: Record<string, number>
  /** Trajectories that pass the rules and were never judged; counted for the set `full` alone. */
  unjudged: number
  /** Rejects of the last stages whose trajectory was not kept: nothing can be said of them. */
  notKept: number
}

type Item = Exclude<OutcomeItem, Fault>

/**
 * Runs the rules anew over everything that an output kept, and writes what is accepted by them, and in the set `full` by the
 * verdicts that were paid for. What has no trajectory keeps the end it had. Calls no model. Holds a key for each accepted
 * trajectory where duplicates are dropped. Rejects with `output-invalid` for a line that cannot be read, and for an accepted one that the set needs a draft of and that has none.
 */
export async function revalidate (output: FoundOutput, writer: DatasetWriter, options: RevalidateOptions): Promise<Revalidation> {
  const state: State = {
    options,
    rules: validate(options.validate),
    keys: options.dedup ? createKeyIndex({ maxKeys: options.maxKeys }) : undefined,
    keyOf: createContentKeys(),
    position: 0,
    result: { before: {}, now: {}, unjudged: 0, notKept: 0 }
  }
  for await (const item of readWhole(output, { signal: options.signal })) await takeItem(item, state, writer)
  return state.result
}

interface State {
  readonly options: RevalidateOptions
  readonly rules: ReturnType<typeof validate>
  readonly keys: KeyIndex | undefined
  readonly keyOf: (candidate: TrajectoryCandidate) => string
  /** Of the next trajectory that may be accepted. */
  position: number
  readonly result: Revalidation
}

async function takeItem (item: Item, state: State, writer: DatasetWriter): Promise<void> {
  const { result, options: { set } } = state
  countName(result.before, endOf(item))
  const basis = basisOf(item, set)
  if (basis === undefined) {
    if (item.kind === 'accepted') throw new GemlineError('output-invalid', `${placeOf(item)}: record ${item.body.id} has no draft; the set ${set} needs the output of a teacher with sink.keepIntermediate`)
    if (LAST_STAGES.has(item.body.stage)) result.notKept++
    countName(result.now, endOf(item))
    return await writer.reject(item.body)
  }
  const end = await judgeBasis(item, basis, state)
  if ('accepted' in end) {
    countName(result.now, 'accepted')
    const { findings, grounding, patterns } = end.accepted
    return await writer.accept(toRecord(item, basis, { findings, grounding, patterns }))
  }
  const reject = 'same' in end ? end.same : toReject(item, basis, end)
  countName(result.now, `${reject.stage}/${reject.reason}`)
  await writer.reject(reject)
}

/** Stages that end whole trajectories. */
const LAST_STAGES: ReadonlySet<string> = new Set(['validate', 'judge', DEDUP])

type Judged = { readonly accepted: TrajectoryCandidate } | { readonly same: Extract<Item, { kind: 'ended' }>['body'] } | BasisEnd

/** Rules, verdict, duplicates: the order of a run. */
async function judgeBasis (item: Item, basis: Basis, state: State): Promise<Judged> {
  const candidate = candidateOf(basis, item.body.textKey)
  const outcome = await state.rules.process(candidate, NO_CONTEXT)
  if (outcome.kind === 'drop') return { stage: state.rules.name, reason: outcome.reason, detail: outcome.detail }
  const judged = state.options.set === 'full' ? readVerdict(item, basis, state) : undefined
  if (judged !== undefined) return judged
  const position = state.position++
  if (state.keys !== undefined && state.keys.claim(state.keyOf(candidate), position) !== position) return { stage: DEDUP, reason: 'duplicate-trajectory' }
  return { accepted: outcome.values[0] }
}

/** What the verdict that was paid for means. What the judge itself ended, by an answer that was none, keeps its own reason. */
function readVerdict (item: Item, { verdict }: Basis, { options, result }: State): Judged | undefined {
  if (verdict === undefined) {
    result.unjudged++
    if (options.unjudged === 'keep') return undefined
    return item.kind === 'ended' && item.body.stage === 'judge' ? { same: item.body } : { stage: 'judge', reason: 'not-judged' }
  }
  const reason = verdictReason(verdict)
  return reason === undefined ? undefined : { stage: 'judge', reason, detail: { R1: verdict.R1, R2: verdict.R2, R3: verdict.R3 } }
}

/** Rules ask nothing of who asks them. */
const NO_CONTEXT: OperatorContext = {
  id: '', key: '', sequence: 0, split: '', stage: 'validate', stageIndex: 0, attempt: 0, failure: undefined,
  signal: new AbortController().signal, log: silent, trail: [], note () {}
}

function endOf (item: Item): string {
  return item.kind === 'accepted' ? 'accepted' : `${item.body.stage}/${item.body.reason}`
}
