/** Choices that look free and are not: the same text and seed always choose the same. */
export interface Dice {
  pick<T> (list: readonly T[]): T
  /** A whole number from `least` to `most`, both included. */
  int (least: number, most: number): number
  chance (share: number): boolean
  /** So many digits, the first not 0. */
  digits (count: number): string
}

/** Dice from a text and a seed (FNV-1a into a 32-bit mixing generator). */
export function createDice (text: string, seed: number): Dice {
  let state = hashText(text) ^ Math.imul(seed | 0, 0x9e3779b1)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    int,
    pick: list => list[int(0, list.length - 1)]!,
    chance: share => next() < share,
    digits: count => String(int(10 ** (count - 1), 10 ** count - 1))
  }
}

function hashText (text: string): number {
  let hash = 2166136261
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619)
  return hash
}
