import type { Readable } from 'node:stream'
import { listFiles } from '../../connectors/list-files.js'
import { openStore } from '../../connectors/open-store.js'
import { splitUri } from '../../connectors/split-uri.js'
import { MAX_LINE_BYTES, openText, readLines, type Line } from '../../connectors/text-lines.js'
import type { ByteStore, ObjectInfo, WritableStore } from '../engine/connector.js'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import { onlyDone, readCommits } from '../run/commits.js'
import { createLedger } from '../run/ledger.js'
import { readPlan, readSplits } from '../run/plan.js'
import { readParquetRecords } from './read-parquet-records.js'

/** One line or row of a data file, or a file that cannot be read (on). `line` counts from 1, through all row groups. */
export type ReadItem =
  | { readonly kind: 'record', readonly file: string, readonly line: number, readonly value: unknown }
  | { readonly kind: 'broken', readonly file: string, readonly line: number, readonly problem: string }
  | { readonly kind: 'unreadable', readonly file: string, readonly error: GemlineError }

export interface ReadRecordsOptions {
  readonly stdin: Readable
  readonly signal: AbortSignal
}

const ENDINGS = ['.parquet', ...['.jsonl', '.ndjson', '.json'].flatMap(ending => ['', '.gz', '.zst'].map(packed => ending + packed))]

/**
 * The records of data files, some at a time, one file after the other: JSON lines (plain, `.gz`, `.zst`), Parquet with JSON
 * in string columns, `-` for standard input. The output folder of a run stands for the data that its commits name, any other
 * folder for all data files below it, or below its `data/`. A file that cannot be read is told and the next one is read.
 * Rejects with `run-cancelled` once the signal fires.
 */
export async function * readRecords (names: readonly string[], { stdin, signal }: ReadRecordsOptions): AsyncGenerator<readonly ReadItem[]> {
  for (const name of names) {
    if (name === '-') yield * guard('-', readLineRecords(bytesOf(stdin), '-'), signal)
    else yield * guard(name, readPlace(name, signal), signal)
  }
}

async function * readPlace (name: string, signal: AbortSignal): AsyncGenerator<readonly ReadItem[]> {
  const { root, path } = splitUri(name)
  const store = await openStore(root)
  const shown = path === '' || path.endsWith('*') ? (object: ObjectInfo) => `${root === '' ? name : name.replace(/[^/]*\*$|\/$/, '')}/${object.path}`.replace(/\/{2,}(?!$)/g, dedupeSlash) : () => name
  for await (const object of filesOf(store, path, signal)) {
    const file = shown(object)
    const items = object.path.toLowerCase().endsWith('.parquet')
      ? readParquetRecords({ store, object, file }, signal)
      : readTextRecords({ store, object, file }, signal)
    yield * guard(file, items, signal)
  }
}
