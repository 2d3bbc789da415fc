import { startEmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { createVllmTransport } from '../../connectors/vllm-model.js'
import type { Logger } from '../engine/operator.js'
import type { StageModel } from '../model/ask.js'
import { createModelChain, type ModelChain } from '../model/chain.js'
import type { Transport } from '../model/chat-model.js'
import type { ModelListener } from '../model/event.js'
import type { Journal } from '../model/journal.js'
import { createTokenCounter } from '../model/tokens.js'
import type { ModelConfig } from './config-schema.js'
import type { StageModels } from './pipelines.js'
import type { ModelStageName, ResolvedConfig, ResolvedStage } from './resolve.js'

/** The models of a run: a chain for each role, and the servers that were started for them. */
export interface RunModels {
  readonly stages: StageModels
  readonly chains: ReadonlyMap<string, ModelChain>
  /** From now on no call is sent; calls in flight end and are journaled. */
  drain (): void
  inFlight (): number
  close (): Promise<void>
}

/** What all models of a run share. The journal stays open when the models close. */
export interface OpenModelsOptions {
  readonly journal?: Journal
  readonly log: Logger
  readonly onEvent?: ModelListener
}

/** Opens a chain for every role that a stage uses. Starts the embedded server if one of them wants it; offline no server and no connection. */
export async function openModels ({ config, stages }: ResolvedConfig, options: OpenModelsOptions): Promise<RunModels> {
  const servers = config.offline === true ? NO_SERVERS : await openServers([...stages.values()])
  const chains = new Map<string, ModelChain>()
  const tokens = createTokenCounter('estimate')
  for (const stage of stages.values()) if (!chains.has(stage.role)) chains.set(stage.role, openChain(stage, [...stages.values()], { ...options, servers }))
  const models = new Map<ModelStageName, StageModel>()
  for (const [name, { role, model, maxModelLength, prompt, settings }] of stages) {
    const chain = chains.get(role) as ModelChain
    models.set(name, { model: chain, revision: model.revision, trained: name === 'synthesize' ? model.trained : undefined, tokens, maxModelLength, prompt, settings })
  }
  const all = [...chains.values()]
  return {
    stages: models,
    chains,
    drain: () => { for (const chain of all) chain.gate.close() },
    inFlight: () => all.reduce((sum, chain) => sum + chain.inFlight(), 0),
    async close () {
      await Promise.all(all.map(chain => chain.close()))
      await servers.close()
    }
  }
}

interface Servers { readonly offline?: boolean, transports: (model: ModelConfig) => readonly Transport[], close: () => Promise<void> }

const NO_SERVERS: Servers = { offline: true, transports: () => [], async close () {} }

async function openServers (stages: readonly ResolvedStage[]): Promise<Servers> {
  const embedded = stages.filter(({ model }) => model.endpoints === 'embedded')
  const names = [...new Set(embedded.map(({ model }) => model.name))]
  const maxModelLength = Math.max(...embedded.map(stage => stage.maxModelLength))
  const server = names.length === 0 ? undefined : await startEmbeddedServer({ models: names, maxModelLength })
  const open: Transport[] = []
  return {
    transports ({ endpoints, apiKey, dialect, maxInFlight }) {
      const urls = endpoints === 'embedded' ? [server?.url as string] : endpoints
      // Two sockets beside the requests, for the questions after its health.
      const transports = urls.map(url => createVllmTransport({ url, apiKey: apiKey?.reveal(), dialect, connections: maxInFlight + 2 }))
      open.push(...transports)
      return transports
    },
    async close () {
      await Promise.all(open.map(transport => transport.close()))
      await server?.close()
    }
  }
}

function openChain ({ role, model }: ResolvedStage, stages: readonly ResolvedStage[], { servers, journal, log, onEvent }: OpenModelsOptions & { readonly servers: Servers }): ModelChain {
  const mine = stages.filter(stage => stage.role === role)
  return createModelChain({
    name: model.name,
    transports: servers.transports(model),
    offline: servers.offline,
    journal, log, onEvent,
    options: {
      maxInFlight: model.maxInFlight,
      deadlineMs: model.deadlineSeconds * 1000,
      stages: Object.fromEntries(mine.map(({ name, batch }) => [name, { batch: { maxItems: batch, maxWaitMs: 20 } }]))
    }
  })
}
