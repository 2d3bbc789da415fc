import { pad } from './width.js'

/** How many values lie in [from, to]. */
export interface Bin { readonly from: number, readonly to: number, readonly count: number }

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `share` (0 … 1) of `width` columns, in eighths of a column. Anything above 0 can be seen. */
export function formatBar (share: number, width: number): string {
  const bounded = Math.min(1, Math.max(0, share))
  const eighths = Math.max(bounded > 0 ? 1 : 0, Math.round(bounded * width * 8))
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] as string)
}

/** Counts by value as at most `most` bins of equal width, the first at the least value, the last holding the greatest. */
export function binsOf (counts: ReadonlyMap<number, number>, most = 10): Bin[] {
  if (counts.size === 0) return []
  let [least, greatest] = [Infinity, -Infinity]
  for (const value of counts.keys()) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  const step = niceStep((greatest - least + 1) / most)
  const first = Math.floor(least / step) * step
  const bins = Array.from({ length: Math.floor((greatest - first) / step) + 1 }, (_, at) => ({ from: first + at * step, to: first + (at + 1) * step - 1, count: 0 }))
  for (const [value, count] of counts) (bins[Math.floor((value - first) / step)] as { count: number }).count += count
  return bins
}

/** Bins as lines: range, bar, count. The longest bar fills the width. */
export function formatHistogram (bins: readonly Bin[], width: number): string[] {
  const labels = bins.map(({ from, to }) => from === to ? String(from) : `${from}–${to}`)
  const labelWidth = Math.max(0, ...labels.map(label => label.length))
  const most = Math.max(1, ...bins.map(({ count }) => count))
  const countWidth = String(most).length
  const barWidth = Math.max(4, width - labelWidth - countWidth - 4)
  return bins.map(({ count }, at) => `${pad(labels[at] as string, labelWidth, 'right')}  ${pad(formatBar(count / most, barWidth), barWidth)}  ${String(count).padStart(countWidth)}`)
}

/** 1, 2 or 5 times a power of ten, at least 1 and at least `step`. */
function niceStep (step: number): number {
  if (step <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(step))
  return ([1, 2, 5].find(times => times * power >= step) ?? 10) * power
}
