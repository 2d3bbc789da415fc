import { medianOf, type DatasetStats, type Distribution, type Measure, type NameCounts } from './collect-stats.js'
import type { StatsFaults } from './commands/stats.js'
import { createPaint, type Paint } from './terminal/paint.js'
import { binsOf, formatBar, formatHistogram } from './terminal/plot.js'
import { printable } from './terminal/printable.js'
import { formatTable } from './terminal/table.js'
import { fit, pad, widthOf, wrap } from './terminal/width.js'

/** How statistics are shown: with colour or not, the width in columns, and how many names (`top`) each list has. */
/** The terminal, and how many names a list has. */
export interface StatsView { readonly color: boolean, readonly columns: number, readonly top: number }

/** Means and medians of the paper after refinement, and means before it (arXiv 2601.10355, table 5). */
const PAPER: Readonly<Partial<Record<Measure, { readonly mean: number, readonly median: number, readonly before: number }>>> = {
  messages: { mean: 46.1, median: 41, before: 30.05 },
  distinctTools: { mean: 8.6, median: 8, before: 5.01 },
  toolCalls: { mean: 16.3, median: 13, before: 7.83 }
}

const TITLES: Readonly<Record<Measure, string>> = {
  messages: 'messages', distinctTools: 'distinct tools', toolCalls: 'tool calls', turns: 'user turns',
  definedTools: 'defined tools', tokens: 'tokens', usageTokens: 'tokens paid'
}

const PLOTTED: readonly Measure[] = ['messages', 'distinctTools', 'toolCalls', 'turns']
const MOST_WIDTH = 100
/** Narrower terminals are not shown least and greatest. */
const WITH_RANGE = 75

/** Everything about data files as text of at most `columns` columns. */
export function formatStats (stats: DatasetStats, faults: StatsFaults, { color, columns, top }: StatsView): string {
  const paint = createPaint(color)
  const width = Math.min(columns, MOST_WIDTH)
  const blocks = [
    [paint.bold(`${stats.records} records`) + (faults.invalid === 0 ? '' : paint.red(`, ${faults.invalid} lines are none`)), ...notices(stats, paint, width)],
    [formatMeasures(stats, width)],
    ...stats.records === 0 ? [] : PLOTTED.map(name => [paint.bold(TITLES[name]), ...formatHistogram(binsOf(stats.measures[name].counts), width)]),
    ...(['domains', 'platforms', 'tasks', 'grounding', 'findings', 'sources', 'shapes', 'pipelines', 'models'] as const).map(name => formatNames(name, stats[name], { paint, width, top })),
    faults.examples.map(example => paint.red(printable(example, { most: 300 }))),
    faults.unreadable.map(({ file, code, message }) => paint.red(`${printable(file)} ${code} ${printable(message, { most: 300 })}`))
  ]
  return blocks.filter(block => block.length > 0).map(block => block.join('\n')).join('\n\n')
}

function notices ({ records, ruleBased, untrained }: DatasetStats, paint: Paint, width: number): string[] {
  const share = (part: number): string => `${part} of ${records} (${(100 * part / records).toFixed(0)} %)`
  return [
    ...ruleBased === 0 ? [] : wrap(`RULE-BASED: ${share(ruleBased)} were written by the embedded author, which is no language model. No training data.`, width),
    ...untrained === 0 ? [] : wrap(`UNTRAINED: ${share(untrained)} come from a synthesizer that was not trained for it.`, width)
  ].map(line => paint.yellow(line))
}

function formatMeasures ({ measures }: DatasetStats, width: number): string {
  const right = { align: 'right' } as const
  const columns = [
    { title: 'per trajectory', flexible: true }, { title: 'mean', ...right }, { title: 'median', ...right }, { title: 'paper', ...right },
    { title: 'median', ...right }, { title: 'unrefined', ...right }, ...width < WITH_RANGE ? [] : [{ title: 'least', ...right }, { title: 'greatest', ...right }]
  ]
  const rows = (Object.keys(TITLES) as Measure[]).filter(name => measures[name].count > 0 || PAPER[name] !== undefined).map(name => {
    const paper = PAPER[name]
    const { least, greatest, count } = measures[name]
    return [
      TITLES[name], meanOf(measures[name]), shown(medianOf(measures[name])), shown(paper?.mean), shown(paper?.median), shown(paper?.before),
      ...count === 0 ? ['', ''] : [String(least), String(greatest)]
    ]
  })
  return formatTable(columns, rows, width)
}

function meanOf ({ count, sum }: Distribution): string {
  return count === 0 ? '-' : (sum / count).toFixed(1)
}

function shown (value: number | undefined): string {
  return value === undefined ? '-' : String(value)
}

function formatNames (title: string, counts: NameCounts, { paint, width, top }: { readonly paint: Paint, readonly width: number, readonly top: number }): string[] {
  if (counts.size === 0) return []
  const all = [...counts].sort(([name, one], [other, two]) => two - one || (name < other ? -1 : 1))
  const named = all.slice(0, top).map(([name, count]) => ({ name: fit(printable(name), 40), count }))
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const nameWidth = Math.max(...named.map(({ name }) => widthOf(name)))
  const countWidth = String(named[0]?.count).length
  const barWidth = Math.max(4, width - nameWidth - countWidth - 13)
  const most = named[0]?.count ?? 1
  return [
    paint.bold(all.length > top ? `${title} (${top} of ${all.length})` : title),
    ...named.map(({ name, count }) => `${pad(name, nameWidth)}  ${pad(formatBar(count / most, barWidth), barWidth)}  ${String(count).padStart(countWidth)}  ${(100 * count / total).toFixed(1).padStart(5)} %`)
  ]
}
