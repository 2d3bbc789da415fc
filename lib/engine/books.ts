import type { Ended, SettledItem, Settlement } from './envelope.js'
import { GemlineError } from './errors.js'

/** Counts of one stage. `values` is what it handed on: more than `emitted` where records became several. */
export interface StageBooks {
  received: number
  emitted: number
  values: number
  dropped: Record<string, number>
  rejected: Record<string, number>
}

/** Counts of a split, a run or a dataset: plain data, stands in commits and reports. */
export interface Books {
  documents: number
  accepted: number
  stages: Record<string, StageBooks>
  /** Sums of the facts of kind `count`, by stage and name (`filter/unknown-label`). */
  counts: Record<string, number>
}

/** The stage before all others, no operator: rows that cannot be read end in it. */
export const READ = 'read'
/** The stage after it, no operator: duplicates of texts end in it. */
export const SEEN = 'seen'
/** The stage after all operators: duplicates of results end in it. */
export const DEDUP = 'dedup'

/** Empty books for a pipeline with these operators, in order. Throws a TypeError for a name that is taken or would not keep its place. */
export function openBooks (operators: readonly string[]): Books {
  const wrong = operators.find((name, at) => [READ, SEEN, DEDUP].includes(name) || operators.indexOf(name) !== at || /^\d+$/.test(name))
  if (wrong !== undefined) throw new TypeError(`no operator may be named ${wrong} here`)
  const stages: Record<string, StageBooks> = {}
  for (const name of [READ, SEEN, ...operators, DEDUP]) stages[name] = { received: 0, emitted: 0, values: 0, dropped: {}, rejected: {} }
  return { documents: 0, accepted: 0, stages, counts: {} }
}

/** Enters settlements. Counts of the operators come from the walk itself, those of the ordered stages from the ends. */
export function enterBooks (books: Books, items: ReadonlyArray<SettledItem<unknown>>): void {
  const stages = Object.values(books.stages)
  for (const item of items) {
    if (item.kind !== 'settlement') continue
    books.documents++
    books.accepted += item.accepted.length
    for (let i = 0; i < item.received.length; i++) {
      const stage = stages[i + 2] as StageBooks
      stage.received += item.received[i] as number
      stage.emitted += item.emitted[i] as number
      stage.values += item.values[i] as number
    }
    for (const ended of item.ended) enterEnd(books, ended)
    enterOrdered(books, item)
    addCounts(books.counts, item.counts)
  }
}

function enterEnd (books: Books, { stage, kind, reason }: Ended): void {
  const ends = books.stages[stage]?.[kind === 'drop' ? 'dropped' : 'rejected']
  if (ends === undefined) throw new GemlineError('books-unbalanced', `a record ended in the unknown stage ${stage}`)
  ends[reason] = (ends[reason] ?? 0) + 1
}

function enterOrdered (books: Books, item: Settlement<unknown>): void {
  const at = (stage: string): number => item.ended.reduce((sum, ended) => ended.stage === stage ? sum + 1 : sum, 0)
  const pass = (name: string, received: number, ended: number): void => {
    const stage = books.stages[name] as StageBooks
    stage.received += received
    stage.emitted += received - ended
    stage.values += received - ended
  }
  const unread = item.received.length === 0 && item.ended.length > 0 ? at(READ) : 0
  pass(READ, 1, unread)
  pass(SEEN, 1 - unread, item.received.length === 0 ? at(SEEN) : 0)
  pass(DEDUP, item.accepted.length + at(DEDUP), at(DEDUP))
}

/** Adds books of the same stages up. */
export function addBooks (sum: Books, more: Books): void {
  sum.documents += more.documents
  sum.accepted += more.accepted
  addCounts(sum.counts, more.counts)
  for (const [name, stage] of Object.entries(more.stages)) {
    const into = sum.stages[name] ??= { received: 0, emitted: 0, values: 0, dropped: {}, rejected: {} }
    into.received += stage.received
    into.emitted += stage.emitted
    into.values += stage.values
    addCounts(into.dropped, stage.dropped)
    addCounts(into.rejected, stage.rejected)
  }
}

function addCounts (sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count
}

/**
 * Checks that nothing was lost or doubled: in each stage `received = emitted + dropped + rejected`, each stage received what
 * the one before handed on, at least one for each that emitted, and what the last one handed on was accepted. Throws `books-unbalanced` naming stage and figures.
 */
export function checkBooks (books: Books): void {
  let handedOn = books.documents
  for (const [name, stage] of Object.entries(books.stages)) {
    const ended = sumOf(stage.dropped) + sumOf(stage.rejected)
    if (stage.received !== handedOn) throw unbalanced(`${name} received ${stage.received}, but ${handedOn} were handed to it`)
    if (stage.received !== stage.emitted + ended) throw unbalanced(`${name} received ${stage.received}, emitted from ${stage.emitted} and ended ${ended}`)
    if (stage.values < stage.emitted) throw unbalanced(`${name} emitted from ${stage.emitted}, but handed on only ${stage.values}`)
    handedOn = stage.values
  }
  if (books.accepted !== handedOn) throw unbalanced(`${handedOn} results left the last stage, ${books.accepted} were accepted`)
}

/** Sum of counts by name. */
export function sumOf (counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function unbalanced (message: string): GemlineError {
  return new GemlineError('books-unbalanced', message)
}
