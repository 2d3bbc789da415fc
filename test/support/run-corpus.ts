import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFileStore } from '../../connectors/file-store.js'
import { createParquetSource } from '../../connectors/parquet-source.js'
import { readAll, writeParquet } from './parquet-fixtures.js'

export interface CorpusOptions {
  readonly documents: number
  readonly rowsPerGroup: number
  /** Files that share the documents evenly. Default 1. */
  readonly files?: number
}

const SAMPLE = fileURLToPath(new URL('../../examples/data/', import.meta.url))
const COPY_EVERY = 17

/**
 * Writes Parquet files `part-<n>.parquet` of real texts of the sample, each with a line of its own once the sample is used
 * up; every 17th document is an exact copy of one far before it. The same options give the same bytes.
 */
export async function writeCorpus (folder: string, { documents, rowsPerGroup, files = 1 }: CorpusOptions): Promise<void> {
  const { values } = await readAll(createParquetSource({ name: 'sample', store: createFileStore(SAMPLE), path: 'ultra-fineweb-sample.parquet', preset: 'ultra-fineweb' }))
  const texts: string[] = []
  for (let i = 0; i < documents; i++) {
    const { text } = values[i % values.length] as { text: string }
    const copied = i >= 2 * COPY_EVERY && i % COPY_EVERY === 0 ? texts[i >> 1] : undefined
    texts.push(copied ?? (i < values.length ? text : `Edition ${Math.floor(i / values.length) + 1} of this page.\n\n${text}`))
  }
  await mkdir(folder, { recursive: true })
  const perFile = Math.ceil(documents / files)
  for (let file = 0; file < files; file++) {
    const mine = texts.slice(file * perFile, (file + 1) * perFile)
    await writeFile(join(folder, `part-${file}.parquet`), writeParquet([
      { name: 'content', data: mine, type: 'STRING' },
      { name: 'score', data: mine.map((_, row) => (row % 10) / 10), type: 'DOUBLE' },
      { name: 'source', data: mine.map(() => 'sample'), type: 'STRING' }
    ], { rowGroupSize: rowsPerGroup }))
  }
}

/** Gives the work a fresh folder and removes it afterwards. */
export async function inFolder<T> (work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gemline-run-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
