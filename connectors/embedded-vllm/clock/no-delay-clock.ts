import type { Clock } from './clock.js'

/** A clock whose tokens are all there at the next turn of the event loop: as fast as the machine, and never synchronous. */
export function createNoDelayClock (): Clock {
  let running = 0
  let steps = 0
  return {
    async schedule ({ outputTokens, signal, onTokens }) {
      running += 1
      try {
        await new Promise<void>(resolve => setImmediate(resolve))
        signal.throwIfAborted()
        steps += 1
        onTokens?.(outputTokens)
      } finally {
        running -= 1
      }
    },
    load: () => ({ running, waiting: 0, steps })
  }
}
