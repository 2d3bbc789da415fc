import { startEmbeddedServer, type EmbeddedServer } from '../../../connectors/embedded-vllm/index.js'
import { createVllmTransport } from '../../../connectors/vllm-model.js'
import type { SendOptions, Transport } from '../../model/chat-model.js'
import { TRAINED_SYNTHESIZER, type ResolvedConfig, type ResolvedStage } from '../resolve.js'
import { compareClocks, readDate } from './check-clock.js'
import { attempt, fail, ok, skip, warn, type Check } from './check.js'
import { probeStructured } from './probe-structured.js'

/** How servers are asked. */
export interface CheckModelsOptions {
  readonly signal: AbortSignal
  readonly now: () => Date
  /** For one question to a server. */
  readonly patienceMs: number
}

/** What stands behind each role: whether it is a language model at all, and whether it was trained for what it is asked. */
export function * checkAuthors ({ stages }: ResolvedConfig): Generator<Check> {
  const embedded = [...stages.values()].filter(({ model }) => model.endpoints === 'embedded').map(({ name }) => name)
  if (embedded.length > 0) yield warn('model-author', `${embedded.join(', ')}: answered by the embedded author, which works by rules and is no language model`, 'It exercises the path; for training data name the `endpoints` of a model.')
  const synthesize = stages.get('synthesize')
  if (synthesize === undefined) return
  if (!synthesize.model.trained) yield warn('synthesizer-trained', `${synthesize.model.name} is not a trained synthesizer (GEM's weights were never released): it is asked with \`${synthesize.prompt.name}\``, 'Train one on data of the teacher pipeline and set `trained: true`, or run `--pipeline teacher`.')
  const isShort = synthesize.prompt.name === TRAINED_SYNTHESIZER
  if (synthesize.model.trained !== isShort) yield warn('synthesizer-prompt', isShort ? `${synthesize.model.name} is asked with \`${synthesize.prompt.name}\`, which only a model that was trained on it understands` : `${synthesize.model.name} is said to be trained, but is not asked with \`${TRAINED_SYNTHESIZER}\`, the prompt of the training pairs`, 'Leave stages.synthesize.prompt out: `trained` chooses it.')
}

/** Every server of every model that a stage uses: alive, serves the model, long enough, enforces what is asked for, tells the time. */
export async function * checkModels ({ config, stages }: ResolvedConfig, options: CheckModelsOptions): AsyncGenerator<Check> {
  if (config.offline === true) return yield skip('models', 'offline: no server is asked')
  const all = [...stages.values()]
  for (const role of new Set(all.map(stage => stage.role))) {
    const group = all.filter(stage => stage.role === role)
    const first = group[0] as ResolvedStage
    const server = await embeddedFor(first)
    const urls = first.model.endpoints === 'embedded' ? [server?.url as string] : first.model.endpoints
    try {
      for (const url of urls) yield * checkEndpoint({ url, role, stages: group }, options)
    } finally {
      await server?.close()
    }
  }
}

async function embeddedFor ({ model, maxModelLength }: ResolvedStage): Promise<EmbeddedServer | undefined> {
  return model.endpoints === 'embedded' ? await startEmbeddedServer({ models: [model.name], maxModelLength }) : undefined
}

interface Endpoint { readonly url: string, readonly role: string, readonly stages: readonly ResolvedStage[] }

async function * checkEndpoint ({ url, role, stages }: Endpoint, { signal, now, patienceMs }: CheckModelsOptions): AsyncGenerator<Check> {
  const { model } = stages[0] as ResolvedStage
  const patience = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const name = (check: string): string => `${check}:${role}`
  const opened = await attemptOpen(name('endpoint'), () => createVllmTransport({ url, apiKey: model.apiKey?.reveal(), dialect: model.dialect, connections: 2 }))
  if ('status' in opened) return yield opened
  try {
    const isAlive = await opened.healthy(patience())
    yield isAlive ? ok(name('endpoint'), `${opened.url} is alive`) : fail(name('endpoint'), `${opened.url} does not answer`, `Start it, or correct models.${role}.endpoints.`)
    if (!isAlive) return
    yield await attempt(name('model'), async () => await checkServed(opened, stages, patience()))
    for (const probe of probesOf(stages)) yield await attempt(probe.check, async () => await probeStructured(opened, probe, sendOptions(patience(), patienceMs)))
    yield compareClocks(name('clock'), await readDate(`${opened.url}/health`, patience()), now())
  } finally {
    await opened.close()
  }
}

async function attemptOpen (check: string, open: () => Transport): Promise<Transport | Check> {
  let transport: Transport | undefined
  const failed = await attempt(check, async () => {
    transport = open()
    return ok(check, '')
  })
  return transport ?? failed
}

/** The served context may be longer than what the config says, never shorter: such requests would be refused one by one. */
async function checkServed (transport: Transport, stages: readonly ResolvedStage[], signal: AbortSignal): Promise<Check> {
  const { role, model, maxModelLength } = stages[0] as ResolvedStage
  const served = await transport.models(signal)
  const found = served.find(({ id }) => id === model.name)
  if (found === undefined) return fail(`model:${role}`, `${transport.url} does not serve ${model.name}; it serves ${served.map(({ id }) => id).slice(0, 10).join(', ') || 'nothing'}`, `Correct models.${role}.name, or serve it (--served-model-name).`)
  const { maxModelLength: context } = found
  if (context === undefined) return ok(`model:${role}`, `${model.name} is served by ${transport.url}, which does not tell its context`)
  const longest = Math.max(...stages.map(({ settings }) => settings.minTokens))
  if (context < maxModelLength) return fail(`model:${role}`, `${model.name} is served with a context of ${context} tokens, the config says ${maxModelLength}`, `Set models.${role}.maxModelLength to ${context}, or serve it with --max-model-len ${maxModelLength}.`)
  if (longest > maxModelLength / 2) return warn(`model:${role}`, `${model.name}: a stage wants room for ${longest} of ${maxModelLength} tokens for its answer; most texts would be dropped as too-long`, 'Lower maxTokens or minTokens of the stage, or serve a longer context.')
  return ok(`model:${role}`, `${model.name} is served with a context of ${context} tokens${context > maxModelLength ? `, of which ${maxModelLength} are used` : ''}`)
}

/** One probe for each way in which stages ask for structured output. */
function probesOf (stages: readonly ResolvedStage[]) {
  return stages.filter(({ settings }) => settings.jsonSchema !== undefined).map(({ name, model, maxModelLength, settings }) => ({
    check: `structured:${name}`, model: model.name, thinking: settings.thinking, maxModelLength
  }))
}

function sendOptions (signal: AbortSignal, deadlineMs: number): SendOptions {
  return { signal, deadlineMs, priority: 0, requestId: 'gemline-doctor' }
}
