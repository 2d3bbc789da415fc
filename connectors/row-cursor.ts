import type { Split } from '../lib/engine/connector.js'
import { throwIfCancelled, type RawRow } from './read-splits.js'

/** A row as it was found in a file, not yet taken apart. */
interface Placed { readonly row: number }

/** Rows of a file that can only be read forwards. `next` is the row behind them. */
export interface RowBatch<T extends Placed> {
  readonly rows: readonly T[]
  readonly next: number
}

/** How the file of a split is opened, how a row of it is taken apart, and whether a plan says how many rows it must have. */
export interface RowCursorOptions<T extends Placed> {
  /** Rows of the file of a split, from `split.from` or from before it, to the end of the file. */
  readonly open: (split: Split, signal: AbortSignal) => AsyncGenerator<RowBatch<T>>
  /** Called for the rows that are wanted only. Undefined for an empty one, which is none. */
  readonly toRow: (found: T) => RawRow | undefined
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

interface Opened<T extends Placed> {
  readonly path: string
  readonly etag: string
  readonly batches: AsyncGenerator<RowBatch<T>>
  /** Rows that were read and belong to a later split, and the row behind them. */
  held: RowBatch<T>
  isDone: boolean
}

/** Serves splits from one pass over their file as long as each begins where, or behind where, the one before ended. */
export function createRowCursor<T extends Placed> ({ open, toRow, endless = false }: RowCursorOptions<T>): RowCursor {
  let current: Opened<T> | undefined
  const close = async () => {
    const closing = current
    current = undefined
    await closing?.batches.return(undefined)
  }
  const enter = async (split: Split, signal: AbortSignal): Promise<Opened<T>> => {
    if (current !== undefined && continues(current, split)) return current
    await close()
    current = { path: split.path, etag: split.etag, batches: open(split, signal), held: { rows: [], next: 0 }, isDone: false }
    return current
  }
  async function * rows (split: Split, signal: AbortSignal): AsyncGenerator<readonly RawRow[]> {
    const opened = await enter(split, signal)
    const wanted = wantedOf(split)
    try {
      if (split.from === split.to) return await findFault(opened, signal)
      do {
        throwIfCancelled(signal)
        yield cut(opened, wanted).map(toRow).filter(row => row !== undefined)
      } while (opened.held.next < wanted.to && await pull(opened))
      if (opened.isDone && opened.held.next < wanted.to && !endless) throw new Error(`the file ends after ${opened.held.next} rows, planned were ${split.to}`)
    } catch (error) {
      await close()
      throw error
    }
  }
  const ended = async () => current !== undefined && current.held.rows.length === 0 && (current.isDone || !await pull(current))
  return { rows, ended, close }
}

function continues ({ isDone, path, etag, held }: Opened<Placed>, split: Split): boolean {
  if (isDone || path !== split.path || etag !== split.etag) return false
  // What can be entered further on is not read up to there.
  if (split.offset !== undefined && held.next < split.from) return false
  return (held.rows[0]?.row ?? held.next) <= split.from
}

interface Wanted { readonly from: number, readonly to: number, readonly chosen: ReadonlySet<number> | undefined }

/** Behind the last chosen row nothing is wanted of a split. */
function wantedOf ({ from, to, rows }: Split): Wanted {
  if (rows === undefined) return { from, to, chosen: undefined }
  return { from, to: (rows.at(-1) ?? from) + 1, chosen: new Set(rows) }
}

/** Takes what is wanted out of the rows that are held; those before it are dropped. */
function cut<T extends Placed> (opened: Opened<T>, { from, to, chosen }: Wanted): readonly T[] {
  const { rows, next } = opened.held
  opened.held = { rows: rows.filter(({ row }) => row >= to), next }
  return rows.filter(({ row }) => row >= from && row < to && chosen?.has(row) !== false)
}

async function pull<T extends Placed> (opened: Opened<T>): Promise<boolean> {
  const { value, done } = await opened.batches.next()
  if (done === true) {
    opened.isDone = true
    return false
  }
  opened.held = { rows: [...opened.held.rows, ...value.rows], next: value.next }
  return true
}

/** A split without rows stands for the part of a file that could not be read when it was planned: finds out why. */
async function findFault<T extends Placed> (opened: Opened<T>, signal: AbortSignal): Promise<never> {
  do {
    throwIfCancelled(signal)
    opened.held = { rows: [], next: opened.held.next }
  } while (await pull(opened))
  throw new Error('the file could not be read to its end when it was planned, but now it can: plan again')
}
