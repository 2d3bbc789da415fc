import type { NumberFormat } from './spec.js'

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const ONE = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** A number as text, the same on every machine; `–` for none. */
export function formatNumber (value: number | undefined, format: NumberFormat): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (format === 'count') return WHOLE.format(value)
  return format === 'percent' ? `${ONE.format(value)} %` : value < 1000 ? ONE.format(value) : WHOLE.format(value)
}
