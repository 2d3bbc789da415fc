import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ShardWriter, Sink, WritableStore } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { toJson, toJsonLine } from './json-line.js'
import { openOutput, type ObjectOutput } from './object-output.js'
import { createHyparquetEncoder, createParquetjsEncoder, findCompressor } from './parquet-encoders.js'
import { parseOptions } from './parse-options.js'

const columnSchema = z.discriminatedUnion('type', [
  z.strictObject({
    name: z.string().min(1),
    /** `json` stores any value as a JSON string: per-row structs would pollute one another's columns. */
    type: z.enum(['string', 'json', 'int', 'double'])
  }),
  /** A list of objects that all have these keys, each of them text; hyparquet-writer alone. */
  z.strictObject({ name: z.string().min(1), type: z.literal('texts'), keys: z.array(z.string().min(1)).min(1) })
])

/** Options of a Parquet sink. The columns decide the schema of every shard, whatever its records hold. */
export const parquetSinkSchema = z.strictObject({
  columns: z.array(columnSchema).min(1),
  /** zstd needs Node 22.15 or later and hyparquet-writer. */
  codec: z.enum(['snappy', 'zstd', 'gzip', 'uncompressed']).default('snappy'),
  /** Rows of a row group; one that reaches 64 MiB of JSON ends earlier. */
  rowGroupRows: z.int().positive().default(1_000),
  writer: z.enum(['hyparquet-writer', 'parquetjs-lite']).default('hyparquet-writer')
})

/** Schema, compression and layout of every shard of a run; only `columns` must be given. */
export type ParquetSinkOptions = z.input<typeof parquetSinkSchema>
/** A column of a shard: the field of a record that fills it, and how its values are stored. */
export type ParquetColumn = z.output<typeof columnSchema>
/** Compression of all columns of a shard. */
export type ParquetCodec = z.output<typeof parquetSinkSchema>['codec']
type Options = z.output<typeof parquetSinkSchema>

/** A value of a column as it is stored: text, whole number, number, objects of texts, or nothing. */
export type Cell = string | bigint | number | ReadonlyArray<Readonly<Record<string, string>>> | null

/** Writes row groups into a file. */
export interface ParquetEncoder {
  writeGroup (rows: ReadonlyArray<readonly Cell[]>): Promise<void>
  /** Writes the footer. */
  finish (): Promise<void>
}

const MAX_GROUP_BYTES = 67_108_864

/**
 * Shards in Parquet: fixed columns, all nullable, lists and objects as JSON strings. `contentSha256` is that of the JSON
 * lines that the jsonl sink would have written. Memory is one row group. A record with a field that is no column, or
 * with a value of another type, rejects with `config-invalid`: nothing is lost silently.
 */
export function createParquetSink (options: ParquetSinkOptions): Sink {
  const parsed = parseOptions(parquetSinkSchema, options)
  if (parsed.codec === 'zstd' && (parsed.writer === 'parquetjs-lite' || findCompressor('zstd') === undefined)) {
    throw new GemlineError('config-invalid', 'codec: zstd needs Node 22.15 or later and the writer hyparquet-writer')
  }
  const nested = parsed.columns.find(({ type }) => type === 'texts')
  if (nested !== undefined && parsed.writer === 'parquetjs-lite') throw new GemlineError('config-invalid', `columns: column ${nested.name} is nested, which needs the writer hyparquet-writer`)
  const extension = '.parquet'
  return { extension, open: (store, path) => openShard(store, path + extension, parsed) }
}

async function openShard (store: WritableStore, path: string, options: Options): Promise<ShardWriter> {
  const output = await openOutput(store, path)
  // A failed write rejects where it was asked for; the stream that carries it must not throw as well.
  output.stream.on('error', () => {})
  const encoder = await createEncoder(output, options)
  const toCells = createRowEncoder(options.columns)
  const lines = createHash('sha256')
  const group = { rows: [] as Cell[][], bytes: 0 }
  let rows = 0
  const flush = async () => {
    if (group.rows.length === 0) return
    const full = group.rows
    group.rows = []
    group.bytes = 0
    await encoder.writeGroup(full)
  }
  const write = async (records: readonly object[]) => {
    for (const record of records) {
      const line = toJsonLine(record)
      group.rows.push(toCells(record))
      group.bytes += line.length
      lines.update(line)
      rows++
      if (group.rows.length >= options.rowGroupRows || group.bytes >= MAX_GROUP_BYTES) await flush()
    }
  }
  const close = async () => {
    await flush()
    await encoder.finish()
    return { path, rows, ...await output.close(), contentSha256: lines.digest('hex') }
  }
  return { write, close, abort: output.abort }
}

async function createEncoder (output: ObjectOutput, options: Options): Promise<ParquetEncoder> {
  return options.writer === 'parquetjs-lite' ? await createParquetjsEncoder(output, options) : createHyparquetEncoder(output, options)
}

function createRowEncoder (columns: readonly ParquetColumn[]): (record: object) => Cell[] {
  const names = new Set(columns.map(column => column.name))
  return record => {
    const fields = record as Readonly<Record<string, unknown>>
    const other = Object.keys(fields).find(name => !names.has(name) && fields[name] !== undefined)
    if (other !== undefined) throw new GemlineError('config-invalid', `columns: a record has the field ${other}, which is no column`)
    return columns.map(column => encodeCell(column, fields[column.name]))
  }
}

function encodeCell (column: ParquetColumn, value: unknown): Cell {
  if (value === undefined || value === null) return null
  const { name, type } = column
  if (type === 'texts' && isTexts(value, column.keys)) return value
  if (type === 'json') return toJson(value)
  if (type === 'string' && typeof value === 'string') return value
  if (type === 'double' && typeof value === 'number') return value
  if (type === 'int' && Number.isSafeInteger(value)) return BigInt(value as number)
  throw new GemlineError('config-invalid', `columns: column ${name} is ${type}, but a record has ${Array.isArray(value) ? 'a list' : typeof value} there`)
}

function isTexts (value: unknown, keys: readonly string[]): value is ReadonlyArray<Readonly<Record<string, string>>> {
  return Array.isArray(value) && value.every(entry => typeof entry === 'object' && entry !== null && Object.keys(entry).length === keys.length && keys.every(key => typeof (entry as Record<string, unknown>)[key] === 'string'))
}
