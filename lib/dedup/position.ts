/** What must be known of a split to say where its records stand. */
export interface SplitPlace {
  /** Place in the plan. */
  readonly ordinal: number
  /** First row. */
  readonly from: number
}

/** Most rows of a split, and most children of a document, that a position can tell apart. */
const ROWS = 2 ** 24
const CHILDREN = 2 ** 7

/** Place of a record in reading order, as one integer: split, then row inside the split, then child. Independent of timing and of the run. */
export function positionOf (ordinal: number, row: number, child = 0): number {
  return (ordinal * ROWS + row) * CHILDREN + child
}
