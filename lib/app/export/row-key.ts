import { hash } from 'node:crypto'
import type { OpenedRow } from '../open-row.js'

/** What rows are held together by when they are split. */
export const SPLIT_KEYS = ['textKey', 'url', 'id'] as const

/** One of `SPLIT_KEYS`. */
export type SplitKey = typeof SPLIT_KEYS[number]

/**
 * The key that decides which part a row goes to: the hash of its source text (children of one text stay together), the
 * address of its page, or its id. A record without an address is held by its text, somebody else's row by its id, or by what
 * it says where it has none.
 */
export function keyOf ({ record, id, trajectory }: OpenedRow, by: SplitKey): string {
  if (record === undefined) return id ?? hash('sha256', JSON.stringify(trajectory.messages))
  if (by === 'id') return record.id
  return by === 'url' ? record.source.url ?? record.textKey : record.textKey
}
