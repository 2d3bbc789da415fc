import type { Readable } from 'node:stream'
import { loadPrompts } from '../../prompt/index.js'
import type { Config } from '../config-schema.js'
import { resolveConfig, type ResolvedConfig } from '../resolve.js'
import { compareClocks, readDate } from './check-clock.js'
import { checkAuthors, checkModels } from './check-models.js'
import { checkDisk, checkJournal, checkLicence, checkOutput, checkSource } from './check-places.js'
import { attempt, fail, failure, ok, type Check } from './check.js'

/** What is examined, and by which clock. */
export interface ExamineOptions {
  config (): Promise<Config>
  readonly stdin: Readable
  readonly signal: AbortSignal
  /** Default the clock of the machine. */
  readonly now?: () => Date
  /** Milliseconds for one question to a server. Default two minutes: a first structured answer compiles a grammar. */
  readonly patienceMs?: number
  readonly nodeVersion?: string
}

/** Looks at everything a run needs, one check after the other. What a check throws is its failure; nothing else is thrown. */
export async function * examine (options: ExamineOptions): AsyncGenerator<Check> {
  const { stdin, signal, now = () => new Date(), patienceMs = 120_000, nodeVersion = process.versions.node } = options
  yield checkNode(nodeVersion)
  const opened = await open(options)
  yield * opened.checks
  if (opened.resolved === undefined) return
  const { config } = opened.resolved
  yield * checkAuthors(opened.resolved)
  yield checkLicence(config)
  yield await attempt('source', async () => await checkSource(config, stdin, signal))
  yield await attempt('output', async () => await checkOutput(config))
  yield await attempt('disk', async () => await checkDisk(config))
  if (config.offline === true || config.journal !== undefined) yield await attempt('journal', async () => await checkJournal(config))
  yield * checkStoreClocks(config, signal, now)
  yield * checkModels(opened.resolved, { signal, now, patienceMs })
}

const LEAST_NODE = [20, 18, 1] as const

/** Whether Node is new enough. */
export function checkNode (version: string): Check {
  const parts = version.split('.').map(Number)
  const differs = LEAST_NODE.findIndex((least, at) => parts[at] !== least)
  const isOld = differs >= 0 && (parts[differs] ?? 0) < (LEAST_NODE[differs] as number)
  return isOld ? fail('node', `Node ${version}`, `Install Node ${LEAST_NODE.join('.')} or later.`) : ok('node', `Node ${version}`)
}

async function open ({ config: load }: ExamineOptions): Promise<{ readonly checks: readonly Check[], readonly resolved?: ResolvedConfig }> {
  const checks: Check[] = []
  try {
    const config = await load()
    checks.push(ok('config', `pipeline ${config.pipeline}, source ${config.source.name}`))
    const prompts = await attemptPrompts()
    if ('status' in prompts) return { checks: [...checks, prompts] }
    checks.push(ok('prompts', `${prompts.size} prompts`))
    const resolved = resolveConfig(config, prompts)
    checks.push(ok('stages', [...resolved.stages.values()].map(({ name, prompt }) => `${name} ${prompt.ref}`).join(', ')))
    return { checks, resolved }
  } catch (error) {
    return { checks: [...checks, failure(checks.length === 0 ? 'config' : 'stages', error)] }
  }
}

async function attemptPrompts (): Promise<Awaited<ReturnType<typeof loadPrompts>> | Check> {
  try {
    return await loadPrompts()
  } catch (error) {
    return failure('prompts', error)
  }
}

const CLOCK_MS = 10_000

async function * checkStoreClocks ({ source, sink, out }: Config, signal: AbortSignal, now: () => Date): AsyncGenerator<Check> {
  const places = [
    { check: 'clock:source', uri: source.uri, endpoint: source.s3?.endpoint },
    { check: 'clock:output', uri: out, endpoint: sink.s3?.endpoint }
  ]
  for (const { check, uri, endpoint } of places) {
    if (!uri.startsWith('s3://')) continue
    const date = await readDate(endpoint ?? 'https://s3.amazonaws.com', AbortSignal.any([signal, AbortSignal.timeout(CLOCK_MS)]))
    yield compareClocks(check, date, now())
  }
}
