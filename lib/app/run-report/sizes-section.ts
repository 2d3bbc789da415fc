import type { Figure, Remark, Section, Table } from '../report/spec.js'
import { formatNumber } from '../report/format-number.js'
import { binTogether } from '../stats/bins.js'
import { MEASURES, SIZES, type DatasetStats, type Measure, type Size } from '../stats/collect-stats.js'
import { compareSizes, COMPARED_SIZES } from '../stats/compare-sizes.js'
import { meanOf, medianOf, quantileOf, type Distribution } from '../stats/distribution.js'
import { GEM } from '../stats/paper-figures.js'
import { MEASURE_TITLES } from '../stats/titles.js'

/** The paper's table beside ours, and how each size is spread. */
export function sizesSection (stats: DatasetStats): Section {
  return {
    id: 'sizes',
    title: 'Sizes',
    intro: stats.drafts === 0
      ? 'No record carries its trajectory before refinement, so there is only one column of figures.'
      : `${formatNumber(stats.drafts, 'count')} of ${formatNumber(stats.records, 'count')} records carry their trajectory before refinement.`,
    blocks: [comparisonOf(stats), ...SIZES.map(name => histogramOf(stats, name)), summaryOf(stats)]
  }
}

function comparisonOf (stats: DatasetStats): Table {
  return {
    kind: 'table',
    title: 'Beside the paper and others',
    caption: 'GEM: arXiv 2601.10355, table 5 and figure 7; the others as its section 4.5 prints them. It does not say whether their turns are the user’s or all messages. – where nobody says.',
    columns: [{ title: 'set' }, ...COMPARED_SIZES.flatMap(name => [{ title: `${MEASURE_TITLES[name]}, mean`, numeric: true }, { title: 'median', numeric: true }])],
    rows: compareSizes(stats).map(({ name, sizes }) => [name, ...sizes.flatMap(({ mean = '–', median = '–' }) => [mean, median])])
  }
}

const PRINTED: Readonly<Partial<Record<Size, { readonly mean: number }>>> = GEM

function histogramOf ({ measures, unrefined }: DatasetStats, name: Size): Figure | Remark {
  const title = MEASURE_TITLES[name]
  if (measures[name].count === 0) return { kind: 'remark', text: `${title}: nothing to measure.` }
  const hasDrafts = unrefined[name].count > 0
  const printed = PRINTED[name]
  return {
    kind: 'figure',
    title: title.charAt(0).toUpperCase() + title.slice(1),
    caption: CAPTIONS[name],
    plot: {
      kind: 'histogram',
      axis: `${title} per trajectory`,
      series: [{ name: hasDrafts ? 'refined' : 'this set', tone: 'first' }, ...hasDrafts ? [{ name: 'before refinement', tone: 'second' } as const] : []],
      bins: binTogether(hasDrafts ? [measures[name], unrefined[name]] : [measures[name]]),
      marks: printed === undefined ? [] : [{ label: 'mean of GEM', value: printed.mean }]
    }
  }
}

const CAPTIONS: Readonly<Record<Size, string>> = {
  messages: 'Share of trajectories by number of messages, the system prompt among them.',
  distinctTools: 'Share of trajectories by number of different tools that are called.',
  toolCalls: 'Share of trajectories by number of tool calls.',
  turns: 'Share of trajectories by number of user messages.',
  definedTools: 'Share of trajectories by number of tools that are defined, called or not.'
}

/** A half only where there is one. */
function formatMedian (median: number | undefined): string {
  return formatNumber(median, median !== undefined && Number.isInteger(median) ? 'count' : 'number')
}

function summaryOf ({ measures, unrefined }: DatasetStats): Table {
  const rows: ReadonlyArray<readonly [string, Distribution]> = [
    ...MEASURES.map((name: Measure) => [MEASURE_TITLES[name], measures[name]] as const),
    ...SIZES.map((name: Size) => [`${MEASURE_TITLES[name]}, unrefined`, unrefined[name]] as const)
  ]
  return {
    kind: 'table',
    title: 'All measures',
    caption: 'p10 and p90: the smallest value that 10 % and 90 % of the trajectories do not exceed. Values from 1,000 on are rounded to three digits; the mean is not.',
    columns: [{ title: 'per trajectory' }, ...['trajectories', 'mean', 'median', 'p10', 'p90', 'least', 'greatest'].map(title => ({ title, numeric: true }))],
    rows: rows.filter(([, { count }]) => count > 0).map(([title, distribution]) => [
      title, formatNumber(distribution.count, 'count'), formatNumber(meanOf(distribution), 'number'), formatMedian(medianOf(distribution)),
      ...[quantileOf(distribution, 0.1), quantileOf(distribution, 0.9), distribution.least, distribution.greatest].map(value => formatNumber(value, 'count'))
    ])
  }
}
