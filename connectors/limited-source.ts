import { rowsOfSplit, type Source, type Split } from '../lib/engine/connector.js'
import { splitId, withRows } from './split-id.js'

/**
 * A source that reads the first `rows` rows of another: its first splits, the last one cut. What follows is not planned,
 * so that neither footers nor lines behind the limit are read; standard input is read no further either.
 */
export function createLimitedSource<T> (source: Source<T>, rows: number): Source<T> {
  return { ...source, plan: signal => planFirst(source.plan(signal), rows) }
}

async function * planFirst (splits: AsyncIterable<Split>, rows: number): AsyncGenerator<Split> {
  let left = rows
  for await (const split of splits) {
    yield cut(split, left)
    left -= rowsOfSplit(split)
    if (left <= 0) return
  }
}

function cut (split: Split, rows: number): Split {
  if (rowsOfSplit(split) <= rows) return split
  if (split.rows !== undefined) return withRows(split, split.rows.slice(0, rows))
  const to = split.from + rows
  return { ...split, id: splitId({ ...split, to }), to }
}
