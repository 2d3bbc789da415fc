import { setTimeout as wait } from 'node:timers/promises'
import type { GemlineError } from '../lib/engine/errors.js'
import { cancelled, throwIfCancelled } from './store-support.js'

/** How often a store tries a request again, and how long it waits in between. */
export interface BackOff {
  /** Tries after the first. */
  readonly retries: number
  /** The wait before try `n` (from 1) is a random part of `baseMs * 2 ** (n - 1)`, at most of `capMs`: full jitter. */
  readonly baseMs: number
  readonly capMs: number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** Tries again over about a minute: a store that is away for longer ends the run, which can be continued. */
export const DEFAULT_BACK_OFF: BackOff = {
  retries: 7,
  baseMs: 200,
  capMs: 20_000,
  random: Math.random,
  sleep: async (ms, signal) => { await wait(ms, undefined, { signal }) }
}

/** What came of one try: a value, or a failure that another try may mend. What cannot be mended is thrown. */
export type Try<T> =
  | { readonly done: true, readonly value: T }
  | { readonly done: false, readonly failure: GemlineError, readonly afterMs?: number }

/** Who tries, for a cancellation's message, and until when. */
export interface TryFor {
  readonly where: string
  readonly signal?: AbortSignal
}

/** Tries until there is a value. Rejects with the last failure once the tries are used up, `run-cancelled` after an abort. */
export async function tryAgain<T> (attempt: (tries: number) => Promise<Try<T>>, backOff: BackOff, context: TryFor): Promise<T> {
  for (let tries = 0; ; tries++) {
    throwIfCancelled(context.signal, context.where)
    const result = await attempt(tries)
    if (result.done) return result.value
    if (tries >= backOff.retries) throw result.failure
    await pause(backOff, { ...context, tries: tries + 1, afterMs: result.afterMs })
  }
}

/** Waits before try `tries` (from 1), at least `afterMs` where the server asked for it. Rejects with `run-cancelled`. */
export async function pause (backOff: BackOff, wanted: TryFor & { readonly tries: number, readonly afterMs?: number }): Promise<void> {
  const { tries, afterMs = 0, signal, where } = wanted
  const jitter = backOff.random() * Math.min(backOff.capMs, backOff.baseMs * 2 ** (tries - 1))
  try {
    await backOff.sleep(Math.max(jitter, Math.min(afterMs, backOff.capMs)), signal)
  } catch (thrown) {
    if (signal?.aborted) throw cancelled(signal, where)
    throw thrown
  }
}
