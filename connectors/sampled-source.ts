import { z } from 'zod'
import type { Source, Split } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { chooseRows, drawUnits } from './draw-rows.js'
import { parseOptions } from './parse-options.js'
import { throwIfCancelled } from './read-splits.js'
import { withRows } from './split-id.js'
import { compareBytes } from './store-support.js'

/** What sample is drawn. All are result keys. */
export const sampleSchema = z.strictObject({
  rows: z.int().min(1),
  seed: z.int().min(0).default(0),
  /** Default four times the square root of `rows`. */
  groups: z.int().min(1).optional()
})

/** What sample is drawn: how many rows, from about how many row groups (`groups`), and by which seed. */
export type SampleOptions = z.input<typeof sampleSchema>

/** What a sample was drawn from: the whole source, as far as it could be read. */
export interface Population {
  readonly rows: number
  readonly splits: number
  /** Splits that could not be read when they were planned; nothing of them is in the sample. */
  readonly unreadable: number
}

/**
 * A source that reads a random sample of the rows of another: exactly `rows` of them, or all where there are no more. Which
 * ones depends on the seed and on paths, row groups and their rows, not on the order of the listing, on what the rows hold,
 * or on anything but the footers. Each row has the same probability; see `drawUnits`. Splits that could not be read are
 * planned as they are, so that reading says why. Planning holds one entry a split of the other source, and the rows that
 * were chosen of one unit. Rejects with `config-invalid` for a source without end.
 */
export function createSampledSource<T> (source: Source<T>, options: SampleOptions, onPopulation?: (population: Population) => void): Source<T> {
  const { rows, seed, groups = Math.ceil(4 * Math.sqrt(rows)) } = parseOptions(sampleSchema, options)
  if (source.endless === true) throw new GemlineError('config-invalid', 'sample: standard input is read as it comes, nobody knows how much there will be; write it to a file, or take a limit')
  return { ...source, plan: signal => planSample(source, { rows, seed, groups, onPopulation }, signal) }
}

interface Sampling extends Required<Pick<SampleOptions, 'rows' | 'seed' | 'groups'>> {
  readonly onPopulation: ((population: Population) => void) | undefined
}

async function * planSample<T> (source: Source<T>, { onPopulation, ...options }: Sampling, signal: AbortSignal): AsyncGenerator<Split> {
  const splits: Split[] = []
  for await (const split of source.plan(signal)) splits.push(split)
  splits.sort(byPlace)
  const sizes = splits.map(({ from, to }) => to - from)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  onPopulation?.({ rows: total, splits: splits.length, unreadable: sizes.filter(size => size === 0).length })
  if (options.rows >= total) return yield * splits.map((split, ordinal) => ({ ...split, ordinal }))
  let ordinal = 0
  for (const { first, last, take } of drawUnits(sizes, options)) {
    throwIfCancelled(signal)
    const unit = splits.slice(first, last)
    const chosen = take === 0 ? [] : await chooseRows(unit, { take, seed: options.seed }, signal)
    for (const [at, split] of unit.entries()) {
      const rows = chosen[at] ?? []
      if (rows.length > 0 || split.from === split.to) yield { ...withRows(split, rows), ordinal: ordinal++ }
    }
  }
}

function byPlace (one: Split, other: Split): number {
  return compareBytes(one.path, other.path) || one.rowGroup - other.rowGroup || one.from - other.from
}
