import { percentMore, runChild } from '../child.js'
import { median, type BenchOptions, type Measure } from '../harness.js'

const CHILD = new URL('memory-child.js', import.meta.url)

/**
 * Most memory of a process that takes records and drops them all, by the number of records. V8 lets its heap grow up to a
 * size of its own in the first seconds, so ten times the smallest input costs a little more, and thirty times no more than ten.
 */
export async function * measureMemory ({ quick }: BenchOptions): AsyncGenerator<Measure> {
  const few = quick ? 20_000 : 200_000
  const sizes = [few, few * 10, few * 30] as const
  const peaks: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    for (const [at, size] of sizes.entries()) peaks[at]?.push(await peakOf(size))
  }
  for (const [at, size] of sizes.entries()) {
    yield { measure: `peak memory, ${size} records of 600 characters`, unit: 'MB', samples: peaks[at] ?? [] }
  }
  yield { measure: `memory that ${sizes[1]} records need more than ${few}`, unit: '%', samples: [more(peaks[0], peaks[1])], ideal: 0 }
  yield { measure: `memory that ${sizes[2]} records need more than ${sizes[1]}`, unit: '%', samples: [more(peaks[1], peaks[2])], ideal: 0 }
}

function more (less: readonly number[], most: readonly number[]): number {
  return percentMore(median(less), median(most))
}

async function peakOf (records: number): Promise<number> {
  return (await runChild<{ readonly peakBytes: number }>(CHILD, [String(records)])).peakBytes / 1e6
}
