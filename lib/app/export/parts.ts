import { openOutput } from '../../../connectors/object-output.js'
import { createParquetSink, type ParquetColumn } from '../../../connectors/parquet-sink.js'
import { createStreamSink } from '../../../connectors/stream-sink.js'
import type { ShardInfo, ShardWriter, WritableStore } from '../../engine/connector.js'
import type { FormatColumn, Row, TrainingFormat } from '../../formats/index.js'

/** The files of an export, one a part, opened with their first row. */
export interface ExportParts {
  write (part: string, rows: readonly Row[]): Promise<void>
  /** Makes all of them visible, by name of the part. */
  close (): Promise<Readonly<Record<string, ShardInfo>>>
  /** Leaves nothing behind, best effort. */
  abort (): Promise<void>
}

/** Columns of a file: who the row is, then those of the format. */
export function columnsOf ({ columns }: TrainingFormat): readonly FormatColumn[] {
  return [{ name: 'id', holds: 'text' }, ...columns]
}

/** Starts the files of an export. The same rows give the same bytes. */
export function createExportParts (store: WritableStore, format: TrainingFormat): ExportParts {
  const open = new Map<string, ShardWriter>()
  return {
    async write (part, rows) {
      const writer = open.get(part) ?? await openPart(store, part, format)
      open.set(part, writer)
      await writer.write(rows)
    },
    async close () {
      const infos: Record<string, ShardInfo> = {}
      for (const [part, writer] of [...open].sort(([one], [other]) => one < other ? -1 : 1)) infos[part] = await writer.close()
      return infos
    },
    async abort () {
      for (const writer of open.values()) await writer.abort()
    }
  }
}

async function openPart (store: WritableStore, part: string, format: TrainingFormat): Promise<ShardWriter> {
  if (format.file === 'parquet') return await createParquetSink({ columns: columnsOf(format).map(toParquetColumn) }).open(store, part)
  const path = `${part}.jsonl`
  const output = await openOutput(store, path)
  const lines = await createStreamSink(output.stream).open(store, path)
  return {
    write: records => lines.write(records),
    async close () {
      const info = await lines.close()
      await output.close()
      return info
    },
    abort: () => output.abort()
  }
}

function toParquetColumn (column: FormatColumn): ParquetColumn {
  if (column.holds === 'texts') return { name: column.name, type: 'texts', keys: [...column.keys] }
  return { name: column.name, type: column.holds === 'text' ? 'string' : 'json' }
}
