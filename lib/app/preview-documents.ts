import type { Settlement, SettledItem, SourceItem } from '../engine/envelope.js'
import { GemlineError } from '../engine/errors.js'
import type { Logger } from '../engine/operator.js'
import { loadPrompts } from '../prompt/index.js'
import type { TrajectoryCandidate } from '../schema/candidate.js'
import type { Document } from '../schema/document.js'
import type { Readable } from 'node:stream'
import type { Config } from './config-schema.js'
import { openModels } from './models.js'
import { createPipeline } from './pipelines.js'
import { resolveConfig, type ResolvedConfig } from './resolve.js'
import { openRunJournal, type RunJournal } from './run-journal.js'
import { openOutput, openSource } from './stores.js'

/** A document of the preview: as it was read, and all that became of it. */
export interface PreviewedDocument {
  /** Undefined where the row could not become a document. */
  readonly document: Document | undefined
  readonly settlement: Settlement<TrajectoryCandidate>
}

/** Which config is tried, on how many rows from the start of its source. */
export interface PreviewOptions {
  readonly resolved: ResolvedConfig
  readonly count: number
  readonly stdin: Readable
  readonly log: Logger
  readonly signal: AbortSignal
  /** Told when no server of a model is alive: the preview waits until one is. */
  readonly onPaused?: (model: string) => void
}

/** Completes a config with prompts and presets. Rejects with `config-invalid` or `prompt-invalid`. */
export async function resolveForPreview (config: Config): Promise<ResolvedConfig> {
  return resolveConfig(config, await loadPrompts())
}

/**
 * Takes the first `count` rows of a source through the pipeline of the config, in reading order and with its models, or offline
 * with the journals of its output and of older ones. Nothing is written, journaled or deduplicated. Rejects with what ends a run.
 */
export async function * previewDocuments ({ resolved, count, stdin, log, signal, onPaused }: PreviewOptions): AsyncGenerator<PreviewedDocument> {
  const { config } = resolved
  const journal = config.offline === true ? await openJournalToRead(config, log) : undefined
  const opened = await openSource(config, stdin)
  const source = journal?.watch(opened) ?? opened
  const models = await openModels(resolved, { journal, log, onEvent: event => { if (event.kind === 'paused') onPaused?.(event.model) } })
  const documents = new Map<string, Document>()
  try {
    const pipeline = createPipeline(config, models.stages)
    const items = remember(take(source.read(source.plan(signal), { signal, firstSequence: 0 }), count), documents)
    for await (const settled of pipeline.window({ signal, log, concurrency: Math.min(count, config.concurrency), window: count })(items)) {
      yield * settlementsOf(settled, documents)
    }
  } finally {
    await models.close()
    await journal?.end()
  }
}

/** Offline nothing is ever written to it. */
async function openJournalToRead (config: Config, log: Logger): Promise<RunJournal> {
  if (config.out === '-') throw new GemlineError('config-invalid', 'out: an offline preview needs an output whose journal it reads')
  return await openRunJournal(config, { store: await openOutput(config.out, config.sink.s3), nonce: 'preview', log })
}

type Items = AsyncIterable<ReadonlyArray<SourceItem<Document>>>

/** The first `count` rows; a split that cannot be read ends the preview with its error. */
async function * take (batches: Items, count: number): AsyncGenerator<ReadonlyArray<SourceItem<Document>>> {
  let left = count
  for await (const batch of batches) {
    const broken = batch.find(item => item.kind === 'split-end' && item.error !== undefined)
    if (broken?.kind === 'split-end') throw broken.error
    const rows = batch.filter(item => item.kind !== 'split-end').slice(0, left)
    left -= rows.length
    if (rows.length > 0) yield rows
    if (left === 0) return
  }
}

async function * remember (batches: Items, documents: Map<string, Document>): AsyncGenerator<ReadonlyArray<SourceItem<Document>>> {
  for await (const batch of batches) {
    for (const item of batch) if (item.kind === 'envelope') documents.set(item.id, item.value)
    yield batch
  }
}

function * settlementsOf (settled: ReadonlyArray<SettledItem<TrajectoryCandidate>>, documents: Map<string, Document>): Generator<PreviewedDocument> {
  for (const settlement of settled) {
    if (settlement.kind !== 'settlement') continue
    yield { document: documents.get(settlement.id), settlement }
    documents.delete(settlement.id)
  }
}
