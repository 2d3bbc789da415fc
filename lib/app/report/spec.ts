/** What a page is made of: plain data. It knows nothing of runs; whoever has figures to show makes a page of them. */

/** Colour of a series, by its role; each differs from the others in print and for the colour-blind too. */
export type Tone = 'first' | 'second' | 'third' | 'fourth' | 'drop' | 'reject'

/** How a number is written: `count` 12,345; `percent` 12.3 %; `number` 12.3, from 1,000 on without the fraction. */
export type NumberFormat = 'count' | 'percent' | 'number'

/** A named row of values in a plot. */
export interface Series { readonly name: string, readonly tone: Tone }

/** A value on the horizontal axis to compare with, such as a mean printed elsewhere. */
export interface Mark { readonly label: string, readonly value: number }

/** Horizontal bars: a row has a value for each series, undefined where there is none. */
export interface BarsPlot {
  readonly kind: 'bars'
  /** What the rows are; head of the table's first column. */
  readonly rowTitle: string
  readonly axis: string
  readonly format: NumberFormat
  /** One after the other in one bar, or each its own bar. */
  readonly layout: 'stacked' | 'beside'
  readonly series: readonly Series[]
  readonly rows: readonly BarsRow[]
  /** Heads of the columns that only the table has. */
  readonly more?: readonly string[]
}

/** A row of bars; `more` are the cells that only the table has. */
export interface BarsRow {
  readonly label: string
  readonly values: ReadonlyArray<number | undefined>
  readonly more?: readonly string[]
}

/** How values are spread: shares of each series by range. The first series is drawn filled, others as outlines. */
export interface HistogramPlot {
  readonly kind: 'histogram'
  readonly axis: string
  readonly series: readonly Series[]
  readonly bins: readonly HistogramBin[]
  readonly marks?: readonly Mark[]
}

/** Whole numbers from … to, both included; `to` undefined is without end. `counts` has a number for each series. */
export interface HistogramBin { readonly from: number, readonly to: number | undefined, readonly counts: readonly number[] }

/** Lines through points, such as shares that do not exceed a value, or throughput against concurrency. */
export interface LinesPlot {
  readonly kind: 'lines'
  readonly x: { readonly title: string, readonly format: NumberFormat, readonly logarithmic?: boolean }
  readonly y: { readonly title: string, readonly format: NumberFormat }
  readonly series: ReadonlyArray<Series & { readonly points: ReadonlyArray<readonly [x: number, y: number]> }>
  readonly marks?: readonly Mark[]
}

/** What is drawn, and what the table below the figure says in numbers. */
export type Plot = BarsPlot | HistogramPlot | LinesPlot

/** A plot with its words. The caption says how the numbers are made. */
export interface Figure { readonly kind: 'figure', readonly title: string, readonly caption: string, readonly plot: Plot }

/** Rows of text under heads; numbers stand right. The first column heads its row. */
export interface Table {
  readonly kind: 'table'
  readonly title: string
  readonly caption?: string
  /** Too long to be seen at once: it opens when it is asked for. */
  readonly isFolded?: boolean
  readonly columns: ReadonlyArray<{ readonly title: string, readonly numeric?: boolean }>
  readonly rows: ReadonlyArray<readonly string[]>
}

/** Words in place of a figure that has nothing to show. */
export interface Remark { readonly kind: 'remark', readonly text: string }

/** A part of the page under a heading of its own; `id` is its anchor, of letters and hyphens. */
export interface Section { readonly id: string, readonly title: string, readonly intro?: string, readonly blocks: ReadonlyArray<Figure | Table | Remark> }

/** A whole page. Notices stand before everything else. */
export interface Page {
  readonly title: string
  readonly lead: string
  readonly notices: readonly string[]
  readonly facts: ReadonlyArray<{ readonly label: string, readonly value: string }>
  readonly sections: readonly Section[]
}
