import { parquetMetadata, parquetSchema, type ColumnChunk, type FileMetaData, type RowGroup, type SchemaTree } from 'hyparquet'
import type { ByteStore, ObjectInfo } from '../lib/engine/connector.js'
import { MAX_PAGE_BYTES } from './parquet-codecs.js'
import type { ByteRange } from './parquet-column.js'

/** A Parquet file as its footer describes it, checked against the size of the file. */
export interface ParquetFile extends ObjectInfo {
  readonly metadata: FileMetaData
  readonly schema: SchemaTree
}

/** Bytes that are fetched first; most footers fit, so that one request is enough. */
const FIRST_FETCH = 65_536
const MAX_FOOTER_BYTES = 67_108_864
const MAX_ROW_GROUPS = 100_000
const MAX_GROUP_ROWS = 1_000_000_000n
const MAGIC = 0x31524150
const TAIL = 8

/**
 * Reads the footer of a file: one ranged read, or two for a long footer. Throws an Error that says what is wrong where
 * the file is no Parquet file or contradicts itself (reader guards: scale-and-reliability, section 4.1). Rejects as the
 * store does.
 */
export async function readParquetFooter (store: ByteStore, file: ObjectInfo, signal?: AbortSignal): Promise<ParquetFile> {
  const { bytes } = file
  if (bytes < TAIL + 4) throw new Error(`no Parquet file: it has ${bytes} bytes`)
  const read = (start: number, end: number) => store.read(file.path, { start, end, ifMatch: file.etag, signal })
  const tail = await read(Math.max(0, bytes - FIRST_FETCH), bytes)
  const length = footerLength(tail, bytes)
  const footer = length + TAIL <= tail.length
    ? tail
    : Buffer.concat([await read(bytes - length - TAIL, bytes - tail.length), tail])
  const metadata = parquetMetadata(footer, { geoparquet: false })
  checkFooter(metadata, file)
  return { ...file, metadata, schema: parquetSchema(metadata) }
}

function footerLength (tail: Uint8Array, bytes: number): number {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  if (view.getUint32(tail.length - 4, true) !== MAGIC) throw new Error('no Parquet file, or one that is cut off: it does not end in PAR1')
  const length = view.getUint32(tail.length - TAIL, true)
  if (length > Math.min(bytes - TAIL - 4, MAX_FOOTER_BYTES)) throw new Error(`the footer claims ${length} bytes of a file of ${bytes}`)
  return length
}

function checkFooter (metadata: FileMetaData, file: ObjectInfo): void {
  const groups = metadata.row_groups
  if (groups.length > MAX_ROW_GROUPS) throw new Error(`the footer has ${groups.length} row groups`)
  const rows = groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (rows !== Number(metadata.num_rows)) throw new Error(`the row groups have ${rows} rows, the file claims ${metadata.num_rows}`)
  groups.forEach((group, index) => checkRowGroup(group, index, file))
}

function checkRowGroup (group: RowGroup, index: number, file: ObjectInfo): void {
  if (!(group.num_rows >= 0n && group.num_rows <= MAX_GROUP_ROWS)) throw new Error(`row group ${index} claims ${group.num_rows} rows`)
  for (const chunk of group.columns) {
    const { start, end } = chunkRange(chunk)
    if (!(start >= 4 && end > start - 1 && end <= file.bytes)) throw new Error(`a column of row group ${index} lies outside of the file (${start} to ${end})`)
  }
}

/** Where the pages of a column chunk lie in the file, the dictionary first. Throws where the footer does not say. */
export function chunkRange (chunk: ColumnChunk): ByteRange {
  const meta = chunk.meta_data
  if (meta === undefined) throw new Error('a column is encrypted or has no metadata')
  if (chunk.file_path !== undefined && chunk.file_path !== '') throw new Error('a column lies in another file')
  const data = Number(meta.data_page_offset)
  const dictionary = Number(meta.dictionary_page_offset ?? 0)
  const start = dictionary > 0 && dictionary < data ? dictionary : data
  return { start, end: start + Number(meta.total_compressed_size) }
}

/** The chunk of a flat column in a row group; undefined where the file has no such column. Throws for a list or struct. */
export function findChunk (file: ParquetFile, group: RowGroup, column: string): ColumnChunk | undefined {
  const node = file.schema.children.find(child => child.element.name === column)
  if (node === undefined) return undefined
  if (node.children.length > 0 || node.element.repetition_type === 'REPEATED') throw new Error(`column ${column} is nested, not flat`)
  const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema.length === 1 && meta.path_in_schema[0] === column)
  if (chunk?.meta_data === undefined) throw new Error(`column ${column} has no data in a row group`)
  if (chunk.meta_data.num_values !== group.num_rows) {
    throw new Error(`column ${column} has ${chunk.meta_data.num_values} values for ${group.num_rows} rows`)
  }
  if (Number(chunk.meta_data.total_uncompressed_size) / MAX_PAGE_BYTES > 64) throw new Error(`column ${column} claims to unpack to ${chunk.meta_data.total_uncompressed_size} bytes`)
  return chunk
}
