import { binsOf } from '../terminal/plot.js'
import { quantileOf, type Distribution } from './distribution.js'

/** Values from … to, both included (`to` undefined: and all above), and how many of each distribution lie there. */
export interface SharedBin { readonly from: number, readonly to: number | undefined, readonly counts: readonly number[] }

/** Beyond this share of all values a range has no end: a single giant must not press all others into one bar. */
const TAIL = 0.99

/** Distributions in the same ranges of equal width, about `most` of them; the last has no end where values lie far out. */
export function binTogether (distributions: readonly Distribution[], most = 20): readonly SharedBin[] {
  const limit = Math.max(...distributions.map(each => quantileOf(each, TAIL) ?? -Infinity))
  const near = new Map<number, number>()
  for (const { counts } of distributions) for (const [value, times] of counts) if (value <= limit) near.set(value, (near.get(value) ?? 0) + times)
  const bins = binsOf(near, most)
  const last = bins.at(-1)
  if (last === undefined) return []
  const ranges = [...bins.map(({ from, to }) => ({ from, to })), { from: last.to + 1, to: Infinity }]
  const shared = ranges.map(({ from, to }) => ({ from, to: to === Infinity ? undefined : to, counts: distributions.map(({ counts }) => countWithin(counts, from, to)) }))
  return shared.at(-1)?.counts.every(count => count === 0) === true ? shared.slice(0, -1) : shared
}

function countWithin (counts: ReadonlyMap<number, number>, from: number, to: number): number {
  let sum = 0
  for (const [value, times] of counts) if (value >= from && value <= to) sum += times
  return sum
}
