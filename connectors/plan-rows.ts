import type { ByteStore, ObjectInfo, Split } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { listFiles } from './list-files.js'
import { throwIfCancelled } from './read-splits.js'
import { splitId } from './split-id.js'

/** Rows of a split of a text file. */
export const SPLIT_ROWS = 10_000

/** Each row of a file in order, with the byte where it starts in files that can be entered there. */
export type FilePlan = AsyncGenerator<{ readonly row: number, readonly offset?: number }>

/** Which files of a text source are cut into splits, and how the rows of a file are found. `name` goes into every split. */
export interface PlanSplitsOptions {
  readonly name: string
  readonly store: ByteStore
  readonly path: string
  readonly endings: readonly string[]
  /** Reads a file once, in bounded memory. */
  readonly scan: (object: ObjectInfo) => FilePlan
}

/**
 * Splits of `SPLIT_ROWS` rows of all files of a text source. Where a file cannot be read to its end, its last split has no
 * rows (`from` equals `to`): it stands for everything behind its place, and reading it says what is wrong.
 */
export async function * planSplits (options: PlanSplitsOptions, signal: AbortSignal): AsyncGenerator<Split> {
  let ordinal = 0
  for await (const object of listFiles(options.store, { ...options, signal })) {
    for await (const place of cutFile(options.scan(object), signal)) {
      const { path, bytes, etag } = object
      const split = { source: options.name, path, ...place }
      yield { id: splitId(split), ordinal: ordinal++, etag, bytes, ...split }
    }
  }
}

interface Place { readonly rowGroup: 0, readonly from: number, readonly to: number, readonly offset?: number }

async function * cutFile (rows: FilePlan, signal: AbortSignal): AsyncGenerator<Place> {
  let first: { readonly row: number, readonly offset?: number } | undefined
  let next = 0
  const cut = (to: number): Place => ({ rowGroup: 0, from: first?.row ?? 0, to, ...(first?.offset === undefined ? {} : { offset: first.offset }) })
  try {
    for await (const row of rows) {
      if (row.row % 1_024 === 0) throwIfCancelled(signal)
      if (first !== undefined && row.row - first.row >= SPLIT_ROWS) {
        yield cut(row.row)
        first = undefined
      }
      first ??= row
      next = row.row + 1
    }
  } catch (error) {
    throwIfCancelled(signal)
    if (error instanceof GemlineError) throw error
    return yield cut(first?.row ?? next)
  }
  if (first !== undefined) yield cut(next)
}
