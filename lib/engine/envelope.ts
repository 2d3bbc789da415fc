import type { GemlineError } from './errors.js'

/** Where a record came from: enough to find it again, and no absolute path. */
export interface Origin {
  /** Name of the source in the config. */
  readonly source: string
  /** Path below the root of the source, with `/`. */
  readonly path: string
  /** Row group of a Parquet file; 0 elsewhere. */
  readonly rowGroup: number
  /** Row inside the row group, or inside the file where there are no groups. From 0. */
  readonly row: number
}

/** A record with its identity, on its way through the stages. */
export interface Envelope<T> {
  readonly kind: 'envelope'
  /** Unique in the corpus and the same on every run; children append `.0`, `.1`, … */
  readonly id: string
  /** Place in reading order within this run, from 0. */
  readonly sequence: number
  readonly split: string
  readonly origin: Origin
  /** Equal content, equal key: seeds and duplicates hang on it. */
  readonly key: string
  readonly value: T
}

/** Something that became known of a record on its way: a model call, a count, a label that was put aside. */
export interface Fact {
  readonly kind: string
  /** The stage that noted it. */
  readonly stage: string
}

/** A value that reached the end of the pipeline. */
export interface Accepted<T> {
  readonly id: string
  readonly value: T
  readonly trail: readonly Fact[]
}

/** A record, or one of its children, that did not reach the end, and why. */
export interface Ended {
  readonly id: string
  readonly stage: string
  /** A drop is a decision, a reject an error. */
  readonly kind: 'drop' | 'reject'
  /** Reason of the drop (kebab-case) or error code of the reject. */
  readonly reason: string
  readonly message?: string
  readonly detail?: unknown
  /** What the stage was given, where it keeps that for the dead letter (`StageOptions.keepInput`). */
  readonly value?: unknown
  readonly trail: readonly Fact[]
}

/**
 * All that became of one document: its accepted values and every drop and reject of it and its children. It goes through
 * order, dedup and sink as one, so that no crash can double or lose a part of it.
 */
export interface Settlement<T> {
  readonly kind: 'settlement'
  readonly id: string
  readonly sequence: number
  readonly split: string
  readonly origin: Origin
  readonly key: string
  readonly accepted: ReadonlyArray<Accepted<T>>
  readonly ended: readonly Ended[]
  /** Records received, records that emitted, and values emitted, by stage of the pipeline. Counted apart, so that books can be checked. */
  readonly received: readonly number[]
  readonly emitted: readonly number[]
  readonly values: readonly number[]
  /** Sums of the facts of kind `count`, by `stage/name`. */
  readonly counts: Readonly<Record<string, number>>
}

/** A fact that is only counted: it goes into the books, not into the trail. */
export interface CountFact extends Omit<Fact, 'stage'> {
  readonly kind: 'count'
  /** Stable kebab-case name: `unknown-label`, `workflow-not-taken`. */
  readonly name: string
  /** How many; above 0. */
  readonly value: number
}

/** Follows the last record of a split. With `error` the split could not be read to its end and must not be committed. */
export interface SplitEnd {
  readonly kind: 'split-end'
  readonly split: string
  /** Records that the source gave for this split. */
  readonly rows: number
  /** The row behind the last, where the split turned out to be shorter than planned: the end of standard input. */
  readonly to?: number
  readonly error?: GemlineError
}

/** What a source yields: documents, rows that could not become one (settled already), and ends of splits. */
export type SourceItem<T> = Envelope<T> | Settlement<never> | SplitEnd

/** What leaves the window, in reading order. */
export type SettledItem<T> = Settlement<T> | SplitEnd

const NONE: readonly number[] = Object.freeze([])
const NO_COUNTS: Readonly<Record<string, number>> = Object.freeze({})

/** Settles a record outside of the stages: a row that is no document, a duplicate. */
export function settleAtOnce (record: Omit<Envelope<unknown>, 'kind' | 'value'>, ended: Omit<Ended, 'id' | 'trail'>): Settlement<never> {
  const { id, sequence, split, origin, key } = record
  return {
    kind: 'settlement', id, sequence, split, origin, key,
    accepted: [], ended: [{ id, trail: [], ...ended }],
    received: NONE, emitted: NONE, values: NONE, counts: NO_COUNTS
  }
}
