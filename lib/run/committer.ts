import type { Sink, Split, WritableStore } from '../engine/connector.js'
import type { Accepted, Ended, SettledItem, Settlement, SplitEnd } from '../engine/envelope.js'
import type { GemlineError } from '../engine/errors.js'
import type { Logger } from '../engine/operator.js'
import type { Commit } from './commit-record.js'
import type { Ledger } from './ledger.js'
import { SplitWriter } from './split-writer.js'

/** Which dropped and rejected records are written: all, the errors alone, or none (they are counted in any case). */
export type Rejects = 'full' | 'errors' | 'counts'

/**
 * Counts what a split holds beside its books, for whoever shows it. The run keeps the bytes with the split and does not look
 * into them, so that a report needs no second pass over the data.
 */
export interface Tally<T> {
  add (result: Accepted<T>, record: object): void
  pack (): Promise<Uint8Array>
}

/** How settlements become lines of data and of rejects, where these and the commits are written, and who is told. */
export interface CommitterOptions<T> {
  readonly store: WritableStore
  readonly ledger: Ledger
  readonly data: Sink
  readonly rejectsSink: Sink
  readonly rejects: Rejects
  readonly operators: readonly string[]
  /** The split of an id; known from the moment the source begins it. */
  readonly splitOf: (id: string) => Split
  readonly toRecord: (result: Accepted<T>, settlement: Settlement<T>) => object
  readonly toReject: (ended: Ended, settlement: Settlement<T>) => object
  /** Opens what counts a split; undefined where nothing is to be counted. */
  readonly openTally?: () => Tally<T>
  /** Undefined where duplicates are not looked for: then no keys are written. */
  readonly contentKeyOf?: (value: T) => string
  /** Resolves when every answer that the split stands on is durable. */
  readonly flushJournal: (split: string) => Promise<void>
  readonly worker: string
  readonly now: () => Date
  readonly log: Logger
  /** Documents that have just been written. */
  readonly onWritten?: (documents: number) => void
  readonly onCommit?: (commit: Commit) => void
  /** A split that could not be read to its end: it is not committed, and a later run takes it again. */
  readonly onSplitFailed?: (split: Split, error: GemlineError) => void
}

/**
 * Writes what leaves the window: one split at a time, its data, rejects and keys under names with a nonce, then, once the
 * journal is durable, the commit record. What is not committed does not exist. Rejects with what the store rejects with.
 */
export async function commitSplits<T> (items: AsyncIterable<ReadonlyArray<SettledItem<T>>>, options: CommitterOptions<T>): Promise<void> {
  let open: SplitWriter<T> | undefined
  try {
    for await (const batch of items) {
      for (const run of runsOfOneSplit(batch)) {
        open ??= new SplitWriter(options, options.splitOf(run.split))
        await open.write(run.settlements)
        options.onWritten?.(run.settlements.length)
        if (run.end === undefined) continue
        await (run.end.error === undefined ? open.commit(run.end) : open.giveUp(run.end.error))
        open = undefined
      }
    }
  } catch (error) {
    await open?.abort()
    throw error
  }
  await open?.abort()
}

interface Run<T> { readonly split: string, readonly settlements: Array<Settlement<T>>, end?: SplitEnd }

function runsOfOneSplit<T> (batch: ReadonlyArray<SettledItem<T>>): ReadonlyArray<Run<T>> {
  const runs: Array<Run<T>> = []
  let run: Run<T> | undefined
  for (const item of batch) {
    if (run === undefined || run.end !== undefined) runs.push(run = { split: item.split, settlements: [] })
    if (item.kind === 'settlement') run.settlements.push(item)
    else run.end = item
  }
  return runs
}
