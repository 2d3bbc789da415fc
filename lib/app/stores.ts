import type { Readable } from 'node:stream'
import { createCsvSource } from '../../connectors/csv-source.js'
import { createJsonlSink } from '../../connectors/jsonl-sink.js'
import { createJsonlSource } from '../../connectors/jsonl-source.js'
import { createLimitedSource } from '../../connectors/limited-source.js'
import { splitUri } from '../../connectors/split-uri.js'
import { openStore } from '../../connectors/open-store.js'
import { createParquetSink } from '../../connectors/parquet-sink.js'
import { createParquetSource } from '../../connectors/parquet-source.js'
import { createSampledSource, type Population } from '../../connectors/sampled-source.js'
import type { Sink, Source, WritableStore } from '../engine/connector.js'
import { GemlineError } from '../engine/errors.js'
import type { Document } from '../schema/document.js'
import type { Config } from './config-schema.js'

/** Opens what the config reads: all rows of its source, a sample of them, or the first ones. `-` is JSON lines on the given stream. */
export async function openSource (config: Config, stdin: Readable, onPopulation?: (population: Population) => void): Promise<Source<Document>> {
  const source = await openWholeSource(config, stdin)
  if (config.sample !== undefined) return createSampledSource(source, config.sample, onPopulation)
  return config.limit === undefined ? source : createLimitedSource(source, config.limit)
}

/** Opens what the config reads from, as if it read all of it. */
export async function openWholeSource ({ source }: Config, stdin: Readable): Promise<Source<Document>> {
  const { name, uri, preset, columns, maxTextBytes } = source
  const mapping = { name, preset, columns, maxTextBytes }
  if (uri === '-') return createJsonlSource({ ...mapping, stdin })
  const { root, path } = splitUri(uri)
  const store = await openStore(root, source.s3 ?? {})
  switch (source.format ?? formatOf(path)) {
    case 'parquet': return createParquetSource({ ...mapping, store, path })
    case 'jsonl': return createJsonlSource({ ...mapping, store, path })
    case 'csv': return createCsvSource({ ...mapping, store, path })
  }
}

/** Opens where a run is written to. Rejects with `config-invalid` where nothing can be written. */
export async function openOutput (uri: string, s3: Config['sink']['s3']): Promise<WritableStore> {
  const store = await openStore(uri, s3 ?? {})
  if (!('create' in store)) throw new GemlineError('config-invalid', `out: ${store.url} cannot be written to; name a folder or s3://bucket/prefix`)
  return store as WritableStore
}

/** The format of the data shards. */
export function createDataSink ({ sink }: Config): Sink {
  if (sink.format === 'jsonl') return createJsonlSink()
  return createParquetSink({ codec: sink.codec, writer: sink.writer, columns: RECORD_COLUMNS })
}

/** `messages` and `tools` are JSON strings: as structs, the tools of one row would pollute those of another. */
const RECORD_COLUMNS = [
  ...['id', 'licence', 'textKey', 'text', 'language'].map(name => ({ name, type: 'string' as const })),
  ...['source', 'messages', 'tools', 'workflow', 'labels', 'redacted', 'draft', 'stats', 'checks', 'lineage', 'usage'].map(name => ({ name, type: 'json' as const }))
]

function formatOf (path: string): 'parquet' | 'jsonl' | 'csv' {
  if (/\.csv(\.(gz|zst))?$/.test(path)) return 'csv'
  return /\.(jsonl|ndjson|json)(\.(gz|zst))?$/.test(path) ? 'jsonl' : 'parquet'
}
