import { binTogether } from './bins.js'
import { MEASURES, NAME_LISTS, RECORD_COUNTS, SIZES, type DatasetStats } from './collect-stats.js'
import { meanOf, medianOf, quantileOf, type Distribution } from './distribution.js'
import { sortedNames } from './name-counts.js'

/** Statistics as they are printed for scripts. Keys are stable. */
export function statsToJson (stats: DatasetStats): object {
  return {
    ...Object.fromEntries(RECORD_COUNTS.map(name => [name, stats[name]])),
    measures: Object.fromEntries(MEASURES.map(name => [name, summaryOf(stats.measures[name])])),
    unrefined: Object.fromEntries(SIZES.map(name => [name, summaryOf(stats.unrefined[name])])),
    ...Object.fromEntries(NAME_LISTS.map(name => [name, Object.fromEntries(sortedNames(stats[name]))]))
  }
}

/** How a measure is spread, in numbers: sizes, quantiles, and counts by bins whose last has no end. */
export interface Summary {
  readonly count: number
  readonly mean: number
  readonly median: number
  readonly p10: number
  readonly p90: number
  readonly least: number
  readonly greatest: number
  readonly bins: ReadonlyArray<{ readonly from: number, readonly to: number | null, readonly count: number }>
}

/** The sizes of what was counted; null of nothing. */
export function summaryOf (distribution: Distribution): Summary | null {
  const { count, least, greatest } = distribution
  const [mean, median, p10, p90] = [meanOf(distribution), medianOf(distribution), quantileOf(distribution, 0.1), quantileOf(distribution, 0.9)]
  if (mean === undefined || median === undefined || p10 === undefined || p90 === undefined) return null
  return {
    count, mean, median, p10, p90, least, greatest,
    bins: binTogether([distribution]).map(({ from, to, counts: [times] }) => ({ from, to: to ?? null, count: times ?? 0 }))
  }
}
