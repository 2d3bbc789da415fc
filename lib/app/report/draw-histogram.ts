import { shortNumber } from './draw-bars.js'
import type { Canvas } from './draw.js'
import { formatNumber } from './format-number.js'
import type { HistogramPlot } from './spec.js'
import { rangeOf, sharesOf } from './table-of.js'

interface Column { readonly series: number, readonly from: number, readonly to: number, readonly share: number, readonly title: string }

/** Shares by range. What other values are compared with stands as a dashed line. */
export function drawHistogram ({ library, plot }: Canvas, spec: HistogramPlot): ReturnType<Canvas['plot']> {
  const { axis, series, marks = [] } = spec
  const columns = columnsOf(spec)
  const [first, ...others] = series
  return plot({
    height: 230,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 14,
    marginBottom: 42,
    x: { label: axis, labelAnchor: 'right', labelArrow: 'none', ticks: Math.min(6, Math.max(1, spanOf(columns))), tickFormat: shortNumber },
    y: { label: null, grid: true, ticks: 4, tickFormat: (value: number) => `${value} %`, domain: [0, Math.max(1e-9, ...columns.map(({ share }) => share))], nice: true },
    marks: [
      ...first === undefined ? [] : [library.rectY(columns.filter(column => column.series === 0), { x1: 'from', x2: 'to', y: 'share', fill: `var(--${first.tone})`, inset: 0.5, title: 'title' })],
      ...others.map(({ tone }, at) => library.line(outlineOf(columns, at + 1), { stroke: `var(--${tone})`, strokeWidth: 2.5, strokeLinejoin: 'round' })),
      library.ruleY([0], { stroke: 'currentColor' }),
      library.ruleX(marks, { x: 'value', stroke: 'currentColor', strokeWidth: 1.5, strokeDasharray: '5,4', title: ({ label, value }: { label: string, value: number }) => `${label}: ${formatNumber(value, 'number')}` })
    ]
  })
}

/** Ranges of whole numbers as stretches of the axis, each number in the middle of its own: 3–5 is 2.5 to 5.5. The last one, which has no end, is drawn as wide as the one before. */
function columnsOf (spec: HistogramPlot): readonly Column[] {
  const shares = sharesOf(spec)
  return spec.bins.flatMap((bin, row) => {
    const from = bin.from - 0.5
    const to = bin.to === undefined ? from + widthBefore(spec, row) : bin.to + 0.5
    return spec.series.map(({ name }, series) => {
      const share = shares[row]?.[series] ?? 0
      return { series, from, to, share, title: `${rangeOf(bin)}, ${name}: ${formatNumber(share, 'percent')}` }
    })
  })
}

/** Whole numbers on the axis: more ticks would fall between them. */
function spanOf (columns: readonly Column[]): number {
  return (columns.at(-1)?.to ?? 0) - (columns[0]?.from ?? 0)
}

function widthBefore ({ bins }: HistogramPlot, row: number): number {
  const before = bins[row - 1]
  return before?.to === undefined ? 1 : before.to - before.from + 1
}

/** The roofs of the columns of a series as one line, from the ground and back to it. */
function outlineOf (columns: readonly Column[], series: number): ReadonlyArray<readonly [number, number]> {
  const mine = columns.filter(column => column.series === series)
  const [first, last] = [mine[0], mine.at(-1)]
  if (first === undefined || last === undefined) return []
  return [[first.from, 0], ...mine.flatMap(({ from, to, share }) => [[from, share], [to, share]] as const), [last.to, 0]]
}
