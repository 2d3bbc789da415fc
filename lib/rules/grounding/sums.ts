import type { BasisOrigin } from './passages.js'
import type { Mention } from './number-text.js'
import { convert, isPercentage, isPrice } from './units.js'

/** Numbers that follow from the ones that were said. */
export interface Sums {
  /** The numbers of one text, in order. Nothing is reckoned before somebody asks. */
  add (mentions: readonly Mention[], origin: BasisOrigin): void
  /** True if a number is a sum, product, share or change of unit of said ones. */
  gives (value: number): boolean
}

/** Numbers beside one another belong together; further apart they meet by chance. */
const NEIGHBOURS = 4
/** Beyond, everything is the sum of something: such a dialogue explains nothing more. */
const MAX_MENTIONS = 4_000
const MAX_COLUMN = 12
const MAX_PRICES = 500
const MAX_FACTORS = 16
const MAX_COUNT = 50

interface Store {
  /** Texts that were not reckoned yet. */
  waiting: Array<{ readonly mentions: readonly Mention[], readonly origin: BasisOrigin }>
  readonly results: Set<number>
  readonly prices: Set<number>
  readonly percentages: Set<number>
  readonly counts: Set<number>
  /** Numbers of the system prompt: fees, sizes of packages, rates. */
  readonly rules: Set<number>
  /** How many prices, percentages and counts were reckoned with one another already. */
  reckoned: number
  left: number
}

/**
 * Nothing said, nothing given. What may be reckoned is bounded by where a number stands, not by how many there are: numbers
 * beside one another, the column of a list, a percentage of a price, a number of the user's times a price, a price and what the
 * system prompt adds or takes, and units that were named. The more is said the more is given, but no number is added to one that has nothing to do with it.
 */
export function createSums (): Sums {
  const store: Store = { waiting: [], results: new Set(), prices: new Set(), percentages: new Set(), counts: new Set(), rules: new Set(), reckoned: 0, left: MAX_MENTIONS }
  return {
    add: (mentions, origin) => { if (mentions.length > 0) store.waiting.push({ mentions, origin }) },
    gives: value => {
      reckonWaiting(store)
      return store.results.has(keyOf(value))
    }
  }
}

/** Four decimals: a value is compared as it is written, a result as it would be written. */
function keyOf (value: number): number {
  return Math.round(value * 10_000)
}

function reckonWaiting (store: Store): void {
  const { waiting } = store
  store.waiting = []
  for (const { mentions, origin } of waiting) {
    const within = mentions.slice(0, store.left)
    store.left -= within.length
    for (const mention of within) reckonAlone(store, mention, origin)
    within.forEach((mention, index) => reckonNeighbours(store, mention, within.slice(index + 1, index + 1 + NEIGHBOURS)))
    reckonColumns(store, within)
  }
  const { prices, percentages, counts, rules } = store
  const size = prices.size + percentages.size + counts.size + rules.size
  if (size > store.reckoned) reckonPrices(store)
  store.reckoned = size
}

function reckonAlone ({ results, prices, percentages, counts, rules }: Store, mention: Mention, origin: BasisOrigin): void {
  const { value, unit } = mention
  for (const converted of convert(value, unit)) putRounded(results, converted)
  if (isPercentage(mention)) put(percentages, value, MAX_FACTORS)
  else if (isPrice(mention) || origin === 'user') put(prices, value, MAX_PRICES)
  if (origin === 'system') put(rules, value, MAX_FACTORS)
  if (origin === 'user' && Number.isInteger(value) && value > 1 && value <= MAX_COUNT) put(counts, value, MAX_FACTORS)
}

function put (set: Set<number>, value: number, most: number): void {
  if (set.size < most) set.add(value)
}

function reckonNeighbours ({ results }: Store, { value: one }: Mention, after: readonly Mention[]): void {
  after.forEach(({ value: other }, index) => {
    for (const result of [one + other, one - other, other - one, one * other]) results.add(keyOf(result))
    if (other > 1) putRounded(results, one / other)
    if (one > 1) putRounded(results, other / one)
    const third = after[index + 1]?.value
    if (third === undefined) return
    const fourth = after[index + 2]?.value ?? 1
    for (const result of [one + other + third, one * other + third * fourth, one * other + third, one + other * third, one * other * third]) results.add(keyOf(result))
  })
}

/** All of what stands under one key, and each two of it. */
function reckonColumns ({ results }: Store, mentions: readonly Mention[]): void {
  const columns = new Map<string, number[]>()
  for (const { key, value } of mentions) {
    const column = key === '' ? undefined : columns.get(key)
    if (column !== undefined) column.push(value)
    else if (key !== '') columns.set(key, [value])
  }
  for (const column of columns.values()) {
    results.add(keyOf(column.reduce((sum, value) => sum + value, 0)))
    if (column.length <= MAX_COLUMN) column.forEach((one, index) => { for (const other of column.slice(index + 1)) results.add(keyOf(one + other)) })
  }
}

function reckonPrices ({ results, prices, percentages, counts, rules }: Store): void {
  for (const count of counts) for (const rule of rules) results.add(keyOf(count * rule))
  for (const price of prices) {
    for (const count of counts) results.add(keyOf(price * count))
    for (const rule of rules) for (const result of [price + rule, price - rule]) results.add(keyOf(result))
    for (const percentage of percentages) {
      const share = price * percentage / 100
      for (const result of [share, price - share, price + share]) putRounded(results, result)
    }
  }
}

/** A result that nobody writes in full counts in each of its rounded forms. */
function putRounded (results: Set<number>, value: number): void {
  for (const scale of [1, 10, 100, 1_000, 10_000]) results.add(keyOf(Math.round(value * scale) / scale))
}
