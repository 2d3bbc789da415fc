import type { Timers } from '../../lib/model/timers.js'

export interface ManualTimers extends Timers {
  /** Moves time on, fires what is due in its order, and lets promises run after each. */
  advance (ms: number): Promise<void>
  /** Delays of the timers that wait, in order. */
  pending (): readonly number[]
}

/** Time that stands still until it is moved. */
export function createManualTimers (): ManualTimers {
  let now = 0
  const waiting = new Set<{ readonly due: number, readonly call: () => void }>()
  const next = () => [...waiting].sort((a, b) => a.due - b.due)[0]
  return {
    now: () => now,
    after (ms, call) {
      const timer = { due: now + ms, call }
      waiting.add(timer)
      return () => { waiting.delete(timer) }
    },
    pending: () => [...waiting].map(({ due }) => due - now).sort((a, b) => a - b),
    async advance (ms) {
      const end = now + ms
      await settle()
      for (let timer = next(); timer !== undefined && timer.due <= end; timer = next()) {
        now = timer.due
        waiting.delete(timer)
        timer.call()
        await settle()
      }
      now = end
    }
  }
}

/** Lets everything run that waits for nothing but promises. */
export async function settle (): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
}
