import { shortNumber } from './draw-bars.js'
import type { Canvas } from './draw.js'
import { formatNumber } from './format-number.js'
import type { LinesPlot, NumberFormat } from './spec.js'

/** Lines with a dot at each point where these are few. */
export function drawLines ({ library, plot }: Canvas, { x, y, series, marks = [] }: LinesPlot): ReturnType<Canvas['plot']> {
  const greatest = Math.max(1e-9, ...series.flatMap(({ points }) => points.map(([, value]) => value)))
  return plot({
    height: 230,
    marginLeft: 56,
    marginRight: 18,
    marginTop: 22,
    marginBottom: 42,
    x: { label: x.title, labelAnchor: 'right', labelArrow: 'none', ticks: 5, tickFormat: tickOf(x.format), type: x.logarithmic === true ? 'log' : 'linear' },
    y: { label: y.title, labelArrow: 'none', grid: true, ticks: 4, tickFormat: tickOf(y.format), domain: [0, greatest], nice: true },
    marks: [
      ...series.flatMap(({ name, tone, points }) => [
        library.line(points, { stroke: `var(--${tone})`, strokeWidth: 2.5 }),
        ...points.length > MOST_DOTS ? [] : [library.dot(points, { fill: `var(--${tone})`, r: 3.5, title: ([place, value]: readonly [number, number]) => `${formatNumber(place, x.format)}, ${name}: ${formatNumber(value, y.format)}` })]
      ]),
      library.ruleY([0], { stroke: 'currentColor' }),
      library.ruleX(marks, { x: 'value', stroke: 'currentColor', strokeWidth: 1.5, strokeDasharray: '5,4', title: ({ label, value }: { label: string, value: number }) => `${label}: ${formatNumber(value, x.format)}` })
    ]
  })
}

const MOST_DOTS = 24

function tickOf (format: NumberFormat): (value: number) => string {
  return value => format === 'percent' ? `${value} %` : shortNumber(value)
}
