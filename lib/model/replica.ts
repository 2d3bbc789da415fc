import { GemlineError, toGemlineError } from '../engine/errors.js'
import type { ChatRequest, Result, SendOptions, Transport } from './chat-model.js'
import type { Timers } from './timers.js'

/** `checking`: something failed, and until the server has said that it is well nothing new goes there. */
export type ReplicaState = 'up' | 'checking' | 'down'

/** One server of a model, with what is known of its health. */
export interface Replica {
  readonly url: string
  state (): ReplicaState
  /** Requests there now. */
  outstanding (): number
  /** Requests it may still be given. */
  places (): number
  /** As many results as requests, in order. Never rejects. */
  send (requests: readonly ChatRequest[], options: SendOptions): Promise<readonly Result[]>
  close (): Promise<void>
}

/**
 * One server, how many requests it may have at once, and who is told of its health. The transport is closed with the
 * replica.
 */
export interface ReplicaOptions {
  readonly transport: Transport
  readonly maxInFlight: number
  readonly timers: Timers
  /** Called after every change of state. `reason` says why it went down. */
  onState (state: ReplicaState, reason: string): void
}

/** Probes of a server that is down: after 1 s, then doubling. */
const FIRST_PROBE_MS = 1000
const LAST_PROBE_MS = 15_000

interface Health {
  state: ReplicaState
  /** Goes back to the first only by a call that worked: a server that only says it is well may flap. */
  probeMs: number
  cancelProbe: () => void
  readonly closing: AbortController
}

/** A server behind a transport. A failed call has its health asked; while it is down it is probed until it is back. */
export function createReplica (options: ReplicaOptions): Replica {
  const { transport, maxInFlight } = options
  const health: Health = { state: 'up', probeMs: FIRST_PROBE_MS, cancelProbe () {}, closing: new AbortController() }
  let outstanding = 0
  return {
    url: transport.url,
    state: () => health.state,
    outstanding: () => outstanding,
    places: () => health.state === 'up' ? maxInFlight - outstanding : 0,
    async send (requests, sendOptions) {
      outstanding += requests.length
      const results = await sendSafely(transport, requests, sendOptions)
      outstanding -= requests.length
      judge(health, results, options)
      return results
    },
    async close () {
      health.closing.abort()
      health.cancelProbe()
      await transport.close()
    }
  }
}

async function sendSafely (transport: Transport, requests: readonly ChatRequest[], options: SendOptions): Promise<readonly Result[]> {
  try {
    const results = await transport.send(requests, options)
    if (results.length === requests.length) return results
    throw new GemlineError('response-invalid', `${transport.url}: ${results.length} results for ${requests.length} requests`)
  } catch (thrown) {
    const error = toGemlineError(thrown, 'response-invalid', transport.url)
    return requests.map(() => ({ kind: 'error', error }))
  }
}

function judge (health: Health, results: readonly Result[], options: ReplicaOptions): void {
  const failures = results.flatMap(result => result.kind === 'error' && result.error.retry === 'transport' ? [result.error] : [])
  const cancelled = results.some(result => result.kind === 'error' && result.error.code === 'run-cancelled')
  if (failures.length < results.length && !cancelled) health.probeMs = FIRST_PROBE_MS
  const away = failures.find(error => error.code === 'server-unavailable')
  if (away !== undefined) goDown(health, options, away.code)
  else if (failures.length > 0 && health.state === 'up') check(health, options, failures[0]!.code)
}

/** Asks a server that failed how it is: an engine that died fails all its calls, and none of them is to blame. */
async function check (health: Health, options: ReplicaOptions, reason: string): Promise<void> {
  if (health.closing.signal.aborted) return
  setState(health, options, { state: 'checking', reason })
  const healthy = await isHealthy(options.transport, health.closing.signal)
  if (health.state !== 'checking' || health.closing.signal.aborted) return
  if (healthy) setState(health, options, { state: 'up', reason })
  else goDown(health, options, reason)
}

function goDown (health: Health, options: ReplicaOptions, reason: string): void {
  if (health.state === 'down' || health.closing.signal.aborted) return
  setState(health, options, { state: 'down', reason })
  probeLater(health, options, reason)
}

function probeLater (health: Health, options: ReplicaOptions, reason: string): void {
  const delayMs = health.probeMs
  health.probeMs = Math.min(LAST_PROBE_MS, delayMs * 2)
  health.cancelProbe = options.timers.after(delayMs, () => { probe(health, options, reason) })
}

async function probe (health: Health, options: ReplicaOptions, reason: string): Promise<void> {
  const healthy = await isHealthy(options.transport, health.closing.signal)
  if (health.closing.signal.aborted) return
  if (healthy) setState(health, options, { state: 'up', reason })
  else probeLater(health, options, reason)
}

async function isHealthy (transport: Transport, signal: AbortSignal): Promise<boolean> {
  try {
    return await transport.healthy(signal)
  } catch {
    return false
  }
}

function setState (health: Health, { onState }: ReplicaOptions, { state, reason }: { state: ReplicaState, reason: string }): void {
  health.state = state
  onState(state, reason)
}
