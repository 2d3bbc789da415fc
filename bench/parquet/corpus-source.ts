import { createFileStore } from '../../connectors/file-store.js'
import { createParquetSource } from '../../connectors/parquet-source.js'
import type { ByteStore, Source, Split } from '../../lib/engine/connector.js'
import type { SourceItem } from '../../lib/engine/envelope.js'
import type { Member } from '../../lib/engine/pipeline.js'
import type { Document } from '../../lib/schema/document.js'

/** What was read so far. */
export interface ReadTally { bytes: number, rows: number, characters: number }

/** A corpus on disk as a source that counts what is read of it. */
export interface CorpusSource {
  readonly source: Source<Document>
  readonly splits: readonly Split[]
  readonly tally: ReadTally
  /** Stands behind the source and counts the documents that are pulled. */
  readonly countRows: Member<SourceItem<Document>, SourceItem<Document>>
}

/** Opens a file that `makeCorpus` made. */
export async function openCorpus (folder: string, file: string): Promise<CorpusSource> {
  const tally: ReadTally = { bytes: 0, rows: 0, characters: 0 }
  const source = createParquetSource({ name: 'bench', store: counting(createFileStore(folder), tally), path: file, preset: 'ultra-fineweb' })
  const splits: Split[] = []
  for await (const split of source.plan(new AbortController().signal)) splits.push(split)
  return { source, splits, tally, countRows }

  async function * countRows (items: AsyncIterable<ReadonlyArray<SourceItem<Document>>>): AsyncGenerator<ReadonlyArray<SourceItem<Document>>> {
    for await (const batch of items) {
      for (const item of batch) {
        if (item.kind !== 'envelope') continue
        tally.rows++
        tally.characters += item.value.text.length
      }
      yield batch
    }
  }
}

function counting (store: ByteStore, tally: ReadTally): ByteStore {
  return {
    ...store,
    async read (path, options) {
      const bytes = await store.read(path, options)
      tally.bytes += bytes.byteLength
      return bytes
    }
  }
}
