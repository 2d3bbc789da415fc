import { setTimeout as sleep } from 'node:timers/promises'
import { emit, type Operator } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import type { BenchOptions, Measure } from '../harness.js'
import { makeBatches } from './records.js'

const WINDOW = 1000
const SETTLE_MS = 500

/** A sink that takes one batch and then stands still: how much is read before reading stops, and how much after that. */
export async function * measureStoppedSink ({ quick }: BenchOptions): AsyncGenerator<Measure> {
  const stillMs = quick ? 200 : 5000
  let read = 0
  const operator: Operator<number, number> = { name: 'no-op', process: value => emit(value) }
  const window = Pipeline.of<number>().through(operator).window({ window: WINDOW, concurrency: 32, signal: new AbortController().signal })
  const settled = window(makeBatches(1_000_000, sequence => { read = sequence + 1; return sequence }))[Symbol.asyncIterator]()
  const first = await settled.next()
  const taken = first.done === true ? 0 : first.value.length
  await sleep(SETTLE_MS)
  const readAtFirst = read
  await sleep(stillMs)
  yield { measure: `stopped sink: read ahead of it; ideal: the window of ${WINDOW}`, unit: 'records', samples: [read - taken], ideal: WINDOW }
  yield { measure: `stopped sink: read in the ${stillMs / 1000} s after that`, unit: 'records', samples: [read - readAtFirst], ideal: 0 }
  await settled.return?.()
}
