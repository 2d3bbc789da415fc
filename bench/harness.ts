import { cpus, totalmem } from 'node:os'

export interface BenchOptions {
  /** Small inputs and one sample: shows that a bench runs, not how fast. */
  readonly quick: boolean
}

/** One figure that was measured several times. */
export interface Measure {
  /** What was measured, in a few words, with the size of the input. */
  readonly measure: string
  readonly unit: string
  /** The figure of each repetition, in order. */
  readonly samples: readonly number[]
  /** What could be reached at best: a constant, or samples taken in turns with those of the measure. */
  readonly ideal?: number | readonly number[]
}

/** Measures one part and gives each figure as soon as it is there. */
export type Bench = (options: BenchOptions) => AsyncIterable<Measure>

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly node: string
  readonly platform: string
}

/** A measure as `--json` prints it; the keys are stable, and there whether they are known or not. */
export interface Result {
  readonly bench: string
  readonly measure: string
  /** Median of the samples. */
  readonly value: number
  readonly unit: string
  readonly ideal: number | null
  /** Value by ideal; null where the ideal is zero or unknown. */
  readonly ratio: number | null
  readonly samples: readonly number[]
  readonly spread: { readonly min: number, readonly max: number }
  readonly machine: Machine
}

/** Sums a measure up. Throws a TypeError if it has no sample. */
export function toResult (bench: string, { measure, unit, samples, ideal }: Measure, machine: Machine): Result {
  const value = median(samples)
  const best = ideal === undefined ? null : typeof ideal === 'number' ? ideal : median(ideal)
  const ratio = best === null || best === 0 ? null : value / best
  const spread = { min: Math.min(...samples), max: Math.max(...samples) }
  return { bench, measure, value, unit, ideal: best, ratio, samples, spread, machine }
}

/** The machine that a figure belongs to: no figure means anything without it. */
export function describeMachine (): Machine {
  const cores = cpus()
  return {
    cpu: cores[0]?.model ?? 'unknown', cores: cores.length, memoryGB: Math.round(totalmem() / 1e9),
    node: process.version, platform: `${process.platform}-${process.arch}`
  }
}

/** The middle one, or the mean of both middle ones. Throws a TypeError for no values. */
export function median (values: readonly number[]): number {
  if (values.length === 0) throw new TypeError('there is no median of nothing')
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2
}

export interface TurnsOptions { readonly rounds: number }

/** Takes a measure and its ideal in turns (A B A B …), so that a machine that gets slower slows both. */
export async function takeTurns (
  measure: () => number | Promise<number>, ideal: () => number | Promise<number>, { rounds }: TurnsOptions
): Promise<{ readonly samples: readonly number[], readonly ideal: readonly number[] }> {
  const samples: number[] = []
  const ideals: number[] = []
  for (let round = 0; round < rounds; round++) {
    samples.push(await measure())
    ideals.push(await ideal())
  }
  return { samples, ideal: ideals }
}

/** A generator of numbers in [0, 1) that gives the same row for the same seed (mulberry32). */
export function createRandom (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
