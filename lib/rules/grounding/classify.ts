import type { GroundingClass } from '../rule.js'
import type { Basis } from './basis.js'
import { isChosenNumber, isChosenText, isLooseName } from './choice.js'
import { findCredential, findId } from './find-id.js'
import { findText } from './find-text.js'
import { isInDescription, isInSchema } from './schema-words.js'
import { suspectKind, type SuspectKind } from './shapes.js'
import { compoundsOf, emailsOf, normalise } from './text-forms.js'

/** A single value among the arguments of a call. */
export interface Leaf {
  readonly value: unknown
  /** Nearest name above it; items of a list bear the name of the list. */
  readonly name: string
  /** JSON pointer. */
  readonly path: string
  /** Its schema, without references; undefined where nothing is declared. */
  readonly schema?: Readonly<Record<string, unknown>>
}

/** How the value of an argument came about. */
export interface Classified {
  readonly class: GroundingClass
  /** Only with `unexplained`: why this value needs a basis. */
  readonly suspect?: SuspectKind
  /** Ids and contacts without a basis inside a text that an assistant composed; the text is then `unexplained`, and no suspect. */
  readonly invented?: readonly string[]
}

const SMALL = 10
/** Texts that are a number, with a sign of money before or a unit behind. */
const NUMERIC = /^[$€£]?\s?(-?\d[\d,]*(?:\.\d+)?)\s*(?:[a-z%°]{0,6})$/i
const MAX_TEXT = 20_000
const MAX_INVENTED = 20

/** Says how a value came about, given what was said before the call. */
export function classify (leaf: Leaf, basis: Basis): Classified {
  const { value, name } = leaf
  if (typeof value === 'number') return classifyNumber(leaf, value, basis)
  if (typeof value !== 'string' || value.trim() === '') return { class: 'trivial' }
  const text = normalise(value.slice(0, MAX_TEXT)).trim()
  const suspect = suspectKind(text, name)
  return suspect === undefined ? classifyText(leaf, text, basis) : classifySuspect(leaf, { text, suspect }, basis)
}

function classifyText (leaf: Leaf, text: string, basis: Basis): Classified {
  const found = classOfText(leaf, text, basis)
  const invented = found === 'choice' || found === 'unexplained' ? inventedIn(text, leaf.name, basis) : []
  return invented.length === 0 ? { class: found } : { class: 'unexplained', invented }
}

/** What of a composed text looks like an id or a contact and was never said. */
function inventedIn (text: string, name: string, basis: Basis): string[] {
  if (isLooseName(name)) return []
  const words = new Set([...compoundsOf(text), ...emailsOf(text)])
  return [...words].filter(word => /\d|@/.test(word) && suspectKind(word, '') !== undefined).slice(0, MAX_INVENTED).filter(word => findId(word, '', basis) === undefined)
}

function classifyNumber (leaf: Leaf, value: number, basis: Basis): Classified {
  const { name, schema } = leaf
  const suspect = suspectKind(value, name)
  if (suspect !== undefined) return classifySuspect(leaf, { text: String(value), suspect }, basis)
  if (isSmall(value)) return { class: 'trivial' }
  const origin = basis.numbers.get(value)
  if (origin !== undefined) return { class: origin }
  if (isInSchema(value, schema)) return { class: 'schema' }
  if (isDerivedNumber(value, name, basis)) return { class: 'derived' }
  return { class: isChosenNumber(name) ? 'choice' : 'unexplained' }
}

const isSmall = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= SMALL

function isDerivedNumber (value: number, name: string, { numbers, sums, dates }: Basis): boolean {
  return numbers.has(-value) || dates.hasPart(name, value) || sums.gives(value)
}

function classifySuspect (leaf: Leaf, { text, suspect }: { readonly text: string, readonly suspect: SuspectKind }, basis: Basis): Classified {
  const found = suspect === 'credential' ? findCredential(text, basis) : findId(text, leaf.name, basis)
  if (found !== undefined && found !== 'derived') return { class: found }
  if (isInSchema(leaf.value, leaf.schema)) return { class: 'schema' }
  return found === undefined ? { class: 'unexplained', suspect } : { class: found }
}

function classOfText ({ value, name, schema }: Leaf, text: string, basis: Basis): GroundingClass {
  const found = findText(text, basis)
  if (found !== undefined && found !== 'derived') return found
  if (isInSchema(value, schema)) return 'schema'
  if (found !== undefined || basis.dates.explains(text)) return 'derived'
  const numeric = NUMERIC.exec(text)?.[1]
  if (numeric !== undefined) return classOfNumeric(Number(numeric.replaceAll(',', '')), name, basis)
  if (isInDescription(text, schema)) return 'schema'
  return isChosenText(text, name) ? 'choice' : 'unexplained'
}

/** A number that is written as a text is another form of the number. */
function classOfNumeric (value: number, name: string, basis: Basis): GroundingClass {
  if (isSmall(value)) return 'trivial'
  if (basis.numbers.has(value) || isDerivedNumber(value, name, basis)) return 'derived'
  return isChosenNumber(name) ? 'choice' : 'unexplained'
}
