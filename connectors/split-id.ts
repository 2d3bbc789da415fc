import { hash } from 'node:crypto'
import type { Split } from '../lib/engine/connector.js'

/** What makes a split the one it is: nothing of the config, no address, no etag. */
export type SplitPlace = Pick<Split, 'source' | 'path' | 'rowGroup' | 'from' | 'to' | 'rows'>

/** Identity of a split, 16 hex digits: the same on disk, on S3 and after another upload (architecture, section 5). */
export function splitId ({ source, path, rowGroup, from, to, rows }: SplitPlace): string {
  return hash('sha256', JSON.stringify([source, path, rowGroup, from, to, ...rows === undefined ? [] : [rows]])).slice(0, 16)
}

/**
 * Name of the folder that the answers of a split lie in, 16 hex digits: where the split begins, and neither its end nor chosen
 * rows. So a run of a whole file finds what a limited, a sampled or a redriven one has paid for, and the other way round.
 */
export function journalId ({ source, path, rowGroup, from }: Pick<Split, 'source' | 'path' | 'rowGroup' | 'from'>): string {
  return hash('sha256', JSON.stringify([source, path, rowGroup, from])).slice(0, 16)
}

/** A split of which only these rows are read; the split itself where they are all it has. Its id says them. */
export function withRows (split: Split, rows: readonly number[]): Split {
  return rows.length === split.to - split.from ? split : { ...split, id: splitId({ ...split, rows }), rows }
}

/** Identity of a row, 32 hex digits. Row counts from 0 inside its row group, or inside its file where there are none. */
export function docId (place: Pick<Split, 'source' | 'path' | 'rowGroup'>, row: number): string {
  return createDocIds(place)(row)
}

/** `docId` for many rows of one row group: what they share is prepared once. */
export function createDocIds ({ source, path, rowGroup }: Pick<Split, 'source' | 'path' | 'rowGroup'>): (row: number) => string {
  const hashOf = createRowHashes([source, path, rowGroup])
  return row => hashOf(row).slice(0, 32)
}

/** sha256, 64 hex digits, of the JSON list of some values and a row: what they share is prepared once. */
export function createRowHashes (shared: ReadonlyArray<string | number>): (row: number) => string {
  const begin = JSON.stringify(shared).slice(0, -1)
  return row => hash('sha256', `${begin},${row}]`)
}
