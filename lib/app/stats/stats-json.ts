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

function summaryOf (distribution: Distribution): object | null {
  const { count, least, greatest } = distribution
  if (count === 0) return null
  return {
    count, mean: meanOf(distribution), median: medianOf(distribution), p10: quantileOf(distribution, 0.1), p90: quantileOf(distribution, 0.9), least, greatest,
    bins: binTogether([distribution]).map(({ from, to, counts: [times] }) => ({ from, to: to ?? null, count: times }))
  }
}
