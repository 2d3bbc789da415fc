import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Source, Split } from '../../lib/engine/connector.js'
import type { Envelope, Settlement, SourceItem, SplitEnd } from '../../lib/engine/envelope.js'

/** Runs SQL in DuckDB with `$file` standing for a temporary file, and gives what the file holds afterwards. */
export async function writeWithDuckdb (sql: string): Promise<Uint8Array> {
  return await inTemporaryFile(async file => {
    await runDuckdb(sql.replaceAll('$file', `'${file}'`))
    return await readFile(file)
  })
}

/** Rows that DuckDB reads in a Parquet file, numbers as they are, everything else as strings. */
export async function readWithDuckdb (bytes: Uint8Array, sql = 'select * from read_parquet($file)'): Promise<unknown[]> {
  return await inTemporaryFile(async file => {
    await writeFile(file, bytes)
    return await runDuckdb(sql.replaceAll('$file', `'${file}'`))
  })
}

async function runDuckdb (sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Gives a path in a fresh folder that is removed afterwards. */
export async function inTemporaryFile<T> (work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parquet-'))
  try {
    return await work(join(folder, 'file.parquet'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type WriteOptions = Parameters<typeof parquetWriteBuffer>[0]

/** A Parquet file of columns, by hyparquet-writer. */
export function writeParquet (columnData: WriteOptions['columnData'], options: Omit<WriteOptions, 'columnData'> = {}): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }))
}

/** Everything a source gives: its splits, and the items of all of them by kind. */
export interface ReadAll<T> {
  readonly splits: readonly Split[]
  readonly batches: readonly number[]
  readonly items: ReadonlyArray<SourceItem<T>>
  readonly values: readonly T[]
  readonly settled: ReadonlyArray<Settlement<never>>
  readonly ends: readonly SplitEnd[]
}

export async function planAll<T> (source: Source<T>): Promise<Split[]> {
  const splits: Split[] = []
  for await (const split of source.plan(new AbortController().signal)) splits.push(split)
  return splits
}

/** Reads the given splits, or all that the source plans. */
export async function readAll<T> (source: Source<T>, given?: readonly Split[]): Promise<ReadAll<T>> {
  const splits = given ?? await planAll(source)
  const batches: number[] = []
  const items: Array<SourceItem<T>> = []
  for await (const batch of source.read(splits, { signal: new AbortController().signal, firstSequence: 0 })) {
    batches.push(batch.length)
    items.push(...batch)
  }
  const envelopes = items.filter((item): item is Envelope<T> => item.kind === 'envelope')
  return {
    splits, batches, items,
    values: envelopes.map(item => item.value),
    settled: items.filter(item => item.kind === 'settlement'),
    ends: items.filter(item => item.kind === 'split-end')
  }
}
