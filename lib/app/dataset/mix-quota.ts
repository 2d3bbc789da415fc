import { GemlineError } from '../../engine/errors.js'
import { printable } from '../terminal/printable.js'
import { GEM_TASK_SHARES } from './gem-shares.js'
import { NO_LABEL, REST, vocabularyOf, type MixBy } from './mix-labels.js'

/**
 * What is wanted of each label: `proportional` takes records as they come by their hash, `equal` as many of each label as
 * of any other, `wanted` so many records for each label that is named, and for the rest (`*`).
 */
export type Quota =
  | { readonly kind: 'proportional' | 'equal' }
  | {
    readonly kind: 'wanted'
    readonly wanted: ReadonlyMap<string, number>
    /** Labels of which 0 is wanted: a record that has one is left out, whatever else it has. */
    readonly without: ReadonlySet<string>
  }

/** For which set a quota is read: by what it is mixed, how many records it shall have, and where the quota stands. */
export interface QuotaFor { readonly by: MixBy, readonly n: number, readonly where: string }

/** Quotas that need no file. `gem` has the task shares of the paper. */
export const QUOTA_NAMES = ['proportional', 'equal', 'gem'] as const

/** The quota of that name. Throws `config-invalid` for shares of tasks where another label is mixed by. */
export function namedQuota (name: typeof QUOTA_NAMES[number], { by, n, where }: QuotaFor): Quota {
  if (name !== 'gem') return { kind: name }
  if (by !== 'task') throw new GemlineError('config-invalid', `${where}: gem has shares of tasks (figure 2 of the paper), mix by task and not by ${by}`)
  return { kind: 'wanted', wanted: apportion(normalised(GEM_TASK_SHARES), n), without: new Set() }
}

/**
 * A quota as its file says it: label to a number of records (whole), or to a share of the set (`0.25`, or `25 %`). Shares
 * that miss 1 by less than 0.01 are taken as rounded. Throws `config-invalid`, naming label and file, for an unknown label, a
 * value that is neither, more than is wanted in all, and more than 1,000 labels.
 */
export function readQuota (tree: Readonly<Record<string, unknown>>, options: QuotaFor): Quota {
  const { n, where } = options
  const entries = Object.entries(tree)
  if (entries.length === 0 || entries.length > MOST_LABELS) throw new GemlineError('config-invalid', `${where}: name at least one label and at most ${MOST_LABELS}, not ${entries.length}`)
  const amounts = entries.map(([label, value]) => [checkLabel(label, options), readAmount(label, value, where)] as const)
  const counts = new Map(amounts.filter(([, { unit }]) => unit === 'records').map(([label, { amount }]) => [label, amount]))
  const shares = new Map(amounts.filter(([, { unit }]) => unit === 'share').map(([label, { amount }]) => [label, amount]))
  const wanted = new Map([...counts, ...apportion(counts.size === 0 && Math.abs(sumOf(shares) - 1) < ROUNDED ? normalised(shares) : shares, n)])
  const asked = sumOf(wanted)
  if (sumOf(shares) > 1 + ROUNDED || asked > n) throw new GemlineError('config-invalid', `${where}: the quotas ask for ${sumOf(shares) > 1 + ROUNDED ? `${(100 * sumOf(shares)).toFixed(1)} %` : asked} of ${n} records; lower them, or raise --n`)
  const without = new Set(amounts.filter(([, { amount }]) => amount === 0).map(([label]) => label))
  for (const label of without) wanted.delete(label)
  return { kind: 'wanted', wanted, without }
}

/** Most labels that a set is mixed by. */
export const MOST_LABELS = 1_000
const ROUNDED = 0.01

function checkLabel (label: string, { by, where }: QuotaFor): string {
  const known = vocabularyOf(by)
  if (label === REST || label === NO_LABEL || known === undefined || known.includes(label)) return label
  throw new GemlineError('config-invalid', `${where}: ${shown(label)} is no ${by}; there are ${known.join(', ')}, ${NO_LABEL}, and * for the rest`)
}

interface Amount { readonly amount: number, readonly unit: 'records' | 'share' }

function readAmount (label: string, value: unknown, where: string): Amount {
  const percent = typeof value === 'string' ? /^(\d{1,3}(?:\.\d{1,9})?) ?%$/.exec(value)?.[1] : undefined
  if (percent !== undefined && Number(percent) <= 100) return { amount: Number(percent) / 100, unit: 'share' }
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { amount: value, unit: 'records' }
  if (typeof value === 'number' && value > 0 && value < 1) return { amount: value, unit: 'share' }
  throw new GemlineError('config-invalid', `${where}: ${shown(label)} wants a whole number of records, or a share as 0.25 or 25 %`)
}

/** Whole numbers in proportion to shares of `total`, by the largest remainders; equal ones go by name. */
function apportion (shares: ReadonlyMap<string, number>, total: number): Map<string, number> {
  const exact = [...shares].map(([label, share]) => ({ label, whole: Math.floor(share * total), rest: share * total - Math.floor(share * total) }))
  let left = Math.round(sumOf(shares) * total) - exact.reduce((sum, { whole }) => sum + whole, 0)
  const byRest = [...exact].sort((one, other) => other.rest - one.rest || (one.label < other.label ? -1 : 1))
  const more = new Set(byRest.filter(() => left-- > 0).map(({ label }) => label))
  return new Map(exact.map(({ label, whole }) => [label, whole + (more.has(label) ? 1 : 0)]))
}

function normalised (shares: ReadonlyMap<string, number>): Map<string, number> {
  const sum = sumOf(shares)
  return new Map([...shares].map(([label, share]) => [label, share / sum]))
}

function sumOf (amounts: ReadonlyMap<string, number>): number {
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0)
}

function shown (label: string): string {
  return JSON.stringify(printable(label, { most: 60 }))
}
