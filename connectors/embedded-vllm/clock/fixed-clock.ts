import { z } from 'zod'
import { realTimers, type Timers } from '../../../lib/model/timers.js'
import type { Clock, ClockRequest } from './clock.js'

/** A server of constant speed: `maxNumSeqs` places, first come first served, each sequence takes ttft + itl × tokens. */
export const fixedClockSchema = z.strictObject({
  /** Milliseconds from the start of a sequence to its first token. */
  ttftMs: z.number().min(0).default(50),
  /** Milliseconds from token to token. */
  itlMs: z.number().min(0).default(10),
  /** Sequences that run at once; the others wait. */
  maxNumSeqs: z.int().min(1).default(256),
  /** All times are multiplied by this. */
  scale: z.number().min(0).default(1)
})

/** Options of `createFixedClock` before their defaults. */
export type FixedClockOptions = z.input<typeof fixedClockSchema>

interface Place {
  readonly request: ClockRequest
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** A clock of fixed delays. Throws a ZodError for options that are none. */
export function createFixedClock (options: FixedClockOptions, timers: Timers = realTimers): Clock {
  const { ttftMs, itlMs, maxNumSeqs, scale } = fixedClockSchema.parse(options)
  const first = ttftMs * scale
  const step = itlMs * scale
  const waiting = new Set<Place>()
  let running = 0
  let steps = 0

  function start (place: Place): void {
    running += 1
    run(place.request, { first, step, timers, tick: () => { steps += 1 } }).then(place.resolve, place.reject).finally(leave)
  }

  function leave (): void {
    running -= 1
    const [next] = waiting
    if (next === undefined) return
    waiting.delete(next)
    start(next)
  }

  return {
    async schedule (request) {
      request.signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const place = { request, resolve, reject }
        if (running < maxNumSeqs) return start(place)
        waiting.add(place)
        request.signal.addEventListener('abort', () => { if (waiting.delete(place)) reject(request.signal.reason) }, { once: true })
      })
    },
    load: () => ({ running, waiting: waiting.size, steps })
  }
}

interface Pace {
  readonly first: number
  readonly step: number
  readonly timers: Timers
  readonly tick: () => void
}

/** One sequence from its first to its last token. Due times count from the start, so late timers do not add up. */
async function run ({ outputTokens, signal, onTokens }: ClockRequest, { first, step, timers, tick }: Pace): Promise<void> {
  const begin = timers.now()
  const total = first + step * outputTokens
  // Whoever does not watch the tokens needs no timer per token, but still steps of its own to show that it is alive.
  const stride = onTokens === undefined ? Math.max(1, Math.ceil(outputTokens / 16)) : 1
  let produced = 0
  while (produced < outputTokens) {
    produced = Math.min(outputTokens, produced + stride)
    await until(begin + (produced === outputTokens ? total : first + step * produced), timers, signal)
    const elapsed = timers.now() - begin - first
    if (step > 0) produced = Math.max(produced, Math.min(outputTokens - 1, Math.floor(elapsed / step)))
    tick()
    onTokens?.(produced)
  }
}

function until (moment: number, timers: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = (): void => {
      callOff()
      reject(signal.reason)
    }
    const callOff = timers.after(Math.max(0, moment - timers.now()), () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
