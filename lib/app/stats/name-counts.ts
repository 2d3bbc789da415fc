/** Counts of names, the first 1,000 of them; the rest is counted together under `…`. Names end after 200 characters. */
export type NameCounts = Map<string, number>

const MOST_NAMES = 1000
const MOST_CHARACTERS = 200
const OTHERS = '…'

/** Counts a name, `times` times; nothing where that is not above 0. */
export function addName (counts: NameCounts, name: string, times = 1): void {
  if (!(times > 0)) return
  const short = name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS)}…` : name
  const key = counts.has(short) || counts.size < MOST_NAMES ? short : OTHERS
  counts.set(key, (counts.get(key) ?? 0) + times)
}

/** Adds counts to others, in their order. */
export function addNames (sum: NameCounts, more: Iterable<readonly [string, number]>): void {
  for (const [name, times] of more) addName(sum, name, times)
}

/** The most frequent first; of equal ones the first by name. */
export function sortedNames (counts: Iterable<readonly [string, number]>): ReadonlyArray<readonly [string, number]> {
  return [...counts].sort(([name, one], [other, two]) => two - one || (name < other ? -1 : 1))
}

/** All counts together. */
export function totalOf (counts: NameCounts): number {
  let total = 0
  for (const times of counts.values()) total += times
  return total
}
