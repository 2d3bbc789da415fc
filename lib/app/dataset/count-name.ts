const MOST_NAMES = 1_000

/** Adds to a count by name. Names beyond the first 1,000 are counted together as `…`: they come from files and may be anything. */
export function countName (names: Record<string, number>, name: string, times = 1): void {
  const key = Object.hasOwn(names, name) || Object.keys(names).length < MOST_NAMES ? name : '…'
  names[key] = (names[key] ?? 0) + times
}
