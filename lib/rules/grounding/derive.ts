import type { Basis } from './basis.js'
import { digitsOf, foldOf, partsOf, plainOf } from './text-forms.js'
import { snakeCase } from './shapes.js'

/** Most numbers that sums and products are made of; the latest are the ones that are added up. */
const MAX_OPERANDS = 32
const UNIT_FACTORS = [0.001, 0.01, 0.1, 10, 12, 60, 100, 1000, 1024, 3600, 24, 7, 86_400, 1_000_000]

/** True if a number follows from numbers that were said: sum, difference, product, share, percentage, change of unit. */
export function isDerivedNumber (value: number, basis: Basis): boolean {
  const numbers = [...basis.numbers.keys()].slice(-MAX_OPERANDS)
  if (basis.numbers.has(-value) || sumsOfRuns(numbers).some(sum => isClose(sum, value)) || isSumWithProduct(numbers.slice(-16), value)) return true
  return numbers.some(one => UNIT_FACTORS.some(factor => isClose(one * factor, value)) || numbers.some(other => isMadeOf(one, other, value)))
}

function isMadeOf (one: number, other: number, value: number): boolean {
  const share = one * other / 100
  const results = [one + other, one - other, one * other, (one + other) / 2, share, one - share, one + share]
  return results.some(result => isClose(result, value)) || (other > 1 && isClose(one / other, value))
}

/** Sums of three and more numbers that were said one after the other, as in a list of prices. */
function sumsOfRuns (numbers: readonly number[]): number[] {
  const sums: number[] = []
  for (let start = 0; start < numbers.length; start++) {
    let sum = 0
    for (const number of numbers.slice(start, start + 12)) sums.push(sum += number)
  }
  return sums
}

/** Two of one and one of another. */
function isSumWithProduct (numbers: readonly number[], value: number): boolean {
  return numbers.some(count => numbers.some(price => numbers.some(other => isClose(count * price + other, value))))
}

function isClose (one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.005 + 1e-9 * Math.abs(other)
}

/**
 * True if an id is another form of what was said: other separators or prefix (`order 1234` → `ORD-1234`), parts that were
 * each said (`user` + `1234`), characters written in groups. Every part that holds a digit must have been said as a whole: a
 * part of a longer id is another id.
 */
export function isDerivedId (value: string, name: string, basis: Basis): boolean {
  const digits = digitsOf(value)
  if (digits.length >= 6 && /^[+(\d][\d\s().-]*$/.test(value)) return isKnownRun(digits, basis)
  if (isSaidInGroups(value, basis)) return true
  const parts = partsOf(value)
  const numeric = parts.filter(part => /\p{N}/u.test(part))
  if (!parts.every(part => basis.folded.has(part) || (!numeric.includes(part) && (basis.parts.has(part) || isPrefixOf(part, name))))) return false
  if (numeric.length === 0) return parts.length >= 2 && parts.every(part => part.length >= 2)
  return numeric.some(part => part.length >= 3)
}

/** `NO93 8601 1117 947` is NO9386011117947: the characters in order, spaces or hyphens between, and no longer id around. */
function isSaidInGroups (value: string, { said }: Basis): boolean {
  const fold = foldOf(value)
  if (fold.length < 6 || fold.length > 64) return false
  // Letters and digits with one optional separator between: nothing to escape, and no way to backtrack.
  const grouped = new RegExp(`(?<![\\p{L}\\p{N}][-_.]?)${[...fold].join('[ -]?')}(?![-_.]?[\\p{L}\\p{N}])`, 'iu')
  return said.some(({ raw }) => grouped.test(raw))
}

/** A phone number is the same with and without its country code. */
function isKnownRun (digits: string, basis: Basis): boolean {
  if (basis.digits.has(digits) || basis.folded.has(digits)) return true
  if (digits.length < 9) return false
  for (const known of basis.digits.keys()) if (known.length >= 9 && (known.endsWith(digits) || digits.endsWith(known))) return true
  return false
}

/** `ord` abbreviates the order of `order_id`; with a number that was said it makes an id. */
function isPrefixOf (part: string, name: string): boolean {
  return /^\p{L}{1,6}$/u.test(part) && snakeCase(name).split('_').some(word => word !== 'id' && word !== 'number' && word.startsWith(part))
}

/** True if a phrase was said with other case, punctuation or separators, or all words of a slug stand in one message. */
export function isDerivedText (value: string, basis: Basis): boolean {
  const words = plainOf(value).split(' ')
  const isSlug = !/\s/.test(value.trim()) && words.length <= 8
  if (words[0] === '' || !words.every(word => basis.parts.has(word) || basis.folded.has(word))) return false
  const phrase = ` ${words.join(' ')} `
  return basis.said.some(({ plain }) => plain.includes(phrase) || (isSlug && words.every(word => plain.includes(` ${word} `))))
}
