import { formatNumber } from '../report/format-number.js'
import type { BarsRow, Figure, Remark, Tone } from '../report/spec.js'
import { sortedNames, totalOf, type NameCounts } from '../stats/name-counts.js'

/** How counts by name are shown. */
export interface NameBars {
  readonly title: string
  readonly caption: string
  readonly rowTitle: string
  readonly axis: string
  readonly counts: NameCounts
  /** What a count is a share of; default all counts together. */
  readonly of?: number
  /** Head of the column with the counts. */
  readonly counted: string
  readonly tone?: Tone
}

const MOST_ROWS = 15

/** Shares of names as bars, the most frequent 15; a remark where nothing was counted. */
export function nameBars ({ title, caption, rowTitle, axis, counts, of = totalOf(counts), counted, tone = 'first' }: NameBars): Figure | Remark {
  if (counts.size === 0) return { kind: 'remark', text: `${title}: no record says.` }
  const sorted = sortedNames(counts)
  const rest = sorted.slice(MOST_ROWS)
  const row = (label: string, count: number): BarsRow => ({ label, values: [of === 0 ? undefined : 100 * count / of], more: [formatNumber(count, 'count')] })
  return {
    kind: 'figure', title, caption,
    plot: {
      kind: 'bars', rowTitle, axis, format: 'percent', layout: 'stacked', series: [{ name: 'share', tone }], more: [counted],
      rows: [...sorted.slice(0, MOST_ROWS).map(([name, count]) => row(name, count)), ...rest.length === 0 ? [] : [row(`others (${rest.length})`, rest.reduce((sum, [, count]) => sum + count, 0))]]
    }
  }
}
