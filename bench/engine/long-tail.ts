import { setTimeout as sleep } from 'node:timers/promises'
import { emit, type Operator } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import { createRandom, takeTurns, type BenchOptions, type Measure } from '../harness.js'
import { createBusyMeter, type BusyMeter } from './busy-meter.js'
import { countSettled, makeBatches } from './records.js'

const SLOTS = 32
const SHORT_MS = 5
const LONG_MS = 100
const LONG_SHARE = 0.05
const OLD_MS = 2000
const OLD_EVERY = 500

/**
 * Tasks of uneven length, 32 at once: busy slots until the last task has started, beside a bare loop of 32 workers with
 * the same timers, in turns. An engine that waits for an old slow task leaves slots idle. The second one has a task of 2 s
 * in every 500.
 */
export async function * measureLongTail ({ quick }: BenchOptions): AsyncGenerator<Measure> {
  const tasks = quick ? 1000 : 20_000
  const rounds = quick ? 1 : 5
  for (const old of [false, true]) {
    const durations = makeDurations(tasks, old)
    const turns = await takeTurns(() => inEngine(durations), () => inBareLoop(durations), { rounds })
    const tail = old ? `, 1 in ${OLD_EVERY} ${OLD_MS / 1000} s` : ''
    yield { measure: `long tail, ${tasks} tasks${tail}; ideal: bare loop`, unit: `of ${SLOTS} slots`, ...turns }
  }
}

/** Milliseconds of each task; the same on every call. */
export function makeDurations (tasks: number, old: boolean): readonly number[] {
  const random = createRandom(20_000)
  const mixed = Array.from({ length: tasks }, () => random() < LONG_SHARE ? LONG_MS : SHORT_MS)
  return old ? mixed.map((ms, at) => at % OLD_EVERY === OLD_EVERY >> 1 ? OLD_MS : ms) : mixed
}

async function inEngine (durations: readonly number[]): Promise<number> {
  const meter = createBusyMeter(durations.length)
  const operator: Operator<number, number> = {
    name: 'wait',
    process: async ms => {
      await work(meter, ms)
      return emit(ms)
    }
  }
  const window = Pipeline.of<number>().through(operator).window({ concurrency: SLOTS, signal: new AbortController().signal })
  const { accepted } = await countSettled(window(makeBatches(durations.length, sequence => durations[sequence] as number)))
  if (accepted !== durations.length) throw new Error(`${accepted} of ${durations.length} tasks ended`)
  return meter.mean()
}

async function inBareLoop (durations: readonly number[]): Promise<number> {
  const meter = createBusyMeter(durations.length)
  const line = durations.values()
  await Promise.all(Array.from({ length: SLOTS }, async () => {
    for (const ms of line) await work(meter, ms)
  }))
  return meter.mean()
}

async function work (meter: BusyMeter, ms: number): Promise<void> {
  meter.start()
  await sleep(ms)
  meter.end()
}
