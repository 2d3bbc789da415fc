/** Numbers that were said: those of the same kind, which may be added up, and all, which may say how many or what share. */
export interface SaidNumbers {
  readonly alike: Iterable<number>
  readonly all: Iterable<number>
}

/** Most numbers that others are made of; the latest are the ones that people reckon with. */
const MAX_OPERANDS = 40
const MAX_RUN = 12
/** So many pieces, nights or persons. */
const MAX_TIMES = 60
const PARTS = [2, 3, 4, 5, 6, 10, 12]
const UNIT_FACTORS = [0.001, 0.01, 60, 100, 1_000, 1_024, 3_600]

/**
 * True if a number that somebody says follows from numbers that were said, in one step: sum, difference, so many times, share
 * or part of one, another unit, sum of a list, or a rounding. Stricter than for an argument (`grounding/derive.ts`), where
 * two steps are allowed: among forty numbers two steps reach nearly anything.
 */
export function followsFrom (number: number, { alike, all }: SaidNumbers): boolean {
  const operands = [...alike].slice(-MAX_OPERANDS)
  const factors = [...all].slice(-MAX_OPERANDS).filter(factor => factor <= 100)
  if (Number.isInteger(number) && operands.some(said => Math.round(said) === number)) return true
  if (sumsOfRuns(operands).some(sum => isClose(sum, number))) return true
  return operands.some(one => isPartOf(one, number) || operands.some(other => isClose(one + other, number) || isClose(one - other, number)) ||
    factors.some(factor => isShareOf(one, factor, number)))
}

function isPartOf (one: number, number: number): boolean {
  return UNIT_FACTORS.some(factor => isClose(one * factor, number)) || PARTS.some(part => isClose(one / part, number))
}

/** So many times one, so many per cent of it, or that much more or less. */
function isShareOf (one: number, factor: number, number: number): boolean {
  if (Number.isInteger(factor) && factor <= MAX_TIMES && isClose(one * factor, number)) return true
  const share = one * factor / 100
  return isClose(share, number) || isClose(one - share, number) || isClose(one + share, number)
}

function sumsOfRuns (numbers: readonly number[]): number[] {
  return numbers.flatMap((_, start) => {
    let sum = 0
    return numbers.slice(start, start + MAX_RUN).map(number => (sum += number))
  })
}

function isClose (one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.006
}
