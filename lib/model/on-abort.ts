import { GemlineError } from '../engine/errors.js'
import type { Timers } from './timers.js'

type Listener = () => void

const listeners = new WeakMap<AbortSignal, Set<Listener>>()

/**
 * Calls back once when the signal aborts, at once if it has. The function it gives takes the call back.
 * One listener a signal, however many wait: adding to an EventTarget costs as much as it has listeners, and
 * every call of a run hangs on the same signal.
 */
export function onAbort (signal: AbortSignal, call: Listener): () => void {
  if (signal.aborted) {
    call()
    return () => {}
  }
  const waiting = listeners.get(signal) ?? listenTo(signal)
  // A wrapper of its own, so that the same function may wait twice.
  const entry: Listener = () => call()
  waiting.add(entry)
  return () => { waiting.delete(entry) }
}

function listenTo (signal: AbortSignal): Set<Listener> {
  const waiting = new Set<Listener>()
  listeners.set(signal, waiting)
  signal.addEventListener('abort', () => {
    const calls = [...waiting]
    waiting.clear()
    for (const call of calls) call()
  }, { once: true })
  return waiting
}

/** Resolves after `ms`. Rejects with `run-cancelled` as soon as the signal aborts. */
export function sleep (ms: number, signal: AbortSignal, timers: Timers): Promise<void> {
  return new Promise((resolve, reject) => {
    let release = (): void => {}
    const cancel = timers.after(ms, () => {
      release()
      resolve()
    })
    release = onAbort(signal, () => {
      cancel()
      reject(cancelled())
    })
  })
}

/** The error of everything that ended because the run was stopped. */
export function cancelled (): GemlineError {
  return new GemlineError('run-cancelled', 'the run was stopped while a model call waited')
}
