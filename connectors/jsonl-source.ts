import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { ByteStore, ObjectInfo, Source, Split } from '../lib/engine/connector.js'
import type { Document } from '../lib/schema/document.js'
import { isObject } from '../lib/schema/json-value.js'
import { parseOptions } from './parse-options.js'
import { planSplits, SPLIT_ROWS, type FilePlan } from './plan-rows.js'
import { createMapping, mappingShape } from './presets.js'
import { readSplits, type RawRow } from './read-splits.js'
import { createRowCursor, type RowBatch } from './row-cursor.js'
import { splitId } from './split-id.js'
import { isCompressed, JSON_LINES_ENDINGS, MAX_LINE_BYTES, openText, readLines, type Line } from './text-lines.js'

/** Options of a source of JSON lines. All are result keys. */
export const jsonlSourceSchema = z.strictObject({
  ...mappingShape,
  /** File or folder below the store, or the beginning of paths with `*`. */
  path: z.string().default('')
})

/** Which JSON lines of a store are read and how a line becomes a document. `name` stands in every id and origin. */
export interface JsonlSourceOptions extends z.input<typeof jsonlSourceSchema> {
  readonly name: string
  readonly store: ByteStore
}

/** How lines of standard input become documents; it is read once, and its path in ids is `STDIN_PATH`. */
export interface JsonlStdinOptions extends Omit<z.input<typeof jsonlSourceSchema>, 'path'> {
  readonly name: string
  readonly stdin: Readable
}

/** Path of standard input in origins and ids. */
export const STDIN_PATH = '-'

/**
 * Documents of JSON lines, one object a line, plain or compressed (`.gz`, `.zst`); rows are lines, from 0. Empty lines
 * are passed over; a line that is no object, or longer than 8 MiB, is the reject `record-invalid`. Splits are 10,000
 * lines; planning reads each file once. With `stdin` in place of a store the source is endless and its splits are cut as
 * lines come. Rejects with `config-invalid` for unknown options.
 */
export function createJsonlSource (options: JsonlSourceOptions | JsonlStdinOptions): Source<Document> {
  return 'stdin' in options ? createStdinSource(options) : createFileSource(options)
}

function createFileSource ({ name, store, ...rest }: JsonlSourceOptions): Source<Document> {
  const { path, maxTextBytes, ...options } = parseOptions(jsonlSourceSchema, rest)
  const mapping = createMapping(options)
  const locate = (split: Split, row: number) => `${store.url}/${split.path} line ${row + 1}`
  return {
    name,
    plan: signal => planSplits({ name, store, path, endings: JSON_LINES_ENDINGS, scan: object => scanLines(store, object, signal) }, signal),
    read: (splits, read) => {
      const cursor = createRowCursor({ open: (split, signal) => openSplit(store, split, signal), toRow: parseLine })
      return readSplits(splits, { mapping, locate, maxTextBytes, rows: cursor.rows, close: cursor.close }, read)
    }
  }
}

function createStdinSource ({ name, stdin, ...rest }: JsonlStdinOptions): Source<Document> {
  const { maxTextBytes, ...options } = parseOptions(jsonlSourceSchema, rest)
  const mapping = createMapping(options)
  const locate = (_: Split, row: number) => `standard input line ${row + 1}`
  return {
    name,
    endless: true,
    plan: () => planStdin(name),
    read: (splits, read) => {
      const cursor = createRowCursor({ endless: true, open: () => batchesOf(readLines(stdin, { row: 0, start: 0 })), toRow: parseLine })
      return readSplits(splits, { mapping, locate, maxTextBytes, eager: true, ...cursor }, read)
    }
  }
}

async function * planStdin (source: string): AsyncGenerator<Split> {
  for (let ordinal = 0; ; ordinal++) {
    const place = { source, path: STDIN_PATH, rowGroup: 0, from: ordinal * SPLIT_ROWS, to: (ordinal + 1) * SPLIT_ROWS }
    yield { id: splitId(place), ordinal, etag: '', bytes: 0, ...place }
  }
}

async function * scanLines (store: ByteStore, object: ObjectInfo, signal: AbortSignal): FilePlan {
  const canEnter = !isCompressed(object.path)
  const chunks = await openText(store, object, { signal })
  for await (const lines of readLines(chunks, { row: 0, start: 0 })) {
    for (const { row, start } of lines) yield canEnter ? { row, offset: start } : { row }
  }
}

async function * openSplit (store: ByteStore, split: Split, signal: AbortSignal): AsyncGenerator<RowBatch<Line>> {
  const entry = split.offset === undefined ? { row: 0, start: 0 } : { row: split.from, start: split.offset }
  const chunks = await openText(store, split, { start: entry.start, signal })
  yield * batchesOf(readLines(chunks, entry))
}

async function * batchesOf (batches: AsyncIterable<readonly Line[]>): AsyncGenerator<RowBatch<Line>> {
  for await (const rows of batches) yield { rows, next: (rows.at(-1)?.row ?? -1) + 1 }
}

function parseLine ({ row, bytes }: Line): RawRow | undefined {
  if (bytes === undefined) return { row, problem: `the line is longer than ${MAX_LINE_BYTES} bytes` }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return { row, value }
    return { row, problem: 'the line is JSON but no object' }
  } catch (error) {
    return { row, problem: `the line is no JSON (${String((error as Error).message).slice(0, 200)})` }
  }
}
