import type { DatasetStats, Size } from './collect-stats.js'
import { meanOf, medianOf, type Distribution } from './distribution.js'
import { GEM, GEM_UNREFINED, OTHER_SETS, type PrintedSizes } from './paper-figures.js'

/** The sizes that the paper's table compares, and turns, which others are measured by. */
export const COMPARED_SIZES = ['messages', 'distinctTools', 'toolCalls', 'turns'] as const satisfies readonly Size[]

/** A set in the table: mean and median as text for each of `COMPARED_SIZES`, undefined where nobody says. */
export interface ComparedSet {
  readonly name: string
  readonly sizes: ReadonlyArray<{ readonly mean?: string, readonly median?: string }>
}

/** This set and its drafts, if there are any, then the sets whose sizes the paper prints. */
export function compareSizes ({ measures, unrefined, drafts }: DatasetStats): readonly ComparedSet[] {
  return [
    { name: 'this set', sizes: COMPARED_SIZES.map(name => summaryOf(measures[name])) },
    ...drafts === 0 ? [] : [{ name: 'this set, unrefined', sizes: COMPARED_SIZES.map(name => summaryOf(unrefined[name])) }],
    ...[GEM, GEM_UNREFINED, ...OTHER_SETS].map((set: PrintedSizes) => ({ name: set.name, sizes: COMPARED_SIZES.map(name => asPrinted(set[name])) }))
  ]
}

function summaryOf (distribution: Distribution): ComparedSet['sizes'][number] {
  return { mean: meanOf(distribution)?.toFixed(1), median: medianOf(distribution)?.toString() }
}

function asPrinted (size: PrintedSizes[typeof COMPARED_SIZES[number]]): ComparedSet['sizes'][number] {
  return { mean: size?.mean.toString(), median: size?.median?.toString() }
}
