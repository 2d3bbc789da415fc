import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createJsonlSink } from '../../connectors/jsonl-sink.js'
import { probeCreateOnly } from '../../connectors/probe-create-only.js'
import type { Sink, WritableStore } from '../engine/connector.js'
import type { Accepted, Ended, Settlement } from '../engine/envelope.js'
import { GemlineError } from '../engine/errors.js'
import type { Logger } from '../engine/operator.js'
import type { Journal } from '../model/journal.js'
import type { Commit } from '../run/commit-record.js'
import { execute, type PlannedWork, type RunOutcome } from '../run/execute.js'
import { loadPrompts } from '../prompt/index.js'
import type { TrajectoryCandidate } from '../schema/candidate.js'
import { toRejectRecord, toTrajectoryRecord, type TrajectoryRecord } from '../schema/trajectory-record.js'
import type { Config } from './config-schema.js'
import { openModels, type RunModels } from './models.js'
import { createMonitor, type Monitor } from './monitor.js'
import { createPipeline } from './pipelines.js'
import { createContentKeys, openTally, recordOptionsOf, sizeOfSettlement } from './records.js'
import { datasetCardOf } from './dataset-card.js'
import { writeRunReport } from './run-report/write-run-report.js'
import { reportOf } from './report.js'
import { openRunJournal } from './run-journal.js'
import { resolveConfig, type ResolvedConfig } from './resolve.js'
import { createDataSink, openOutput, openSource } from './stores.js'

/** What to run, and who is told how it goes. A sink given here is used in place of that of the config. */
export interface RunRequest {
  readonly config: Config
  readonly stdin: Readable
  readonly log: Logger
  /** In place of the data shards: where accepted records go when `out` is `-`. */
  readonly dataSink?: Sink
  readonly rejectsSink?: Sink
  /** Where journal and commits lie when `out` is `-`; without it they are gone with the process. */
  readonly state?: string
  readonly monitor?: Monitor
  readonly onPlan?: (work: PlannedWork) => void
  readonly onCommit?: (commit: Commit) => void
  readonly onStarted?: (running: RunningRun) => void
}

/** A run that can be asked to end. */
export interface RunningRun {
  /** Makes no new call, gives those in flight `drainSeconds`, then stops. */
  drain (): Promise<void>
  abort (): void
}

/**
 * How a run ended, for summary and report. `seconds` counts from the resolved config to the end of the work, `out` is
 * the URL of the output, or `-`.
 */
export interface RunResult {
  readonly outcome: RunOutcome
  readonly resolved: ResolvedConfig
  readonly monitor: Monitor
  readonly journal: ReturnType<Journal['stats']>
  readonly firstAccepted: TrajectoryRecord | undefined
  readonly seconds: number
  readonly out: string
  /** All splits are done. */
  readonly complete: boolean
}

/** Opens everything that a config names, runs what is missing, and closes it all again. Rejects as `execute` does. */
export async function run (request: RunRequest): Promise<RunResult> {
  const opened: Array<() => Promise<void>> = []
  try {
    return await runOpened(request, opened)
  } finally {
    // The last that was opened is closed first: the models before the place that their journal lies in.
    for (const close of opened.reverse()) await close().catch(error => { request.log.error({ error: String(error) }, 'something could not be closed') })
  }
}

async function runOpened (request: RunRequest, opened: Array<() => Promise<void>>): Promise<RunResult> {
  const { config, log, monitor = createMonitor() } = request
  const resolved = resolveConfig(config, await loadPrompts())
  const started = performance.now()
  const place = await openPlace(request, opened)
  const journal = await openRunJournal(config, { store: place, nonce: randomBytes(6).toString('hex'), log })
  opened.push(() => journal.end())
  const models = await openModels(resolved, { journal, log, onEvent: monitor.onModelEvent })
  opened.push(() => models.close())
  const aborter = new AbortController()
  request.onStarted?.(createRunning(models, aborter, config.drainSeconds))
  const parts = partsOf(request, { resolved, monitor, journal, models })
  const first = keepFirst(config)
  const outcome = await execute({ ...parts, source: journal.watch(await openSource(config, request.stdin)), store: place, toRecord: first.toRecord, signal: aborter.signal })
  const seconds = (performance.now() - started) / 1000
  const out = config.out === '-' ? '-' : place.url
  const result = { outcome, resolved, monitor, journal: journal.stats(), firstAccepted: first.record(), seconds, out, complete: outcome.complete }
  if (outcome.complete) await writeReport(request, place, result)
  return result
}

/** Makes records, and remembers the first of them to be shown. */
function keepFirst (config: Config) {
  const options = recordOptionsOf(config)
  let kept: TrajectoryRecord | undefined
  return {
    record: () => kept,
    toRecord (...[result, settlement]: [Accepted<TrajectoryCandidate>, Settlement<TrajectoryCandidate>]): TrajectoryRecord {
      const record = toTrajectoryRecord(result, settlement, options)
      kept ??= record
      return record
    }
  }
}

function partsOf ({ config, dataSink, rejectsSink, onPlan, onCommit, log }: RunRequest, opened: { readonly resolved: ResolvedConfig, readonly monitor: Monitor, readonly journal: Journal, readonly models: RunModels }) {
  const { resolved, monitor, journal, models } = opened
  const { dedup, concurrency, window, heldMegabytes } = config
  return {
    pipeline: createPipeline(config, models.stages),
    resultKeys: resolved.resultKeys,
    dedup: { texts: dedup.texts, results: dedup.trajectories, maxKeys: dedup.maxKeys, contentKeyOf: createContentKeys() },
    data: dataSink ?? createDataSink(config),
    rejectsSink: rejectsSink ?? createJsonlSink(),
    rejects: config.sink.rejects,
    openTally,
    toReject: (ended: Ended, settlement: Settlement<TrajectoryCandidate>) => toRejectRecord(ended, settlement, recordOptionsOf(config)),
    flushJournal: (split: string) => journal.close(split),
    worker: `${hostname()}-${process.pid}`,
    now: () => new Date(),
    onEvent: monitor.onEngineEvent,
    onWritten: monitor.onWritten,
    heldBytes: heldMegabytes * 2 ** 20,
    sizeOf: sizeOfSettlement,
    ...{ concurrency, window, log, onPlan, onCommit }
  }
}

/** Where the ledger lies. Nothing is written that is built on before the store has shown that it refuses the second create. */
async function openPlace ({ config, state }: RunRequest, opened: Array<() => Promise<void>>): Promise<WritableStore> {
  const temporary = config.out === '-' && state === undefined ? await mkdtemp(join(tmpdir(), 'gemline-')) : undefined
  if (temporary !== undefined) opened.push(() => rm(temporary, { recursive: true, force: true }))
  const store = await openOutput(temporary ?? (config.out === '-' ? state as string : config.out), config.sink.s3)
  await probeCreateOnly(store, 'probe/')
  return store
}

async function writeReport ({ config, state, log }: RunRequest, store: WritableStore, result: RunResult): Promise<void> {
  await store.put('report.json', Buffer.from(JSON.stringify(reportOf(result), null, 2) + '\n'))
  await store.put('README.md', Buffer.from(datasetCardOf(result)))
  // A place that is gone with the process needs no page.
  if (config.out !== '-' || state !== undefined) await writeRunReport(store, log)
}

const LOOK_MS = 50

function createRunning (models: RunModels, aborter: AbortController, drainSeconds: number): RunningRun {
  const abort = (): void => aborter.abort(new GemlineError('run-cancelled', 'stopped by signal'))
  return {
    abort,
    async drain () {
      models.drain()
      const until = performance.now() + drainSeconds * 1000
      while (models.inFlight() > 0 && performance.now() < until && !aborter.signal.aborted) await sleep(LOOK_MS, undefined, { ref: false })
      abort()
    }
  }
}
