import { addBooks, openBooks, type Books } from '../engine/books.js'
import type { WritableStore } from '../engine/connector.js'
import type { Commit, StageUsage } from './commit-record.js'
import type { Plan } from './plan.js'
import { addStageUsage } from './usage.js'

/** What a run has come to: sums over its commits. */
export interface Totals {
  readonly splits: number
  readonly rows: number
  readonly bytes: number
  readonly books: Books
  readonly usage: StageUsage
}

/** Sums over commits, and does something with each on the way. */
export async function sumCommits (commits: AsyncIterable<Commit>, operators: readonly string[], each: (commit: Commit) => Promise<void> | void = () => {}): Promise<Totals> {
  const books = openBooks(operators)
  const usage: StageUsage = {}
  let [splits, rows, bytes] = [0, 0, 0]
  for await (const commit of commits) {
    const { result } = commit
    addBooks(books, result.books)
    addStageUsage(usage, result.usage)
    splits++
    rows += result.data?.rows ?? 0
    bytes += result.data?.bytes ?? 0
    await each(commit)
  }
  return { splits, rows, bytes, books, usage }
}

/**
 * Writes `manifest.json`: one line a split with its `result` and the names of its objects, then the totals. Two runs of one
 * plan with the same answers have equal `result`s; names differ by their nonce.
 */
export async function writeManifest (store: WritableStore, plan: Plan, done: { readonly commits: AsyncIterable<Commit>, readonly operators: readonly string[] }): Promise<Totals> {
  const writer = await store.open('manifest.json')
  try {
    await writer.write(Buffer.from(`{"version":1,"resultHash":${JSON.stringify(plan.resultHash)},"splits":[`))
    let separator = '\n'
    const totals = await sumCommits(done.commits, done.operators, async ({ split, ordinal, result, attempt }) => {
      const line = { split, ordinal, result, data: attempt.data, rejects: attempt.rejects }
      await writer.write(Buffer.from(separator + JSON.stringify(line)))
      separator = ',\n'
    })
    await writer.write(Buffer.from(`\n],"totals":${JSON.stringify(totals)}}\n`))
    await writer.close()
    return totals
  } catch (error) {
    await writer.abort()
    throw error
  }
}
