import type { ColumnChunk, RowGroup } from 'hyparquet'
import { z } from 'zod'
import type { ByteStore, ObjectInfo, Source, Split } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import type { Document } from '../lib/schema/document.js'
import { listFiles } from './list-files.js'
import { loadParquetCodecs } from './parquet-codecs.js'
import { createColumnReader, WINDOW_BYTES, type ByteRange, type ColumnReader, type ReadRange } from './parquet-column.js'
import { chunkRange, findChunk, readParquetFooter, type ParquetFile } from './parquet-footer.js'
import { findParts, offsetIndexRange, wholeChunk, type ChunkParts } from './parquet-index.js'
import { parseOptions } from './parse-options.js'
import { createMapping, mappingShape, type Row, type RowMapping } from './presets.js'
import { BATCH_ROWS, readSplits, throwIfCancelled, type RawRow } from './read-splits.js'
import { splitId } from './split-id.js'

/** Options of a Parquet source. All are result keys. */
export const parquetSourceSchema = z.strictObject({
  ...mappingShape,
  /** File or folder below the store, or the beginning of paths with `*`. */
  path: z.string().default(''),
  /** A row group with more rows becomes several splits, if its offset index makes that cheap. */
  maxRows: z.int().positive().default(50_000)
})

/**
 * Which Parquet files of a store are read, how their rows become documents, and how large a split may be. `name` stands
 * in every id and origin.
 */
export interface ParquetSourceOptions extends z.input<typeof parquetSourceSchema> {
  readonly name: string
  readonly store: ByteStore
}

interface Reading {
  readonly name: string
  readonly store: ByteStore
  readonly mapping: RowMapping
  readonly footerOf: (object: ObjectInfo, signal: AbortSignal) => Promise<ParquetFile>
}

/**
 * Documents of Parquet files. A split is a row group, or a part of one that has an offset index; it is read by ranges,
 * only the columns of the preset, page by page, and with an offset index only the pages that hold its rows. A file whose footer cannot be read is planned as one split without rows,
 * whose SplitEnd then says `split-unreadable`. Rejects with `config-invalid` for unknown options.
 */
export function createParquetSource ({ name, store, ...rest }: ParquetSourceOptions): Source<Document> {
  const options = parseOptions(parquetSourceSchema, rest)
  const mapping = createMapping(options)
  const footerOf = cacheFooters(store)
  const reading = { name, store, mapping, footerOf }
  const locate = (split: Split, row: number) => `${store.url}/${split.path} row group ${split.rowGroup} row ${row}`
  return {
    name,
    plan: signal => planFiles(reading, options, signal),
    read: (splits, readOptions) => readSplits(splits, {
      mapping, locate, maxTextBytes: options.maxTextBytes, rows: (split, signal) => readRows(reading, split, signal)
    }, readOptions)
  }
}

async function * planFiles (reading: Reading, options: { readonly path: string, readonly maxRows: number }, signal: AbortSignal): AsyncGenerator<Split> {
  let ordinal = 0
  for await (const object of listFiles(reading.store, { path: options.path, endings: ['.parquet'], signal })) {
    throwIfCancelled(signal)
    for (const place of await planFile(reading, object, { ...options, signal })) {
      const { path, bytes, etag } = object
      const split = { source: reading.name, path, ...place }
      yield { id: splitId(split), ordinal: ordinal++, etag, bytes, ...split }
    }
  }
}

type Place = Pick<Split, 'rowGroup' | 'from' | 'to'>

async function planFile (reading: Reading, object: ObjectInfo, options: { readonly maxRows: number, readonly signal: AbortSignal }): Promise<Place[]> {
  try {
    const file = await readParquetFooter(reading.store, object, options.signal)
    return file.metadata.row_groups.flatMap((group, rowGroup) => {
      const rows = Number(group.num_rows)
      const step = rows > options.maxRows && hasOffsetIndex(group, reading.mapping) ? options.maxRows : rows
      return cutRows(rows, step).map(range => ({ rowGroup, ...range }))
    })
  } catch (error) {
    if (error instanceof GemlineError) throw error
    throwIfCancelled(options.signal)
    return [{ rowGroup: 0, from: 0, to: 0 }]
  }
}

/** Whether pages before a row can be passed over without being fetched. */
function hasOffsetIndex (group: RowGroup, mapping: RowMapping): boolean {
  return group.columns
    .filter(chunk => mapping.columns.includes(chunk.meta_data?.path_in_schema[0] ?? ''))
    .every(chunk => chunk.offset_index_offset !== undefined)
}

function cutRows (rows: number, step: number): Array<{ from: number, to: number }> {
  const count = rows === 0 ? 0 : Math.ceil(rows / step)
  return Array.from({ length: count }, (_, index) => ({ from: index * step, to: Math.min(rows, (index + 1) * step) }))
}

/** Remembers the footer of the file that was asked for last, as the splits of a file follow one another. */
function cacheFooters (store: ByteStore): Reading['footerOf'] {
  let last: ParquetFile | undefined
  return async (object, signal) => {
    if (last?.path !== object.path || last.etag !== object.etag) last = await readParquetFooter(store, object, signal)
    return last
  }
}

async function * readRows (reading: Reading, split: Split, signal: AbortSignal): AsyncGenerator<readonly RawRow[]> {
  const file = await reading.footerOf(split, signal)
  const group = file.metadata.row_groups[split.rowGroup]
  if (group === undefined) throw new Error(`there is no row group ${split.rowGroup}`)
  if (split.to === split.from || split.to > Number(group.num_rows)) {
    throw new Error(`the row group has ${group.num_rows} rows, planned were ${split.from} to ${split.to}; the file could not be read then: plan again`)
  }
  const columns = await openColumns(reading, { file, group, split }, signal)
  let next = 0
  for (const rows of batchesOf(split)) {
    const values = await Promise.all(columns.map(({ reader }) => takeRows(reader, next, rows)))
    yield rows.map((row, index) => ({ row, value: rowAt(columns, values, index) }))
    next = (rows.at(-1) as number) + 1
  }
}

/** Numbers of the rows of a split, `BATCH_ROWS` at a time. */
function * batchesOf ({ from, to, rows }: Split): Generator<readonly number[]> {
  for (let at = 0; at < (rows?.length ?? to - from); at += BATCH_ROWS) {
    yield rows?.slice(at, at + BATCH_ROWS) ?? Array.from({ length: Math.min(BATCH_ROWS, to - from - at) }, (_, index) => from + at + index)
  }
}

/** The values of some rows, ascending; the reader stands at row `next`. Where it passes others over, bytes are copied: a view would hold a page for each. */
async function takeRows (reader: ColumnReader, next: number, rows: readonly number[]): Promise<unknown[]> {
  const values: unknown[] = []
  for (let at = 0, row = next; at < rows.length;) {
    const first = rows[at] as number
    let end = at + 1
    while (rows[end] === first + end - at) end++
    await reader.skip(first - row)
    values.push(...await reader.take(end - at))
    row = first + end - at
    at = end
  }
  return (rows.at(-1) as number) - next < rows.length ? values : values.map(value => value instanceof Uint8Array ? value.slice() : value)
}

interface OpenGroup { readonly file: ParquetFile, readonly group: RowGroup, readonly split: Split }
interface OpenColumn { readonly name: string, readonly reader: ColumnReader }

async function openColumns (reading: Reading, open: OpenGroup, signal: AbortSignal): Promise<OpenColumn[]> {
  const { file, group } = open
  const { columns, required } = reading.mapping
  const missing = required.find(column => findChunk(file, group, column) === undefined)
  if (missing !== undefined) {
    throw new Error(`there is no column ${missing}, only ${file.schema.children.map(child => child.element.name).join(', ')}`)
  }
  const found = columns.flatMap(name => findOptional(open, name, required))
  const direct: ReadRange = (start, end) => reading.store.read(file.path, { start, end, ifMatch: file.etag, signal })
  const read = await mergeReads(direct, found.map(({ chunk }) => chunkRange(chunk)))
  const parts = await choosePages(open, found.map(({ chunk }) => chunk), { direct, isMerged: read !== direct })
  const shared = { read, codecs: await loadParquetCodecs(), schema: file.schema, rows: Number(group.num_rows) }
  return found.map(({ chunk, ...column }, at) => ({ name: column.name, reader: createColumnReader({ ...column, ...shared, ...parts[at] as ChunkParts }) }))
}

/** What is read of each chunk. Where everything has come in one request, or is wanted from the beginning, no index is asked. */
async function choosePages ({ group, split }: OpenGroup, chunks: readonly ColumnChunk[], { direct, isMerged }: { readonly direct: ReadRange, readonly isMerged: boolean }): Promise<ChunkParts[]> {
  const groupRows = Number(group.num_rows)
  if (isMerged || (split.from === 0 && split.rows === undefined)) return chunks.map(chunk => wholeChunk(chunk, groupRows))
  const read = await mergeReads(direct, chunks.map(offsetIndexRange).filter(range => range !== undefined))
  return await Promise.all(chunks.map(chunk => findParts(chunk, split, { groupRows, read })))
}

/** A column that may be missing may as well be a list, a struct or a truth value, which are no text. */
function findOptional ({ file, group }: OpenGroup, name: string, required: readonly string[]) {
  const node = file.schema.children.find(child => child.element.name === name)
  const isOther = node !== undefined && (node.children.length > 0 || node.element.repetition_type === 'REPEATED' || node.element.type === 'BOOLEAN')
  const chunk = isOther && !required.includes(name) ? undefined : findChunk(file, group, name)
  return chunk?.meta_data === undefined ? [] : [{ name, chunk, meta: chunk.meta_data }]
}

/** Reads by ranges. Those that lie close together are fetched in one request. */
async function mergeReads (direct: ReadRange, ranges: readonly ByteRange[]): Promise<ReadRange> {
  const first = Math.min(...ranges.map(range => range.start))
  const last = Math.max(...ranges.map(range => range.end))
  if (ranges.length === 0 || last - first > WINDOW_BYTES) return direct
  const block = await direct(first, last)
  return async (start, end) => block.subarray(start - first, end - first)
}

function rowAt (columns: readonly OpenColumn[], values: ReadonlyArray<readonly unknown[]>, index: number): Row {
  const row: Record<string, unknown> = {}
  for (let column = 0; column < columns.length; column++) row[columns[column]?.name ?? ''] = values[column]?.[index]
  return row
}
