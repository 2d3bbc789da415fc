import { percentMore, runChild } from './child.js'
import { median, type Bench, type BenchOptions, type Measure } from './harness.js'
import { makeCorpus } from './parquet/make-corpus.js'
import type { Slow } from './parquet/slow-child.js'
import type { Stopped } from './parquet/stopped-child.js'
import type { Through } from './parquet/through-child.js'

const script = (name: string): URL => new URL(`parquet/${name}-child.js`, import.meta.url)
const WINDOW = 10_000
const MEGABYTE = 1e6

type Corpus = Awaited<ReturnType<typeof makeCorpus>>

/**
 * Parquet from disk through the rules of the filter to a sink that counts, no model: speed, memory by size of the input,
 * size of the key index, and what is read while the sink or a stage stands in the way. The first run makes the files.
 */
export const benchParquet: Bench = async function * (options) {
  const small = await makeCorpus(options.quick ? 20_000 : 200_000)
  const large = await makeCorpus(options.quick ? 40_000 : 2_000_000)
  yield * measureThrough(small, large, options)
  yield * measureDedup(large)
  yield * measureStopped(small, options)
  yield * measureSlow(small, options)
}

/** `held`: V8's young generation as the command has it. `bare`: as Node has it, growing in long runs only. */
type Young = 'held' | 'bare'

async function * measureThrough (small: Corpus, large: Corpus, { quick }: BenchOptions): AsyncGenerator<Measure> {
  const rounds = quick ? 1 : 3
  const bare = await measureBoth(small, large, { rounds, young: 'bare' })
  const held = await measureBoth(small, large, { rounds, young: 'held' })
  const rows = held.large[0]?.rows ?? 0
  const each = (figure: (run: Through) => number): number[] => held.large.map(figure)
  yield { measure: `${rows} rows through the rules`, unit: 'rows/s', samples: each(run => run.rows / run.seconds) }
  yield { measure: `${rows} rows through the rules, text`, unit: 'MB/s', samples: each(run => run.characters / MEGABYTE / run.seconds) }
  yield { measure: `${rows} rows through the rules, bytes of the file read`, unit: 'MB', samples: each(run => run.bytes / MEGABYTE), ideal: large.bytes / MEGABYTE }
  yield * measureMemory('peak memory, bare node', bare, run => run.peakBytes)
  yield * measureMemory('peak memory', held, run => run.peakBytes)
  yield * measureMemory('median memory', held, run => run.medianBytes)
}

async function measureBoth (small: Corpus, large: Corpus, { rounds, young }: { readonly rounds: number, readonly young: Young }): Promise<Runs> {
  const runs: { readonly small: Through[], readonly large: Through[] } = { small: [], large: [] }
  for (let round = 0; round < rounds; round++) {
    runs.small.push(await through(small, 'off', young))
    runs.large.push(await through(large, 'off', young))
  }
  return runs
}

type Runs = Readonly<Record<'small' | 'large', readonly Through[]>>

function * measureMemory (name: string, { small, large }: Runs, figure: (run: Through) => number): Generator<Measure> {
  const samples = { small: small.map(run => figure(run) / MEGABYTE), large: large.map(run => figure(run) / MEGABYTE) }
  yield { measure: `${name}, ${small[0]?.rows} rows`, unit: 'MB', samples: samples.small }
  yield { measure: `${name}, ${large[0]?.rows} rows`, unit: 'MB', samples: samples.large }
  yield { measure: `${name}, more for the large file`, unit: '%', samples: [percentMore(median(samples.small), median(samples.large))], ideal: 0 }
}

async function * measureDedup (large: Corpus): AsyncGenerator<Measure> {
  const { keys, keyBytes, rows, seconds } = await through(large, 'on')
  yield { measure: `dedup, ${rows} rows: bytes of the index per key`, unit: 'bytes', samples: [keyBytes / keys], ideal: 24 }
  yield { measure: `dedup, ${rows} rows through the rules`, unit: 'rows/s', samples: [rows / seconds] }
}

async function * measureStopped (corpus: Corpus, { quick }: BenchOptions): AsyncGenerator<Measure> {
  const ms = quick ? 500 : 10_000
  const stopped = await runChild<Stopped>(script('stopped'), [corpus.folder, corpus.file, String(WINDOW), String(ms)])
  const name = `sink stopped for ${ms / 1000} s`
  yield { measure: `${name}: rows read ahead; ideal: the window`, unit: 'rows', samples: [stopped.ahead], ideal: WINDOW }
  yield { measure: `${name}: rows read meanwhile`, unit: 'rows', samples: [stopped.rowsWhileStill], ideal: 0 }
  yield { measure: `${name}: bytes read meanwhile`, unit: 'bytes', samples: [stopped.bytesWhileStill], ideal: 0 }
  yield { measure: `${name}: memory more after it`, unit: '%', samples: [percentMore(stopped.residentBefore, stopped.residentAfter)], ideal: 0 }
}

async function * measureSlow (corpus: Corpus, { quick }: BenchOptions): AsyncGenerator<Measure> {
  const ms = quick ? 1000 : 10_000
  const slow = await runChild<Slow>(script('slow'), [corpus.folder, corpus.file, String(WINDOW), String(ms)])
  yield { measure: 'stage 100 times slower: rows read; ideal: rows settled', unit: 'rows', samples: [slow.rowsRead], ideal: slow.rowsSettled }
  yield { measure: 'stage 100 times slower: memory more after it', unit: '%', samples: [percentMore(slow.residentBefore, slow.residentAfter)], ideal: 0 }
}

async function through (corpus: Corpus, dedup: 'on' | 'off', young: Young = 'held'): Promise<Through> {
  return await runChild<Through>(script('through'), [corpus.folder, corpus.file, dedup, young])
}
