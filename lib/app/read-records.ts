import type { Readable } from 'node:stream'
import { listFiles } from '../../connectors/list-files.js'
import { openStore } from '../../connectors/open-store.js'
import { splitUri } from '../../connectors/split-uri.js'
import { JSON_LINES_ENDINGS, MAX_LINE_BYTES, openText, readLines, type Line } from '../../connectors/text-lines.js'
import type { ByteStore, ObjectInfo, WritableStore } from '../engine/connector.js'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import { onlyDone, readCommits } from '../run/commits.js'
import { createLedger } from '../run/ledger.js'
import { readPlan, readSplits } from '../run/plan.js'
import { isDerived } from './dataset/derived-set.js'
import { readParquetRecords } from './read-parquet-records.js'

/** One line or row of a data file, or a file that cannot be read (on). `line` counts from 1, through all row groups. */
export type ReadItem =
  | { readonly kind: 'record', readonly file: string, readonly line: number, readonly value: unknown }
  | { readonly kind: 'broken', readonly file: string, readonly line: number, readonly problem: string }
  | { readonly kind: 'unreadable', readonly file: string, readonly error: GemlineError }

/** What the name `-` reads from, and what ends the reading early. */
export interface ReadRecordsOptions {
  readonly stdin: Readable
  readonly signal: AbortSignal
  /** Which shards of an output folder are read: what was accepted, or what was not. Default `data`. */
  readonly part?: Part
  /** Passes over JSON lines that do not hold this text, before they are parsed. */
  readonly holding?: string
}

type Part = 'data' | 'rejects'

const ENDINGS = ['.parquet', ...JSON_LINES_ENDINGS]

type Items = AsyncGenerator<readonly ReadItem[]>

/**
 * The records of data files, some at a time, one file after the other: JSON lines (plain, `.gz`, `.zst`), Parquet with JSON
 * in string columns, `-` for standard input. The output folder of a run stands for the data that its commits name, any other
 * folder for all data files below it, or below its `data/` (or `rejects/`). A file that cannot be read is told and the next one is read.
 * Rejects with `run-cancelled` once the signal fires.
 */
export async function * readRecords (names: readonly string[], { stdin, signal, part = 'data', holding }: ReadRecordsOptions): Items {
  for (const name of names) {
    yield * guard(name, name === '-' ? readLineRecords(bytesOf(stdin), { file: '-', holding }) : readPlace(name, { part, holding }, signal), signal)
  }
}

async function * readPlace (name: string, { part, holding }: { readonly part: Part, readonly holding: string | undefined }, signal: AbortSignal): Items {
  const { root, path } = splitUri(name)
  const store = await openStore(root)
  const folder = path === '' || path.endsWith('*') ? name.replace(/\/*[^/]*\*$|\/+$/, '') : undefined
  for await (const object of filesOf(store, { path, part }, signal)) {
    const file = folder === undefined ? name : `${folder}/${object.path}`
    const isParquet = object.path.toLowerCase().endsWith('.parquet')
    yield * guard(file, isParquet ? readParquetRecords({ store, object, file }, signal) : readTextRecords({ store, object, file, holding }, signal), signal)
  }
}

/** Tells a failure as the last item instead of throwing it. */
async function * guard (file: string, items: Items, signal: AbortSignal): Items {
  try {
    for await (const some of items) {
      if (signal.aborted) throw new GemlineError('run-cancelled', 'reading was stopped')
      yield some
    }
  } catch (thrown) {
    if (signal.aborted) throw toGemlineError(thrown, 'run-cancelled', 'reading was stopped')
    yield [{ kind: 'unreadable', file, error: toGemlineError(thrown, 'split-unreadable', file) }]
  }
}

async function * filesOf (store: ByteStore, { path, part }: { readonly path: string, readonly part: Part }, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
  if (path !== '') return yield * listFiles(store, { path, endings: ENDINGS, signal })
  if (await store.stat('plan.json', signal) !== undefined) return yield * committedFiles(store, part, signal)
  if (await isDerived(store, signal) && !await holds(store, part, signal)) return
  yield * listFiles(store, { path: await holds(store, part, signal) ? `${part}/` : '', endings: ENDINGS, signal })
}

/** What a killed run left behind lies among the data too; only the commits tell. */
async function * committedFiles (store: ByteStore, part: Part, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
  const plan = await readPlan(store)
  if (plan === undefined) return
  const ledger = createLedger(store as WritableStore)
  const done = await ledger.done()
  for await (const { attempt } of readCommits(ledger, onlyDone(readSplits(store, plan), done))) {
    const path = attempt[part]
    if (path === undefined) continue
    const object = await store.stat(path, signal)
    if (object === undefined) throw new GemlineError('object-missing', `${store.url}/${path} is named by a commit and does not exist`)
    yield object
  }
}

async function holds (store: ByteStore, part: Part, signal: AbortSignal): Promise<boolean> {
  for await (const { bytes } of store.list(`${part}/`, signal)) if (bytes > 0) return true
  return false
}

/** Which file the lines are of, and what those that count must hold. */
interface Lines { readonly file: string, readonly holding: string | undefined }

interface Opened extends Lines { readonly store: ByteStore, readonly object: ObjectInfo }

async function * readTextRecords ({ store, object, ...lines }: Opened, signal: AbortSignal): Items {
  yield * readLineRecords(await openText(store, object, { signal }), lines)
}

async function * readLineRecords (chunks: AsyncIterable<Uint8Array>, of: Lines): Items {
  for await (const lines of readLines(chunks, { row: 0, start: 0 })) yield lines.flatMap(line => parseLine(line, of))
}

async function * bytesOf (stdin: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of stdin as AsyncIterable<Uint8Array | string>) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

function parseLine ({ row, bytes }: Line, { file, holding }: Lines): ReadItem[] {
  const line = row + 1
  if (bytes === undefined) return [{ kind: 'broken', file, line, problem: `longer than ${MAX_LINE_BYTES} bytes` }]
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (holding !== undefined && !buffer.includes(holding)) return []
  const text = buffer.toString()
  if (text.trim() === '') return []
  try {
    return [{ kind: 'record', file, line, value: JSON.parse(text) }]
  } catch (error) {
    return [{ kind: 'broken', file, line, problem: `no JSON: ${(error as Error).message.slice(0, 200)}` }]
  }
}
