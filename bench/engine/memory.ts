import { percentMore, runChild } from '../child.js'
import type { BenchOptions, Measure } from '../harness.js'

const CHILD = new URL('memory-child.js', import.meta.url)

/** Most memory of a process that takes few and one that takes ten times as many records and drops them all. */
export async function * measureMemory ({ quick }: BenchOptions): AsyncGenerator<Measure> {
  const few = quick ? 20_000 : 200_000
  const peaks: { readonly few: number[], readonly many: number[] } = { few: [], many: [] }
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    peaks.few.push(await peakOf(few))
    peaks.many.push(await peakOf(few * 10))
  }
  yield { measure: `peak memory, ${few} records of 600 characters`, unit: 'MB', samples: peaks.few }
  yield { measure: `peak memory, ${few * 10} records; ideal: that of ${few}`, unit: 'MB', samples: peaks.many, ideal: peaks.few }
  yield { measure: 'memory that ten times the input needs more', unit: '%', samples: peaks.many.map((many, at) => percentMore(peaks.few[at] as number, many)), ideal: 0 }
}

async function peakOf (records: number): Promise<number> {
  return (await runChild<{ readonly peakBytes: number }>(CHILD, [String(records)])).peakBytes / 1e6
}
