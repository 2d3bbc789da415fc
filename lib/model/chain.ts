import { GemlineError } from '../engine/errors.js'
import type { Logger, OperatorContext } from '../engine/operator.js'
import type { ChatModel, ChatRequest, Result, Transport, TransportAnswer } from './chat-model.js'
import { countModelEvents, type ModelStats } from './chain-stats.js'
import type { ModelListener } from './event.js'
import type { Journal } from './journal.js'
import { cancelled } from './on-abort.js'
import { createPool, type Pool } from './pool.js'
import { createQueue, type BatchOptions, type Call, type Parcel, type Queue } from './queue.js'
import { requestKeyOf } from './request-key.js'
import { DEFAULT_RETRY, retrying, type RetryPolicy } from './retry.js'
import { realTimers, type Timers } from './timers.js'

/** How a model is asked; none of it can change an answer. */
export interface ModelChainOptions {
  /** Requests at once per server. */
  readonly maxInFlight?: number
  /** Longest for a whole answer, from sending. */
  readonly deadlineMs?: number
  readonly retry?: Partial<RetryPolicy>
  /** What differs by stage. */
  readonly stages?: Readonly<Record<string, { readonly deadlineMs?: number, readonly batch?: BatchOptions }>>
}

/** What a model chain is made of. It closes its transports, and not the journal. */
export interface ModelChainParts {
  /** Name of the model as the server lists it. */
  readonly name: string
  /** One for each server of this model. */
  readonly transports: readonly Transport[]
  /** Shared by the models of a run; without it every request is a call. Not closed by the chain. */
  readonly journal?: Journal
  /** Nothing is ever sent: what the journal does not answer is rejected. Needs no transport. */
  readonly offline?: boolean
  readonly options?: ModelChainOptions
  readonly timers?: Timers
  readonly random?: () => number
  readonly onEvent?: ModelListener
  readonly log: Logger
}

/** A model behind journal, retry, queue and pool. */
export interface ModelChain extends ChatModel {
  /** Requests that a server has now. */
  inFlight (): number
  /** Requests that wait for a place, a batch or a server. */
  waiting (): number
  readonly gate: {
    /** From now on no call is sent: what is in flight ends and is journaled, all else waits until its signal aborts. */
    close (): void
    readonly closed: boolean
  }
  stats (): ModelStats
  /** Closes the gate, the probes and the connections. Callers must have ended, or their signal be aborted: none is sent any more. */
  close (): Promise<void>
}

interface Chain extends Required<Pick<ModelChainParts, 'name' | 'timers' | 'random'>> {
  readonly queue: Queue
  readonly pool: Pool
  readonly journal: Journal | undefined
  readonly offline: boolean
  readonly options: ModelChainOptions
  readonly onEvent: ModelListener
}

const MAX_IN_FLIGHT = 256
const DEADLINE_MS = 1_800_000
const ALONE: BatchOptions = { maxItems: 1, maxWaitMs: 0 }

/**
 * A chat model of one or many servers: journal ▸ retry ▸ queue ▸ pool ▸ transport. A request in the journal makes no call.
 * Offline it rejects with `journal-missed` where one would be made.
 */
export function createModelChain (parts: ModelChainParts): ModelChain {
  const { name, transports, journal, offline = false, options = {}, timers = realTimers, random = Math.random, log } = parts
  const counter = countModelEvents()
  const onEvent: ModelListener = event => {
    counter.count(event)
    parts.onEvent?.(event)
  }
  const pool = createPool({
    model: name, transports, timers, log, onEvent, maxInFlight: options.maxInFlight ?? MAX_IN_FLIGHT, onPlace: () => queue.pump()
  })
  const queue: Queue = createQueue({ pool, timers, send: parcel => send(chain, parcel) })
  const chain: Chain = { name, queue, pool, journal, offline, options, timers, random, onEvent }
  return {
    name,
    complete: (request, context) => complete(chain, request, context),
    inFlight: queue.inFlight,
    waiting: queue.waiting,
    gate: { close: queue.shut, get closed () { return queue.isShut() } },
    stats: () => ({ ...counter.stats(), servers: pool.replicas.map(({ url, state, outstanding }) => ({ url, state: state(), outstanding: outstanding() })) }),
    async close () {
      queue.shut()
      await pool.close()
    }
  }
}

async function complete (chain: Chain, request: ChatRequest, context: OperatorContext): ReturnType<ChatModel['complete']> {
  if (context.signal.aborted) throw cancelled()
  const requestKey = requestKeyOf(request)
  if (chain.journal === undefined) return { ...await call(chain, request, context), requestKey }
  const { answer, from } = await chain.journal.once(context.split, requestKey, () => call(chain, request, context))
  if (from !== 'call') chain.onEvent({ kind: 'journal-hit', model: chain.name, stage: context.stage, joined: from === 'flight' })
  return { ...answer, requestKey }
}

async function call (chain: Chain, request: ChatRequest, context: OperatorContext): Promise<TransportAnswer> {
  const { name: model, options, timers, random, onEvent, queue } = chain
  if (chain.offline) throw missed(context)
  const pending: Call = { request, context, batch: options.stages?.[context.stage]?.batch ?? ALONE, tries: 0, avoid: undefined }
  return await retrying(async tries => {
    pending.tries = tries
    // What failed together is not tried again together: one of them may be to blame.
    if (tries > 0) pending.batch = ALONE
    return await queue.submit(pending)
  }, {
    policy: { ...DEFAULT_RETRY, ...options.retry }, timers, random, signal: context.signal,
    onRetry: ({ code }, tries, delayMs) => onEvent({ kind: 'retry', model, stage: context.stage, code, tries, delayMs })
  })
}

/** Why a request was made at all is told with it: after an answer that could not be used, what was paid for may end earlier. */
function missed ({ stage, attempt, failure }: OperatorContext): GemlineError {
  const after = failure === undefined ? '' : `, attempt ${attempt} after ${failure.code}: ${failure.message}`
  return new GemlineError('journal-missed', `no journal has the answer to this request of ${stage}${after}`)
}

async function send ({ name: model, options, timers, onEvent }: Chain, { calls, replica, signal, waitMs }: Parcel): Promise<readonly Result[]> {
  const { stage, stageIndex } = calls[0]!.context
  const shared = { model, stage, url: replica.url, batch: calls.length }
  for (let at = 0; at < calls.length; at++) onEvent({ kind: 'call-start', ...shared, waitMs })
  const start = timers.now()
  const results = await replica.send(calls.map(({ request }) => request), {
    signal, priority: -stageIndex, requestId: requestIdOf(calls[0]!),
    deadlineMs: options.stages?.[stage]?.deadlineMs ?? options.deadlineMs ?? DEADLINE_MS
  })
  const durationMs = timers.now() - start
  for (const result of results) {
    const outcome = result.kind === 'answer' ? 'answer' : result.error.code
    onEvent({ kind: 'call-end', ...shared, outcome, usage: result.kind === 'answer' ? result.answer.usage : undefined, durationMs })
  }
  return results
}

/** For the server's log. Holds the try: a name used again while the first is alive clashes there. */
function requestIdOf ({ context: { id, stage, attempt }, tries }: Call): string {
  return `${id}-${stage}-${attempt}-${tries}`.replace(/[^\w.-]/g, '_').slice(0, 200)
}
