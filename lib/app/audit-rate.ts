import type { Books } from '../engine/books.js'

/** How often the pre-filter was wrong about a text without signs of steps: shares from 0 to 1, `low` to `high` at 95 %. */
export interface AuditRate {
  /** Texts that a model was asked about although they had no signs of steps. */
  readonly asked: number
  /** Those in which it found steps, and which went on. */
  readonly missed: number
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** Of the normal distribution, two-sided 95 %. */
const Z = 1.959964

/**
 * The audit of a run by its books, or undefined where nothing was audited. The interval is Wilson's, which holds for rates
 * near 0 and for few texts (E. B. Wilson, JASA 22, 1927).
 */
export function auditRateOf ({ counts }: Pick<Books, 'counts'>): AuditRate | undefined {
  const asked = counts['filter/audit-asked'] ?? 0
  if (asked === 0) return undefined
  const missed = counts['filter/audit-missed'] ?? 0
  const rate = missed / asked
  const share = Z * Z / asked
  const middle = rate + share / 2
  const spread = Z * Math.sqrt(rate * (1 - rate) / asked + share / (4 * asked))
  return { asked, missed, rate, low: Math.max(0, (middle - spread) / (1 + share)), high: Math.min(1, (middle + spread) / (1 + share)) }
}

/** The audit in words, for a person. */
export function formatAudit ({ asked, missed, rate, low, high }: AuditRate): string {
  return `${missed} of ${asked} audited texts without signs of steps had some: ${percent(rate)} (95 %: ${percent(low)} to ${percent(high)})`
}

function percent (share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
