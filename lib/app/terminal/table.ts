import { fit, pad, widthOf } from './width.js'

/** A column of a table. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives way where the table is wider than the terminal; its cells then end in `…`. */
  readonly flexible?: boolean
  /** Paints a cell once it has its width. */
  readonly paint?: (cell: string, text: string) => string
}

const GAP = 2
const LEAST = 8

/** Rows of plain text as a table of at most `width` columns, as far as flexible columns can give way. Cells must be printable. */
export function formatTable (columns: readonly Column[], rows: ReadonlyArray<readonly string[]>, width: number): string {
  const titles = columns.map(({ title }) => title)
  const widths = squeeze(columns, columns.map((_, at) => Math.max(...[titles, ...rows].map(row => widthOf(row[at] ?? '')))), width)
  const format = (row: readonly string[], isTitle: boolean): string => columns.map(({ align, paint }, at) => {
    const text = row[at] ?? ''
    const cell = pad(fit(text, widths[at] as number), widths[at] as number, align)
    return paint === undefined || isTitle ? cell : paint(cell, text)
  }).join(' '.repeat(GAP)).trimEnd()
  return [format(titles, true), ...rows.map(row => format(row, false))].join('\n')
}

/** Takes from the widest flexible column until all fit. */
function squeeze (columns: readonly Column[], wanted: readonly number[], width: number): readonly number[] {
  const widths = [...wanted]
  let over = widths.reduce((sum, each) => sum + each, GAP * (columns.length - 1)) - width
  const flexible = columns.flatMap(({ flexible }, at) => flexible === true ? [at] : [])
  while (over > 0) {
    const widest = flexible.reduce((best, at) => (widths[at] as number) > (widths[best] ?? 0) ? at : best, -1)
    if (widest < 0 || (widths[widest] as number) <= LEAST) break
    widths[widest] = (widths[widest] as number) - 1
    over--
  }
  return widths
}
