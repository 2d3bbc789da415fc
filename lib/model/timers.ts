/** Time as model clients and the embedded server see it; tests give one that they turn by hand. */
export interface Timers {
  /** Milliseconds from an arbitrary start; never goes back. */
  now (): number
  /** Calls once after at least `ms`. The function it gives takes the call back. */
  after (ms: number, call: () => void): () => void
}

/** The time of this machine. A waiting timer keeps the process alive. */
export const realTimers: Timers = {
  now: () => performance.now(),
  after (ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  }
}
