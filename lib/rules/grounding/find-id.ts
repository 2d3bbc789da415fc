import type { Basis } from './basis.js'
import type { BasisOrigin, Found } from './passages.js'
import { digitsOf, foldOf, partsOf, snakeCase } from './text-forms.js'

/** How an id, a credential or a contact came about: as it was said, or in another form; undefined if not at all. */
export type IdBasis = BasisOrigin | 'derived' | undefined

const COMPOUND = /^[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)*$/u
const MIN_GROUPED_CHARACTERS = 6
const MIN_PHONE_DIGITS = 9
const MIN_ACCOUNT_DIGITS = 6

/**
 * Finds an id among what was said. Only whole ones count, since part of a longer id is another id: as it stands, with other
 * case or separators (`ord 1234` for ORD-1234), in groups (`NO93 8601 1117 947`), with or without a country code, its number
 * alone (`order 1234`), or a name joined by separators (`Mia Li` for mia_li).
 */
export function findId (text: string, name: string, basis: Basis): IdBasis {
  const plain = text.replace(/^#/, '')
  const exact = basis.exact.get(text) ?? basis.exact.get(plain) ?? originOf(findWhole(text, basis).filter(isSameIn(text)))
  if (exact !== undefined) return exact
  const fold = foldOf(text)
  if (fold === '') return undefined
  if (basis.folded.has(fold) || isBareNumber(plain, basis) || findWhole(text, basis).length > 0) return 'derived'
  if (isPhone(text) ? isKnownRun(digitsOf(text), basis) : isMadeOfParts(plain, name, basis)) return 'derived'
  return undefined
}

/** Finds a credential: another case or form of it is another one, only digits may stand in groups. */
export function findCredential (text: string, basis: Basis): IdBasis {
  const secret = text.replace(/^(?:bearer|basic|token)\s+/i, '')
  const exact = COMPOUND.test(secret) ? basis.exact.get(secret) : undefined
  if (exact !== undefined) return exact
  const words = foldOf(secret) === '' ? [] : basis.passages.findWords(wordsIn(secret))
  const said = originOf(words.map(around(secret)).filter(found => isSameIn(secret)(found) && endsSecret(found)))
  if (said !== undefined) return said
  return /^[\d\s-]+$/.test(secret) && (basis.digits.has(digitsOf(secret)) || findWhole(secret, basis).length > 0) ? 'derived' : undefined
}

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Places where the letters of a text stand as a whole: no longer id goes on to the left or to the right. */
function findWhole (text: string, { passages }: Basis): Found[] {
  const fold = foldOf(text)
  const joined = fold.length < MIN_GROUPED_CHARACTERS ? [] : passages.findJoined(fold)
  // A joined word is among the exact ones wherever it stands, but for small numbers, which count only where they are ids.
  const phrases = COMPOUND.test(text) ? [] : passages.findWords(wordsIn(text)).filter(({ start, end }) => end - start <= text.length)
  return [...phrases, ...joined]
    .filter(({ passage, start, end }) => !passage.echoes.has(fold) && isWhole(passage.text, start, end))
}

function isWhole (text: string, start: number, end: number): boolean {
  return !/[\p{L}\p{N}][-_.@]?$/u.test(text.slice(Math.max(0, start - 3), start)) && !/^[-_.@]?[\p{L}\p{N}]/u.test(text.slice(end, end + 3))
}

/** The same place with the signs before the first and after the last word of the value. */
const around = (value: string) => ({ passage, start, end }: Found): Found => {
  const lead = /^[^\p{L}\p{N}]*/u.exec(value)?.[0].length ?? 0
  const tail = /[^\p{L}\p{N}]*$/u.exec(value)?.[0].length ?? 0
  return { passage, start: Math.max(0, start - lead), end: end + tail }
}

const isSameIn = (value: string) => (found: Found): boolean => {
  const { passage, start, end } = around(value)(found)
  return !passage.echoes.has(foldOf(value)) && (passage.text.slice(start, end) === value || passage.text.slice(found.start, found.end) === value)
}

/** A secret goes on until a space or a quote; a sign that ends a sentence may follow. */
function endsSecret ({ passage: { text }, start, end }: Found): boolean {
  return /^(?:["'`]|[)\]}>.,;:!?]{0,3}(?:\s|$|["'`]))/.test(text.slice(end, end + 5)) && (start === 0 || /[\s"'`(<[{:=]/.test(text.charAt(start - 1)))
}

/** The nearest of several places. */
function originOf (found: readonly Found[]): BasisOrigin | undefined {
  return (found.find(({ passage }) => passage.origin === 'user') ?? found.find(({ passage }) => passage.origin === 'observation') ?? found[0])?.passage.origin
}

/** `ORD-1234` was said, and the argument is 1234. */
function isBareNumber (text: string, { bare }: Basis): boolean {
  return /^\d/.test(text) && bare.has(foldOf(text))
}

const isPhone = (text: string): boolean => /^[+(\d][\d\s().-]*$/.test(text) && digitsOf(text).length >= MIN_ACCOUNT_DIGITS

/** A phone number is the same with and without its country code. */
function isKnownRun (digits: string, { digits: runs, folded }: Basis): boolean {
  if (runs.has(digits) || folded.has(digits)) return true
  if (digits.length < MIN_PHONE_DIGITS) return false
  for (const known of runs.keys()) if (known.length >= MIN_PHONE_DIGITS && (known.endsWith(digits) || digits.endsWith(known))) return true
  return false
}

/**
 * `order 1234` makes ORD-1234, `user` and `1234` make user_1234: letters that were said or that abbreviate the name of the
 * argument, and each number as a whole of its own. Without any number, one text must have said all the words.
 */
function isMadeOfParts (value: string, name: string, { parts: saidParts, folded, passages, exact }: Basis): boolean {
  if (!COMPOUND.test(value)) return false
  const parts = partsOf(value)
  const numeric = parts.filter(part => /\p{N}/u.test(part))
  if (numeric.length === 0) return parts.length >= 2 && passages.hasTogether(parts)
  if (!numeric.some(part => part.length >= 3) || !numeric.every(part => exact.has(part))) return false
  return parts.every(part => numeric.includes(part) || folded.has(part) || saidParts.has(part) || isPrefixOf(part, name))
}

/** `ord` abbreviates the order of `order_id`; with a number that was said it makes an id. */
function isPrefixOf (part: string, name: string): boolean {
  return /^\p{L}{1,6}$/u.test(part) && snakeCase(name).split('_').some(word => word !== 'id' && word !== 'number' && word.startsWith(part))
}
