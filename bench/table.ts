import type { Result } from './harness.js'

const WIDTHS = [62, 14, 14, 8, 25] as const

/** The head of the table that `toRow` fills. */
export function tableHead (): string {
  return `${line(['measure', 'result', 'ideal', 'ratio', 'min .. max'])}  unit`
}

/** A result as a row, the ideal beside it. */
export function toRow ({ measure, value, unit, ideal, ratio, spread, samples }: Result): string {
  const range = samples.length === 1 ? 'one sample' : `${figure(spread.min)} .. ${figure(spread.max)}`
  const cells = [measure, figure(value), ideal === null ? '-' : figure(ideal), ratio === null ? '-' : ratio.toFixed(3), range]
  return `${line(cells)}  ${unit}`
}

function line (cells: readonly string[]): string {
  return cells.map((cell, at) => at === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[at] as number)).join('')
}

function figure (value: number): string {
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 3
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}
