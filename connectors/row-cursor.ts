import type { Split } from '../lib/engine/connector.js'
import { throwIfCancelled, type RawRow } from './read-splits.js'

/** Rows of a file that can only be read forwards. `next` is the row behind them; rows between may be missing (empty lines). */
export interface RowBatch {
  readonly rows: readonly RawRow[]
  readonly next: number
}

/** How the file of a split is opened, and whether a plan says how many rows it must have. */
export interface RowCursorOptions {
  /** Rows of the file of a split, from `split.from` or from before it, to the end of the file. */
  readonly open: (split: Split, signal: AbortSignal) => AsyncGenerator<RowBatch>
  /** For what has no plan: a split that ends early is the last one and no error. */
  readonly endless?: boolean
}

/**
 * Rows of splits, from at most one open file that is read forwards. `rows` rejects with an Error where a file ends
 * before its plan; who has a cursor closes it.
 */
export interface RowCursor {
  rows (split: Split, signal: AbortSignal): AsyncGenerator<readonly RawRow[]>
  /** Whether nothing will come any more. Waits for the next rows or the end. */
  ended (): Promise<boolean>
  close (): Promise<void>
}

interface Opened {
  readonly path: string
  readonly etag: string
  readonly batches: AsyncGenerator<RowBatch>
  /** Rows that were read and belong to a later split, and the row behind them. */
  held: RowBatch
  isDone: boolean
}

/** Serves splits from one pass over their file as long as each begins where, or behind where, the one before ended. */
export function createRowCursor ({ open, endless = false }: RowCursorOptions): RowCursor {
  let current: Opened | undefined
  const close = async () => {
    const closing = current
    current = undefined
    await closing?.batches.return(undefined)
  }
  const enter = async (split: Split, signal: AbortSignal): Promise<Opened> => {
    if (current !== undefined && continues(current, split)) return current
    await close()
    current = { path: split.path, etag: split.etag, batches: open(split, signal), held: { rows: [], next: 0 }, isDone: false }
    return current
  }
  async function * rows (split: Split, signal: AbortSignal): AsyncGenerator<readonly RawRow[]> {
    const opened = await enter(split, signal)
    try {
      if (split.from === split.to) return await findFault(opened, signal)
      do {
        throwIfCancelled(signal)
        yield cut(opened, split)
      } while (opened.held.next < split.to && await pull(opened))
      if (opened.isDone && opened.held.next < split.to && !endless) throw new Error(`the file ends after ${opened.held.next} rows, planned were ${split.to}`)
    } catch (error) {
      await close()
      throw error
    }
  }
  const ended = async () => current !== undefined && current.held.rows.length === 0 && (current.isDone || !await pull(current))
  return { rows, ended, close }
}

function continues (opened: Opened, split: Split): boolean {
  const at = opened.held.rows[0]?.row ?? opened.held.next
  return !opened.isDone && opened.path === split.path && opened.etag === split.etag && at <= split.from
}

/** Takes the rows of a split out of what is held; those before it are dropped. */
function cut (opened: Opened, split: Split): readonly RawRow[] {
  const { rows, next } = opened.held
  opened.held = { rows: rows.filter(({ row }) => row >= split.to), next }
  return rows.filter(({ row }) => row >= split.from && row < split.to)
}

async function pull (opened: Opened): Promise<boolean> {
  const { value, done } = await opened.batches.next()
  if (done === true) {
    opened.isDone = true
    return false
  }
  opened.held = { rows: [...opened.held.rows, ...value.rows], next: value.next }
  return true
}

/** A split without rows stands for the part of a file that could not be read when it was planned: finds out why. */
async function findFault (opened: Opened, signal: AbortSignal): Promise<never> {
  do {
    throwIfCancelled(signal)
    opened.held = { rows: [], next: opened.held.next }
  } while (await pull(opened))
  throw new Error('the file could not be read to its end when it was planned, but now it can: plan again')
}
