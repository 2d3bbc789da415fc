import { loadParquetCodecs } from '../../connectors/parquet-codecs.js'
import { createColumnReader, type ColumnReader } from '../../connectors/parquet-column.js'
import { findChunk, readParquetFooter, type ParquetFile } from '../../connectors/parquet-footer.js'
import { wholeChunk } from '../../connectors/parquet-index.js'
import type { ByteStore, ObjectInfo } from '../engine/connector.js'
import { trajectoryRecordSchema } from '../schema/trajectory-record.js'
import type { ReadItem } from './read-records.js'

const BATCH = 64
/** Columns of plain text; the others hold JSON. */
const TEXTS = new Set(['id', 'licence', 'textKey', 'text', 'language'])

/**
 * The rows of a Parquet file as records, page by page: what stands as JSON in a string column is parsed, nulls are left out.
 * Columns that no record has are passed over. Throws an Error that says what is wrong with the file.
 */
export async function * readParquetRecords (
  { store, object, file }: { readonly store: ByteStore, readonly object: ObjectInfo, readonly file: string }, signal: AbortSignal
): AsyncGenerator<readonly ReadItem[]> {
  const footer = await readParquetFooter(store, object, signal)
  const codecs = await loadParquetCodecs()
  const read = (start: number, end: number): Promise<Uint8Array> => store.read(object.path, { start, end, ifMatch: object.etag, signal })
  let line = 1
  for (const group of footer.metadata.row_groups) {
    const rows = Number(group.num_rows)
    const columns = openColumns(footer, group, { read, codecs, rows })
    for (let row = 0; row < rows; row += BATCH) {
      const count = Math.min(BATCH, rows - row)
      const values = await Promise.all(columns.map(({ reader }) => reader.take(count)))
      yield Array.from({ length: count }, (_, at) => toItem(columns, values.map(column => column[at]), { file, line: line + at }))
      line += count
    }
  }
}

interface OpenColumn { readonly name: string, readonly reader: ColumnReader }

type Shared = Pick<Parameters<typeof createColumnReader>[0], 'read' | 'codecs' | 'rows'>

function openColumns (footer: ParquetFile, group: ParquetFile['metadata']['row_groups'][number], shared: Shared): OpenColumn[] {
  const present = new Set(footer.schema.children.map(child => child.element.name))
  return Object.keys(trajectoryRecordSchema.shape).filter(name => present.has(name)).flatMap(name => {
    const chunk = findChunk(footer, group, name)
    if (chunk?.meta_data === undefined) return []
    return [{ name, reader: createColumnReader({ name, meta: chunk.meta_data, schema: footer.schema, ...wholeChunk(chunk, shared.rows), ...shared }) }]
  })
}

function toItem (columns: readonly OpenColumn[], cells: readonly unknown[], place: { readonly file: string, readonly line: number }): ReadItem {
  const value: Record<string, unknown> = {}
  for (const [at, { name }] of columns.entries()) {
    const cell = cells[at]
    if (cell === null || cell === undefined) continue
    const text = cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.length).toString() : cell
    if (TEXTS.has(name) || typeof text !== 'string') {
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
