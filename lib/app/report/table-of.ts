import { formatNumber } from './format-number.js'
import type { BarsPlot, HistogramBin, HistogramPlot, LinesPlot, Plot, Table } from './spec.js'

/** The table with the numbers of a plot: what cannot be seen can be read. */
export function tableOf (title: string, plot: Plot): Table {
  switch (plot.kind) {
    case 'bars': return { kind: 'table', title, ...barsTable(plot) }
    case 'histogram': return { kind: 'table', title, ...histogramTable(plot) }
    case 'lines': return { kind: 'table', title, ...linesTable(plot) }
  }
}

/** A range of whole numbers as text. */
export function rangeOf ({ from, to }: Pick<HistogramBin, 'from' | 'to'>): string {
  if (to === undefined) return `${formatNumber(from, 'count')} or more`
  return from === to ? formatNumber(from, 'count') : `${formatNumber(from, 'count')}–${formatNumber(to, 'count')}`
}

/** Percent of each series in each bin, in the order of the bins; undefined for a series of nothing. */
export function sharesOf ({ bins, series }: HistogramPlot): ReadonlyArray<ReadonlyArray<number | undefined>> {
  const totals = series.map((_, at) => bins.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0))
  return bins.map(({ counts }) => totals.map((total, at) => total === 0 ? undefined : 100 * (counts[at] ?? 0) / total))
}

type Cells = Pick<Table, 'columns' | 'rows'>

function barsTable ({ rowTitle, series, rows, format, more = [] }: BarsPlot): Cells {
  return {
    columns: [{ title: rowTitle }, ...[...series.map(({ name }) => name), ...more].map(numeric)],
    rows: rows.map(row => [row.label, ...series.map((_, at) => formatNumber(row.values[at], format)), ...row.more ?? []])
  }
}

function histogramTable (plot: HistogramPlot): Cells {
  const { axis, series, bins, marks = [] } = plot
  const shares = sharesOf(plot)
  return {
    columns: [{ title: axis }, ...series.flatMap(({ name }) => [numeric(name), numeric('share')])],
    rows: [
      ...bins.map((bin, row) => [rangeOf(bin), ...series.flatMap((_, at) => [formatNumber(bin.counts[at], 'count'), formatNumber(shares[row]?.[at], 'percent')])]),
      ...marks.map(({ label, value }) => [`${label}: ${formatNumber(value, 'number')}`, ...series.flatMap(() => ['', ''])])
    ]
  }
}

function linesTable ({ x, y, series, marks = [] }: LinesPlot): Cells {
  const places = [...new Set(series.flatMap(({ points }) => points.map(([place]) => place)))].sort((one, other) => one - other)
  const values = series.map(({ points }) => new Map(points))
  return {
    columns: [{ title: x.title }, ...series.map(({ name }) => numeric(`${name}, ${y.title}`))],
    rows: [
      ...places.map(place => [formatNumber(place, x.format), ...values.map(points => formatNumber(points.get(place), y.format))]),
      ...marks.map(({ label, value }) => [`${label}: ${formatNumber(value, x.format)}`, ...series.map(() => '')])
    ]
  }
}

function numeric (title: string): Table['columns'][number] {
  return { title, numeric: true }
}
