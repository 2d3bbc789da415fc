import { pipeline, type Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { z } from 'zod'
import type { ByteStore, ObjectInfo, Source, Split } from '../lib/engine/connector.js'
import type { Document } from '../lib/schema/document.js'
import { parseOptions } from './parse-options.js'
import { planSplits, type FilePlan } from './plan-rows.js'
import { createMapping, mappingShape, type RowMapping } from './presets.js'
import { BATCH_ROWS, readSplits, type RawRow } from './read-splits.js'
import { createRowCursor, type RowBatch } from './row-cursor.js'
import { isCompressed, MAX_LINE_BYTES, openText, textEndings } from './text-lines.js'

/** Options of a CSV source. All are result keys. */
export const csvSourceSchema = z.strictObject({
  ...mappingShape,
  /** File or folder below the store, or the beginning of paths with `*`. */
  path: z.string().default(''),
  delimiter: z.string().length(1).default(',')
})

/** Which CSV files of a store are read and how their records become documents. `name` stands in every id and origin. */
export interface CsvSourceOptions extends z.input<typeof csvSourceSchema> {
  readonly name: string
  readonly store: ByteStore
}

interface Reading {
  readonly store: ByteStore
  readonly mapping: RowMapping
  readonly delimiter: string
}

/**
 * Documents of CSV files (RFC 4180: quoted fields may hold line breaks), plain or compressed, whose first record names
 * the columns; rows are the records after it, from 0. A record with more or fewer fields than columns is the reject
 * `record-invalid`. A quote that is never closed, or a record over 8 MiB, ends the file: `split-unreadable`. Splits are
 * 10,000 records; planning reads each file once. Rejects with `config-invalid` for unknown options.
 */
export function createCsvSource ({ name, store, ...rest }: CsvSourceOptions): Source<Document> {
  const { path, maxTextBytes, delimiter, ...options } = parseOptions(csvSourceSchema, rest)
  const mapping = createMapping(options)
  const reading = { store, mapping, delimiter }
  const locate = (split: Split, row: number) => `${store.url}/${split.path} record ${row + 1}`
  const endings = textEndings('.csv')
  return {
    name,
    plan: signal => planSplits({ name, store, path, endings, scan: object => scanRecords(reading, object, signal) }, signal),
    read: (splits, read) => {
      const cursor = createRowCursor({ open: (split, signal) => openSplit(reading, split, signal), toRow: row => row })
      return readSplits(splits, { mapping, locate, maxTextBytes, rows: cursor.rows, close: cursor.close }, read)
    }
  }
}

interface CsvRecord { readonly record: readonly string[], readonly info: { readonly bytes: number } }

async function * scanRecords (reading: Reading, object: ObjectInfo, signal: AbortSignal): FilePlan {
  const canEnter = !isCompressed(object.path)
  let row = -1
  let offset = 0
  for await (const { info } of readRecords(reading, await openText(reading.store, object, { signal }))) {
    if (row >= 0) yield canEnter && row > 0 ? { row, offset } : { row }
    row++
    offset = info.bytes
  }
}

async function * openSplit (reading: Reading, split: Split, signal: AbortSignal): AsyncGenerator<RowBatch<RawRow>> {
  const { offset = 0 } = split
  const header = offset === 0 ? undefined : await readHeader(reading, split, signal)
  const chunks = await openText(reading.store, split, { start: offset, signal })
  yield * parseRows(reading, readRecords(reading, chunks), { header, row: offset === 0 ? 0 : split.from })
}

async function readHeader (reading: Reading, split: Split, signal: AbortSignal): Promise<readonly string[]> {
  const records = readRecords(reading, await openText(reading.store, split, { signal }))[Symbol.asyncIterator]()
  const first = await records.next()
  await records.return?.()
  if (first.done === true) throw new Error('the file has no header')
  return first.value.record
}

interface RowsStart { readonly header: readonly string[] | undefined, readonly row: number }

async function * parseRows (reading: Reading, records: AsyncIterable<CsvRecord>, start: RowsStart): AsyncGenerator<RowBatch<RawRow>> {
  let toRow = start.header === undefined ? undefined : createRowMaker(reading.mapping, start.header)
  let row = start.row
  let rows: RawRow[] = []
  for await (const { record } of records) {
    if (toRow === undefined) {
      toRow = createRowMaker(reading.mapping, record)
      continue
    }
    rows.push(toRow(record, row++))
    if (rows.length < BATCH_ROWS) continue
    yield { rows, next: row }
    rows = []
  }
  yield { rows, next: row }
}

function createRowMaker (mapping: RowMapping, header: readonly string[]): (record: readonly string[], row: number) => RawRow {
  const names = header.map(name => name.trim())
  const missing = mapping.required.find(column => !names.includes(column))
  if (missing !== undefined) throw new Error(`there is no column ${missing}, only ${names.join(', ').slice(0, 500)}`)
  const places = mapping.columns.map(column => [column, names.indexOf(column)] as const).filter(([, place]) => place >= 0)
  return (record, row) => {
    if (record.length !== names.length) return { row, problem: `the record has ${record.length} fields for ${names.length} columns` }
    return { row, value: Object.fromEntries(places.map(([column, place]) => [column, record[place]])) }
  }
}

/** Records with the byte behind each. Fails where the CSV cannot be read on. */
function readRecords ({ delimiter }: Reading, chunks: Readable): AsyncIterable<CsvRecord> {
  const parser = parse({
    delimiter, bom: true, info: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true, max_record_size: MAX_LINE_BYTES
  })
  // The error reaches the reader through the parser, which pipeline destroys.
  return pipeline(chunks, parser, () => {})
}
