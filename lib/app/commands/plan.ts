import { z } from 'zod'
import type { Population } from '../../../connectors/sampled-source.js'
import { rowsOfSplit, type Split } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'
import { loadPrompts } from '../../prompt/index.js'
import { createLedger } from '../../run/ledger.js'
import { checkResultKeys, readPlan } from '../../run/plan.js'
import type { CommandIo, CommandSpec } from '../command.js'
import type { Config } from '../config-schema.js'
import { EXIT } from '../exit-codes.js'
import { resolveConfig, type ResolvedConfig, type ResolvedStage } from '../resolve.js'
import { openOutput, openSource } from '../stores.js'
import { createPaint } from '../terminal/paint.js'
import { printable } from '../terminal/printable.js'
import { say, sayJson } from '../terminal/say.js'
import { formatTable } from '../terminal/table.js'
import { wrap } from '../terminal/width.js'
import { estimateCalls, type CallEstimate } from './estimate-calls.js'
import { parseFlags, ROW_OPTIONS } from './options.js'

const flags = z.object({ json: z.boolean().default(false) })

/** Of what is read. `bytes` are those of its files, `unreadable` splits could not be read when they were planned. */
interface Amount { splits: number, rows: number, files: number, bytes: number, unreadable: number }

/** What `plan --json` prints. Keys are stable. */
export interface PlanView {
  readonly version: 1
  readonly pipeline: string
  /** `null` for standard input, of which nothing is known before it is read. */
  readonly source: Amount | null
  /** What a sample is drawn from. */
  readonly drawnFrom: Population | null
  readonly stages: ReadonlyArray<{
    readonly stage: string, readonly role: string, readonly model: string, readonly endpoints: 'embedded' | readonly string[], readonly prompt: string
    readonly thinking: unknown, readonly temperature: number, readonly topP: number, readonly topK: number
    readonly maxTokens: number, readonly maxModelLength: number, readonly structured: boolean, readonly batch: number
  }>
  readonly calls: CallEstimate
  readonly out: string
  /** What is in `out` already: splits planned and done, and why this config could not go on with it. */
  readonly found: { readonly splits: number, readonly done: number, readonly refused: string | null } | null
}

/** `gemline plan`: what a run would read and ask. Writes nothing, asks no model. */
export const planCommand: CommandSpec = {
  name: 'plan',
  summary: 'Shows what would be read, and how each stage would ask. Writes nothing and calls no model.',
  examples: ['gemline plan gemline.yaml', 'gemline plan gemline.yaml --sample 250000 --seed 7', 'gemline plan --source data/ --pipeline teacher --json'],
  takesConfig: true,
  options: [...ROW_OPTIONS, { flags: '--json', description: 'One JSON object for scripts.' }],
  async run ({ options, io, signal, config: load }) {
    const { json } = parseFlags(flags, options)
    const config = await load()
    const resolved = resolveConfig(config, await loadPrompts())
    const view = await viewOf(resolved, await measureSource(config, io, signal))
    await (json ? sayJson(io.stdout, view) : say(io.stdout, format(view, io)))
    return EXIT.ok
  }
}

type Reading = Pick<PlanView, 'source' | 'drawnFrom'>

async function measureSource (config: Config, { stdin }: CommandIo, signal: AbortSignal): Promise<Reading> {
  let drawnFrom: Population | null = null
  const source = await openSource(config, stdin, population => { drawnFrom = population })
  const amount = source.endless === true ? null : await measure(source.plan(signal))
  return { source: amount, drawnFrom }
}

/** Splits of a file follow one another, so that the last path is enough to count files. */
async function measure (splits: AsyncIterable<Split>): Promise<Amount> {
  const amount: Amount = { splits: 0, rows: 0, files: 0, bytes: 0, unreadable: 0 }
  let last: string | undefined
  for await (const split of splits) {
    const { path, bytes } = split
    const rows = rowsOfSplit(split)
    amount.splits++
    amount.rows += rows
    if (rows === 0) amount.unreadable++
    if (path === last) continue
    last = path
    amount.files++
    amount.bytes += bytes
  }
  return amount
}

async function viewOf (resolved: ResolvedConfig, reading: Reading): Promise<PlanView> {
  const { config, stages } = resolved
  return {
    version: 1, pipeline: config.pipeline, ...reading,
    stages: [...stages.values()].map(stageView),
    calls: estimateCalls(resolved, reading.source?.rows),
    out: config.out,
    found: await findPlan(resolved)
  }
}

function stageView ({ name, role, model, maxModelLength, prompt, settings, batch }: ResolvedStage): PlanView['stages'][number] {
  const { thinking, temperature, topP, topK, maxTokens, jsonSchema } = settings
  return {
    stage: name, role, model: model.name, endpoints: model.endpoints, prompt: prompt.ref,
    thinking, temperature, topP, topK, maxTokens, maxModelLength, structured: jsonSchema !== undefined, batch
  }
}

async function findPlan ({ config, resultKeys }: ResolvedConfig): Promise<PlanView['found']> {
  if (config.out === '-') return null
  const store = await openOutput(config.out, config.sink.s3)
  const plan = await readPlan(store)
  if (plan === undefined) return null
  const done = await createLedger(store).done()
  return { splits: plan.splits, done: done.size, refused: refusalOf(() => checkResultKeys(plan, resultKeys, store.url)) }
}

function refusalOf (check: () => void): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof GemlineError && error.code === 'config-changed') return error.message
    throw error
  }
}

function format ({ pipeline, source, drawnFrom, stages, calls, out, found }: PlanView, { color, columns }: CommandIo): string {
  const paint = createPaint(color)
  const right = { align: 'right' } as const
  const table = formatTable(
    [{ title: 'stage' }, { title: 'model', flexible: true }, { title: 'thinking' }, { title: 'temp', ...right }, { title: 'top_p', ...right }, { title: 'top_k', ...right }, { title: 'max', ...right }, { title: 'context', ...right }],
    stages.map(stage => [
      stage.stage, printable(stage.model), typeof stage.thinking === 'string' ? stage.thinking : JSON.stringify(stage.thinking),
      ...[stage.temperature, stage.topP, stage.topK, stage.maxTokens, stage.maxModelLength].map(String)
    ]), columns)
  const { most, typical, total } = calls
  return [
    `${paint.bold('pipeline')} ${pipeline}`,
    `${paint.bold('source')}   ${source === null ? 'standard input; read as it comes' : `${source.rows} rows in ${source.splits} splits of ${source.files} files, ${megabytes(source.bytes)}`}`,
    ...drawnFrom === null ? [] : [`${paint.bold('sample')}   of ${drawnFrom.rows} rows in ${drawnFrom.splits} splits`],
    ...source === null || source.unreadable === 0 ? [] : wrap(`${source.unreadable} splits cannot be read: a run says why and goes on without them`, columns).map(line => paint.red(line)),
    `${paint.bold('out')}      ${printable(out)}${found === null ? ', new' : `, ${found.done} of ${found.splits} splits done`}`,
    ...found === null || found.refused === null ? [] : found.refused.split('\n').map(line => paint.red(printable(line))),
    '', table, '',
    ...stages.map(stage => `${paint.bold('prompt')}   ${printable(stage.prompt)}`), '',
    ...wrap(`calls: at most ${most} a document${typical === most ? '' : `, about ${typical.toFixed(2)} where ${(calls.relevantShare * 100).toFixed(0)} % of the texts are relevant (as in the paper)`}${total === null ? '' : `; ${total.typical === total.most ? '' : `${Math.round(total.typical)} to `}${total.most} in all`}`, columns),
    ...wrap(calls.basis, columns).map(line => paint.dim(line))
  ].join('\n')
}

function megabytes (bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
