/** How the values of a measure are spread. Counts by value; values from 1,000 on are rounded to three digits. */
export interface Distribution {
  count: number
  sum: number
  /** Infinity of nothing, and `greatest` is -Infinity. */
  least: number
  greatest: number
  readonly counts: Map<number, number>
}

/** A distribution of nothing. */
export function openDistribution (): Distribution {
  return { count: 0, sum: 0, least: Infinity, greatest: -Infinity, counts: new Map() }
}

/** Adds a value. Undefined, negative ones and those above 2^53 are left out: the number of counts stays below 15,000. */
export function addValue (distribution: Distribution, value: number | undefined): void {
  if (value === undefined || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return
  distribution.count++
  distribution.sum += value
  distribution.least = Math.min(distribution.least, value)
  distribution.greatest = Math.max(distribution.greatest, value)
  addTimes(distribution.counts, value < 1000 ? Math.round(value) : Number(value.toPrecision(3)), 1)
}

/** Adds what another distribution holds. */
export function addDistribution (sum: Distribution, more: Distribution): void {
  sum.count += more.count
  sum.sum += more.sum
  sum.least = Math.min(sum.least, more.least)
  sum.greatest = Math.max(sum.greatest, more.greatest)
  for (const [value, times] of more.counts) addTimes(sum.counts, value, times)
}

/** The mean; undefined of nothing. */
export function meanOf ({ count, sum }: Distribution): number | undefined {
  return count === 0 ? undefined : sum / count
}

/** The middle value, the mean of the two middle ones where they are two; undefined of nothing. */
export function medianOf (distribution: Distribution): number | undefined {
  const { count } = distribution
  if (count === 0) return undefined
  const [low, high] = valuesAt(distribution, [Math.floor((count - 1) / 2), Math.floor(count / 2)]) as [number, number]
  return (low + high) / 2
}

/** The smallest value that at least `share` (0 … 1) of all values do not exceed (nearest rank); undefined of nothing. */
export function quantileOf (distribution: Distribution, share: number): number | undefined {
  const { count } = distribution
  return count === 0 ? undefined : valuesAt(distribution, [Math.max(0, Math.ceil(share * count) - 1)])[0]
}

/** Values at these ranks, which count from 0 and ascend. */
function valuesAt ({ counts }: Distribution, ranks: readonly number[]): number[] {
  const found: number[] = []
  let seen = 0
  for (const [value, times] of [...counts].sort(([one], [other]) => one - other)) {
    seen += times
    while (found.length < ranks.length && (ranks[found.length] as number) < seen) found.push(value)
  }
  return found
}

function addTimes (counts: Map<number, number>, value: number, times: number): void {
  counts.set(value, (counts.get(value) ?? 0) + times)
}
