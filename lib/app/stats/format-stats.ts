import type { StatsFaults } from '../commands/stats.js'
import { createPaint, type Paint } from '../terminal/paint.js'
import { binsOf, formatBar, formatHistogram } from '../terminal/plot.js'
import { printable } from '../terminal/printable.js'
import { formatTable, type Column } from '../terminal/table.js'
import { fit, pad, widthOf, wrap } from '../terminal/width.js'
import { MEASURES, SIZES, type DatasetStats, type Measure, type NameList, type Size } from './collect-stats.js'
import { compareSizes } from './compare-sizes.js'
import { meanOf, medianOf, quantileOf, type Distribution } from './distribution.js'
import { sortedNames, totalOf, type NameCounts } from './name-counts.js'
import { noticesOfStats } from './notices.js'
import { MEASURE_TITLES } from './titles.js'

/** The terminal, and how many names a list has. */
export interface StatsView { readonly color: boolean, readonly columns: number, readonly top: number }

const PLOTTED: readonly Measure[] = ['messages', 'distinctTools', 'toolCalls', 'turns']
const LISTED: ReadonlyArray<readonly [NameList, string]> = [
  ['domains', 'domains'], ['platforms', 'platforms'], ['tasks', 'tasks'], ['patternRecords', 'patterns, by trajectories that have them'],
  ['grounding', 'grounding of argument values'], ['findings', 'findings'], ['clean', 'clean by the judge'], ['completionTokens', 'answer tokens by stage'],
  ['licences', 'licences'], ['languages', 'languages'], ['redacted', 'replaced in the source'], ['sources', 'sources'], ['shapes', 'shapes of other people\'s rows'], ['pipelines', 'pipelines'], ['models', 'models'], ['prompts', 'prompts']
]
const MOST_WIDTH = 100
/** Narrower terminals are not shown least and greatest. */
const WITH_RANGE = 75
const RIGHT = { align: 'right' } as const

/** Everything about data files as text of at most `columns` columns. */
export function formatStats (stats: DatasetStats, faults: StatsFaults, { color, columns, top }: StatsView): string {
  const paint = createPaint(color)
  const width = Math.min(columns, MOST_WIDTH)
  const notices = noticesOfStats(stats).flatMap(notice => wrap(notice, width)).map(line => paint.yellow(line))
  const blocks = [
    [paint.bold(`${stats.records} records`) + (faults.invalid === 0 ? '' : paint.red(`, ${faults.invalid} lines are none`)), ...notices],
    [formatComparison(stats, width)],
    [formatMeasures(stats, width)],
    ...stats.records === 0 ? [] : PLOTTED.map(name => [paint.bold(MEASURE_TITLES[name]), ...formatHistogram(binsOf(stats.measures[name].counts), width)]),
    ...LISTED.map(([name, title]) => formatNames(title, stats[name], { paint, width, top })),
    faults.examples.map(example => paint.red(printable(example, { most: 300 }))),
    faults.unreadable.map(({ file, code, message }) => paint.red(`${printable(file)} ${code} ${printable(message, { most: 300 })}`))
  ]
  return blocks.filter(block => block.length > 0).map(block => block.join('\n')).join('\n\n')
}

/** The paper's table: this set, and those whose sizes were printed. */
function formatComparison (stats: DatasetStats, width: number): string {
  const columns: readonly Column[] = [
    { title: 'mean, median of', flexible: true },
    ...['messages', 'tools', 'calls', 'turns'].map((title): Column => ({ title, ...RIGHT }))
  ]
  const rows = compareSizes(stats).map(({ name, sizes }) => [name, ...sizes.map(({ mean = '-', median }) => median === undefined ? mean : `${mean}, ${median}`)])
  return formatTable(columns, rows, width)
}

function formatMeasures ({ measures, unrefined }: DatasetStats, width: number): string {
  const columns: readonly Column[] = [
    { title: 'per trajectory', flexible: true }, ...['mean', 'median', 'p10', 'p90'].map(title => ({ title, ...RIGHT })),
    ...width < WITH_RANGE ? [] : [{ title: 'least', ...RIGHT }, { title: 'greatest', ...RIGHT }]
  ]
  const rows = [
    ...MEASURES.map((name): readonly [string, Distribution] => [MEASURE_TITLES[name], measures[name]]),
    ...SIZES.map((name: Size): readonly [string, Distribution] => [`${MEASURE_TITLES[name]}, unrefined`, unrefined[name]])
  ].filter(([, { count }]) => count > 0)
  return formatTable(columns, rows.map(([title, distribution]) => {
    const { least, greatest } = distribution
    return [title, ...[meanOf(distribution), medianOf(distribution), quantileOf(distribution, 0.1), quantileOf(distribution, 0.9)].map(shown), String(least), String(greatest)]
  }), width)
}

function shown (value: number | undefined): string {
  if (value === undefined) return '-'
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}

function formatNames (title: string, counts: NameCounts, { paint, width, top }: { readonly paint: Paint, readonly width: number, readonly top: number }): string[] {
  if (counts.size === 0) return []
  const named = sortedNames(counts).slice(0, top).map(([name, count]) => ({ name: fit(printable(name), 40), count }))
  const total = totalOf(counts)
  const nameWidth = Math.max(...named.map(({ name }) => widthOf(name)))
  const countWidth = String(named[0]?.count).length
  const barWidth = Math.max(4, width - nameWidth - countWidth - 13)
  const most = named[0]?.count ?? 1
  return [
    paint.bold(counts.size > top ? `${title} (${top} of ${counts.size})` : title),
    ...named.map(({ name, count }) => `${pad(name, nameWidth)}  ${pad(formatBar(count / most, barWidth), barWidth)}  ${String(count).padStart(countWidth)}  ${(100 * count / total).toFixed(1).padStart(5)} %`)
  ]
}
