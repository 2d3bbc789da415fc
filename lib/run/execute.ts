import type { Source, Split, WritableStore } from '../engine/connector.js'
import { GemlineError } from '../engine/errors.js'
import type { Pipeline, WindowOptions } from '../engine/pipeline.js'
import { createKeyIndex, type KeyIndex } from '../dedup/key-index.js'
import { dropSeenTexts, dropTwinResults } from '../dedup/members.js'
import { claimDone, onlyDone, readCommits } from './commits.js'
import { commitSplits, type CommitterOptions } from './committer.js'
import { createLedger, type Ledger } from './ledger.js'
import { sumCommits, writeManifest, type Totals } from './manifest.js'
import { checkResultKeys, readPlan, readSplits, writePlan, type Plan, type ResultKeys } from './plan.js'

/** How duplicates are looked for. */
export interface DedupOptions<Out> {
  readonly texts: boolean
  readonly results: boolean
  readonly maxKeys: number
  readonly contentKeyOf: (value: Out) => string
}

/** All that a run is made of: what is read, what becomes of it, where it goes, and how much may be under way at once. */
export interface ExecuteParts<In, Out> extends
  Omit<WindowOptions<Out>, 'signal'>,
  Pick<CommitterOptions<Out>, 'data' | 'rejectsSink' | 'rejects' | 'toRecord' | 'toReject' | 'openTally' | 'flushJournal' | 'worker' | 'now' | 'onWritten' | 'onCommit'> {
  readonly source: Source<In>
  readonly pipeline: Pipeline<In, Out>
  readonly store: WritableStore
  readonly resultKeys: ResultKeys
  readonly dedup: DedupOptions<Out>
  readonly signal: AbortSignal
  readonly log: CommitterOptions<Out>['log']
  /** Told once, when it is known what is to be done. */
  readonly onPlan?: (work: PlannedWork) => void
}

/** What there is to do. Splits and rows are unknown where the source is endless. */
export interface PlannedWork {
  readonly splits: number | undefined
  readonly rows: number | undefined
  /** Splits that are done already. */
  readonly done: number
  /** Names of the operators, in order. */
  readonly stages: readonly string[]
}

/** A split that could not be read; the next run tries it again. */
export interface FailedSplit { readonly split: Split, readonly error: GemlineError }

/** What a run has done. `totals` sums all commits of the output, those of earlier runs too. */
export interface RunOutcome {
  readonly totals: Totals
  readonly splits: { readonly planned: number | undefined, readonly doneBefore: number, readonly failed: readonly FailedSplit[] }
  /** All splits are done: there is a manifest and `_SUCCESS`. */
  readonly complete: boolean
  readonly keys: { readonly texts: number, readonly results: number, readonly bytes: number }
}

const MOST_FAILED_KEPT = 1000

/**
 * Runs what is missing of an output: makes the plan or reads it, reads the ledger, takes every split that is not done
 * through the pipeline, commits each, and writes the manifest when all are done. The same call starts, continues and
 * checks a run. Rejects with `config-changed`, `run-cancelled`, and what source, pipeline or store reject with.
 */
export async function execute<In, Out> (parts: ExecuteParts<In, Out>): Promise<RunOutcome> {
  const { store, source, signal } = parts
  const ledger = createLedger(store)
  const plan = await openPlan(parts, ledger)
  const done = await ledger.done()
  const known = source.endless === true ? { splits: undefined, rows: undefined } : { splits: plan.splits, rows: plan.rows }
  parts.onPlan?.({ ...known, done: done.size, stages: operatorsOf(parts) })
  const splits = source.endless === true ? () => source.plan(signal) : () => readSplits(store, plan)
  const doneIds = (): AsyncIterable<string> | Iterable<string> => source.endless === true ? done : onlyDone(splits(), done)
  const indexes = openIndexes(parts.dedup)
  if (plan.dedup !== 'off' && done.size > 0) await claimDone(store, readCommits(ledger, doneIds()), indexes)
  const failed: FailedSplit[] = []
  await runMissing(parts, { ledger, indexes, failed, splits: splits(), done })
  return await conclude(parts, { plan, ledger, failed, doneBefore: done.size, indexes, splits })
}

async function openPlan<In, Out> ({ store, source, resultKeys, dedup, signal }: ExecuteParts<In, Out>, ledger: Ledger): Promise<Plan> {
  const planned = await readPlan(store)
  if (planned === undefined) await refuseOrphans(store, ledger)
  const plan = planned ?? await writePlan(store, resultKeys, {
    dedup: dedup.texts || dedup.results ? 'as-it-goes' : 'off',
    splits: source.endless === true ? none() : source.plan(signal)
  })
  checkResultKeys(plan, resultKeys, store.url)
  return plan
}

/** Ids of splits do not hang on the config: commits whose plan is gone could be of another one. */
async function refuseOrphans (store: WritableStore, ledger: Ledger): Promise<void> {
  const { size } = await ledger.done()
  // Another worker may have written plan and commits since.
  if (size === 0 || await readPlan(store) !== undefined) return
  throw new GemlineError('plan-invalid', `${store.url} holds ${size} commits, but plan.json is gone, so nobody can tell what they were made with; restore it or choose another output`)
}

async function * none (): AsyncGenerator<Split> {}

interface Indexes { readonly texts?: KeyIndex, readonly results?: KeyIndex }

function openIndexes<Out> ({ texts, results, maxKeys }: DedupOptions<Out>): Indexes {
  return { texts: texts ? createKeyIndex({ maxKeys }) : undefined, results: results ? createKeyIndex({ maxKeys }) : undefined }
}

interface Missing {
  readonly ledger: Ledger
  readonly indexes: Indexes
  readonly failed: FailedSplit[]
  readonly splits: AsyncIterable<Split>
  readonly done: ReadonlySet<string>
}

async function runMissing<In, Out> (parts: ExecuteParts<In, Out>, { ledger, indexes, failed, splits, done }: Missing): Promise<void> {
  const { source, pipeline, dedup, signal, log } = parts
  const active = new Map<string, Split>()
  const splitOf = (id: string): Split => active.get(id) as Split
  const committer: CommitterOptions<Out> = {
    ...parts, ledger, splitOf,
    operators: operatorsOf(parts),
    contentKeyOf: dedup.texts || dedup.results ? dedup.contentKeyOf : undefined,
    onCommit: commit => { active.delete(commit.split); parts.onCommit?.(commit) },
    onSplitFailed: (split, error) => {
      active.delete(split.id)
      log.error({ split: split.id, code: error.code }, `${error.message}. ${error.help}`)
      if (failed.length < MOST_FAILED_KEPT) failed.push({ split, error })
    }
  }
  await pipeline.run({
    ...parts,
    source: source.read(missing(splits, done, active), { signal, firstSequence: 0 }),
    seen: indexes.texts === undefined ? undefined : dropSeenTexts(indexes.texts, splitOf),
    dedup: indexes.results === undefined ? undefined : dropTwinResults(indexes.results, splitOf, dedup.contentKeyOf),
    sink: items => commitSplits(items, committer)
  })
}

async function * missing (splits: AsyncIterable<Split>, done: ReadonlySet<string>, active: Map<string, Split>): AsyncGenerator<Split> {
  for await (const split of splits) {
    if (done.has(split.id)) continue
    active.set(split.id, split)
    yield split
  }
}

interface Concluding {
  readonly plan: Plan
  readonly ledger: Ledger
  readonly failed: readonly FailedSplit[]
  readonly doneBefore: number
  readonly indexes: Indexes
  readonly splits: () => AsyncIterable<Split>
}

async function conclude<In, Out> (parts: ExecuteParts<In, Out>, { plan, ledger, failed, doneBefore, indexes, splits }: Concluding): Promise<RunOutcome> {
  const { store, source } = parts
  const operators = operatorsOf(parts)
  const done = await ledger.done()
  const ids = source.endless === true ? done : onlyDone(splits(), done)
  const commits = readCommits(ledger, ids)
  const complete = source.endless === true ? failed.length === 0 : await areDone(splits(), done)
  const totals = complete ? await writeManifest(store, plan, { commits, operators }) : await sumCommits(commits, operators)
  if (complete) await store.put('_SUCCESS', new Uint8Array())
  return {
    totals,
    splits: { planned: source.endless === true ? undefined : plan.splits, doneBefore, failed },
    complete,
    keys: { texts: indexes.texts?.keys ?? 0, results: indexes.results?.keys ?? 0, bytes: (indexes.texts?.bytes ?? 0) + (indexes.results?.bytes ?? 0) }
  }
}

/** What lies in the ledger beside the splits of this plan does not count. */
async function areDone (splits: AsyncIterable<Split>, done: ReadonlySet<string>): Promise<boolean> {
  for await (const { id } of splits) if (!done.has(id)) return false
  return true
}

function operatorsOf<In, Out> ({ pipeline }: ExecuteParts<In, Out>): string[] {
  return pipeline.stages.map(stage => stage.operator.name)
}
