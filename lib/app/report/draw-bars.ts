import type { Canvas } from './draw.js'
import { formatNumber } from './format-number.js'
import { fitLabel, labelWidth } from './label-width.js'
import type { BarsPlot } from './spec.js'

/** Pixels, as the style of the page says. */
const FONT = 13
const MOST_LABEL = 162
const STACKED_ROW = 24
const BESIDE_BAR = 15
/** Bars' worth of room above and below a group of bars. */
const GAP = 0.4

interface Bar { readonly row: string, readonly series: number, readonly from: number, readonly to: number, readonly title: string }

/** Bars with their numbers at their ends. Rows keep their order. */
export function drawBars ({ library, plot }: Canvas, spec: BarsPlot): ReturnType<Canvas['plot']> {
  const { rows, series, axis, layout, format } = spec
  const bars = barsOf(spec)
  const labels = rows.map(({ label }) => fitLabel(label, FONT, MOST_LABEL))
  const band = layout === 'beside' ? 'fy' : 'y'
  const rowHeight = layout === 'beside' ? BESIDE_BAR * (series.length + 2 * GAP) : STACKED_ROW
  const ends = endsOf(spec)
  const rowsScale = { domain: rows.map((_, at) => String(at)), label: null, padding: layout === 'beside' ? 0 : 0.25 }
  const place = layout === 'beside' ? { y: 'series', fy: 'row' } : { y: 'row' }
  const axisOptions = { tickFormat: (at: string) => labels[Number(at)] ?? '', tickSize: 0, label: null, tickPadding: 6 }
  return plot({
    height: rows.length * rowHeight + 52,
    marginLeft: Math.max(0, ...labels.map(label => labelWidth(label, FONT))) + 10,
    marginRight: Math.max(0, ...ends.map(({ text }) => labelWidth(text, FONT))) + 6,
    marginTop: 8,
    marginBottom: 40,
    x: { label: format === 'percent' ? `${axis}, %` : axis, labelAnchor: 'right', labelArrow: 'none', grid: true, ticks: 4, tickFormat: shortNumber, domain: [0, Math.max(1e-9, ...bars.map(({ to }) => to))], nice: true },
    [band]: rowsScale,
    ...layout === 'beside' ? { y: { axis: null, domain: series.map((_, at) => at), paddingInner: 0.1, paddingOuter: GAP } } : {},
    marks: [
      layout === 'beside' ? library.axisFy({ anchor: 'left', ...axisOptions }) : library.axisY({ anchor: 'left', ...axisOptions }),
      ...series.map(({ tone }, at) => library.barX(bars.filter(bar => bar.series === at), { ...place, x1: 'from', x2: 'to', fill: `var(--${tone})`, title: 'title' })),
      library.ruleX([0], { stroke: 'currentColor' }),
      library.text(ends, { ...place, x: 'value', text: 'text', textAnchor: 'start', dx: 4, fill: 'currentColor' })
    ]
  })
}

/** A tick as few characters: 12k, 3M. */
export function shortNumber (value: number): string {
  const [divisor, letter] = value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e4 ? [1e3, 'k'] : [1, '']
  return `${Number((value / divisor).toPrecision(3))}${letter}`
}

function barsOf ({ rows, series, layout, format }: BarsPlot): readonly Bar[] {
  return rows.flatMap(({ label, values }, row) => {
    let end = 0
    return series.flatMap(({ name }, at) => {
      const value = values[at]
      if (value === undefined || value === 0) return []
      const from = layout === 'stacked' ? end : 0
      end = from + value
      return [{ row: String(row), series: at, from, to: end, title: `${label}, ${name}: ${formatNumber(value, format)}` }]
    })
  })
}

interface End { readonly row: string, readonly series: number, readonly value: number, readonly text: string }

/** What stands at the end of a bar: its number, of a stack the sum. */
function endsOf ({ rows, series, layout, format }: BarsPlot): readonly End[] {
  return rows.flatMap(({ values }, row): End[] => {
    if (layout === 'stacked') {
      const value = values.reduce<number>((sum, each) => sum + (each ?? 0), 0)
      return [{ row: String(row), series: 0, value, text: formatNumber(value, format) }]
    }
    return series.map((_, at) => ({ row: String(row), series: at, value: values[at] ?? 0, text: formatNumber(values[at], format) }))
  })
}
