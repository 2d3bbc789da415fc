import { loadParquetCodecs } from '../../connectors/parquet-codecs.js'
import { createColumnReader, type ColumnReader } from '../../connectors/parquet-column.js'
import { findChunk, readParquetFooter, type ParquetFile } from '../../connectors/parquet-footer.js'
import { wholeChunk } from '../../connectors/parquet-index.js'
import type { ByteStore, ObjectInfo } from '../engine/connector.js'
import { FOREIGN_COLUMNS } from '../formats/index.js'
import { trajectoryRecordSchema } from '../schema/trajectory-record.js'
import type { ReadItem } from './read-records.js'

const BATCH = 64
/** Columns of plain text; the others hold JSON. */
const TEXTS = new Set(['id', 'licence', 'textKey', 'text', 'language'])

/**
 * The rows of a Parquet file as records, page by page: what stands as JSON in a string column is parsed, nulls are left out.
 * A file without the keys of a record is somebody else's: its texts stay as they are. Columns that nobody looks at are
 * passed over. Throws an Error that says what is wrong with the file.
 */
export async function * readParquetRecords (
  { store, object, file }: { readonly store: ByteStore, readonly object: ObjectInfo, readonly file: string }, signal: AbortSignal
): AsyncGenerator<readonly ReadItem[]> {
  const footer = await readParquetFooter(store, object, signal)
  const codecs = await loadParquetCodecs()
  const read = (start: number, end: number): Promise<Uint8Array> => store.read(object.path, { start, end, ifMatch: object.etag, signal })
  const names = columnsOf(footer)
  let line = 1
  for (const group of footer.metadata.row_groups) {
    const rows = Number(group.num_rows)
    const columns = openColumns({ footer, names }, group, { read, codecs, rows })
    for (let row = 0; row < rows; row += BATCH) {
      const count = Math.min(BATCH, rows - row)
      const values = await Promise.all(columns.map(({ reader }) => reader.take(count)))
      yield Array.from({ length: count }, (_, at) => toItem(columns, values.map(column => column[at]), { file, line: line + at }))
      line += count
    }
  }
}

interface OpenColumn extends ColumnName { readonly reader: ColumnReader }
interface ColumnName { readonly name: string, readonly isText: boolean }

function columnsOf (footer: ParquetFile): readonly ColumnName[] {
  const present = new Set(footer.schema.children.map(child => child.element.name))
  const isOurs = present.has('textKey')
  const wanted: readonly string[] = isOurs ? Object.keys(trajectoryRecordSchema.shape) : FOREIGN_COLUMNS
  return wanted.filter(name => present.has(name)).map(name => ({ name, isText: !isOurs || TEXTS.has(name) }))
}

type Shared = Pick<Parameters<typeof createColumnReader>[0], 'read' | 'codecs' | 'rows'>

interface Footer { readonly footer: ParquetFile, readonly names: readonly ColumnName[] }

function openColumns ({ footer, names }: Footer, group: ParquetFile['metadata']['row_groups'][number], shared: Shared): OpenColumn[] {
  return names.flatMap(({ name, isText }) => {
    const chunk = findChunk(footer, group, name)
    if (chunk?.meta_data === undefined) return []
    return [{ name, isText, reader: createColumnReader({ name, meta: chunk.meta_data, schema: footer.schema, ...wholeChunk(chunk, shared.rows), ...shared }) }]
  })
}

function toItem (columns: readonly OpenColumn[], cells: readonly unknown[], place: { readonly file: string, readonly line: number }): ReadItem {
  const value: Record<string, unknown> = {}
  for (const [at, { name, isText }] of columns.entries()) {
    const cell = cells[at]
    if (cell === null || cell === undefined) continue
    const text = cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.length).toString() : cell
    if (isText || typeof text !== 'string') {
      value[name] = text
      continue
    }
    try {
      value[name] = JSON.parse(text)
    } catch (error) {
      return { kind: 'broken', ...place, problem: `column ${name} holds no JSON: ${(error as Error).message.slice(0, 200)}` }
    }
  }
  return { kind: 'record', ...place, value }
}
