import * as zlib from 'node:zlib'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { SchemaElement } from 'hyparquet'
import parquetjs from 'parquetjs-lite'
import type { ObjectOutput } from './object-output.js'
import type { Cell, ParquetCodec, ParquetColumn, ParquetEncoder } from './parquet-sink.js'

/** Schema and compression of one Parquet file; the cells of a row come in the order of `columns`. */
export interface EncoderOptions {
  readonly columns: readonly ParquetColumn[]
  readonly codec: ParquetCodec
}

type Compressor = (input: Uint8Array) => Uint8Array

/** Compresses with Node's own code; undefined where this Node has none for the codec. */
export function findCompressor (codec: 'gzip' | 'zstd'): Compressor | undefined {
  if (codec === 'gzip') return input => zlib.gzipSync(input)
  const { zstdCompressSync } = zlib as unknown as { readonly zstdCompressSync?: Compressor }
  return zstdCompressSync && (input => zstdCompressSync(input))
}

const HYPARQUET_CODECS = { snappy: 'SNAPPY', zstd: 'ZSTD', gzip: 'GZIP', uncompressed: 'UNCOMPRESSED' } as const
const HYPARQUET_TYPES = { string: 'STRING', json: 'STRING', int: 'INT64', double: 'DOUBLE' } as const

/** Encodes by hyparquet-writer; each row group is handed on before the next is encoded. */
export function createHyparquetEncoder (output: ObjectOutput, { columns, codec }: EncoderOptions): ParquetEncoder {
  const buffer = new ByteWriter()
  const drain = async () => {
    const bytes = buffer.getBytes().slice()
    buffer.index = 0
    await output.write(bytes)
  }
  const writer = Object.assign(buffer, { flush: drain, finish: drain })
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(toSchema)],
    codec: HYPARQUET_CODECS[codec],
    compressors: { GZIP: findCompressor('gzip'), ZSTD: findCompressor('zstd') },
    createdBy: 'gemline'
  })
  return {
    writeGroup: async rows => {
      const data = columns.map(({ name }, column) => ({ name, data: rows.map(row => row[column] ?? null) }))
      await file.write({ columnData: data, rowGroupSize: rows.length })
    },
    finish: async () => { await file.finish() }
  }
}

function toSchema (column: ParquetColumn): SchemaElement[] {
  const { name, type } = column
  if (type !== 'texts') return schemaFromColumnData({ columnData: [{ name, type: HYPARQUET_TYPES[type], nullable: true, data: [] }] }).slice(1)
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', num_children: column.keys.length },
    ...column.keys.map((key): SchemaElement => ({ name: key, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' }))
  ]
}

const PARQUETJS_CODECS = { snappy: 'SNAPPY', zstd: 'UNCOMPRESSED', gzip: 'GZIP', uncompressed: 'UNCOMPRESSED' } as const
const PARQUETJS_TYPES = { string: 'UTF8', json: 'UTF8', texts: 'UTF8', int: 'INT64', double: 'DOUBLE' } as const

/** Encodes by parquetjs-lite, with pages of the first version, which every reader knows. It has no zstd. */
export async function createParquetjsEncoder (output: ObjectOutput, { columns, codec }: EncoderOptions): Promise<ParquetEncoder> {
  const schema = new parquetjs.ParquetSchema(Object.fromEntries(columns.map(({ name, type }) => [name, {
    type: PARQUETJS_TYPES[type], optional: true, compression: PARQUETJS_CODECS[codec], statistics: false
  }])))
  const file = await parquetjs.ParquetWriter.openStream(schema, output.stream, { useDataPageV2: false })
  return {
    writeGroup: async rows => {
      file.setRowGroupSize(rows.length)
      for (const row of rows) await file.appendRow(toObject(columns, row))
    },
    finish: async () => { await file.close() }
  }
}

function toObject (columns: readonly ParquetColumn[], row: readonly Cell[]): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name }, column) => [name, row[column] ?? undefined]))
}
