import { toGemlineError, type GemlineError } from '../engine/errors.js'
import { sleep } from './on-abort.js'
import type { Timers } from './timers.js'

/** How patiently a failed transport is repeated. */
export interface RetryPolicy {
  /** Tries of a request that meets failures, the first included. */
  readonly maxTries: number
  /** Tries of a request that is only ever asked for patience (429, 503): an overloaded server must not cost records. */
  readonly maxBusyTries: number
  /** Longest pause after the first failure; doubles with each. The pause itself is random below it. */
  readonly baseMs: number
  readonly capMs: number
}

/** Up to 4 tries against failures and 20 against a busy server, with pauses below 0.5 s that double up to 20 s. */
export const DEFAULT_RETRY: RetryPolicy = { maxTries: 4, maxBusyTries: 20, baseMs: 500, capMs: 20_000 }

/** How patient to be, by which clock and which dice, and who is told before each pause. */
export interface RetryOptions {
  readonly policy: RetryPolicy
  readonly timers: Timers
  /** [0, 1) */
  readonly random: () => number
  readonly signal: AbortSignal
  onRetry (error: GemlineError, tries: number, delayMs: number): void
}

/** What a connector may tell of a failure, in `detail`, that changes when it is repeated. */
interface FailureDetail { readonly retryAfterMs?: unknown, readonly beforeBytes?: unknown }

/**
 * Repeats `attempt` (given the number of tries made, from 0) as long as its failure is one of transport. A server that is
 * away costs no try, as the next attempt waits until one is back; a connection that broke before any byte is tried again
 * at once, once; all else after a pause with full jitter, never shorter than the server asked for.
 * Rejects with the last error when the tries are used up, with `run-cancelled` when the signal aborts.
 */
export async function retrying<T> (attempt: (tries: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, timers, random, signal, onRetry } = options
  const count = { all: 0, failed: 0, busy: 0, atOnce: 0 }
  while (true) {
    try {
      return await attempt(count.all)
    } catch (thrown) {
      const error = toGemlineError(thrown, 'response-invalid', 'model call')
      if (error.retry !== 'transport') throw error
      count.all++
      if (error.code === 'server-busy') count.busy++
      else if (error.code !== 'server-unavailable') count.failed++
      if (count.failed >= policy.maxTries || count.busy >= policy.maxBusyTries) throw error
      const delayMs = delayOf(error, count, { policy, random })
      onRetry(error, count.all, delayMs)
      if (delayMs > 0) await sleep(delayMs, signal, timers)
    }
  }
}

function delayOf (
  { code, detail }: GemlineError, count: { failed: number, busy: number, atOnce: number }, { policy, random }: Pick<RetryOptions, 'policy' | 'random'>
): number {
  const { retryAfterMs, beforeBytes } = (detail ?? {}) as FailureDetail
  if (code === 'server-unavailable') return 0
  if (code === 'connection-lost' && beforeBytes === true && count.atOnce++ === 0) return 0
  const asked = typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 0
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** (count.failed + count.busy - 1))
  // Jitter on top of what was asked for, so that a wave sent away together does not come back together.
  return asked + Math.ceil(random() * ceiling)
}
