import { isObject } from '../../schema/json-value.js'
import type { GroundingClass } from '../rule.js'
import type { Basis, BasisOrigin } from './basis.js'
import { isDerivedId, isDerivedNumber, isDerivedText } from './derive.js'
import { suspectKind, type SuspectKind } from './shapes.js'
import { foldOf, plainOf } from './text-forms.js'

/** A single value among the arguments of a call. */
export interface Leaf {
  readonly value: unknown
  /** Nearest name above it; items of a list bear the name of the list. */
  readonly name: string
  /** JSON pointer. */
  readonly path: string
  /** Its schemas, without references; empty where nothing is declared. */
  readonly schema?: Readonly<Record<string, unknown>>
}

/** How the value of an argument came about. */
export interface Classified {
  readonly class: GroundingClass
  /** Only with `unexplained`: why this value needs a basis. */
  readonly suspect?: SuspectKind
}

const SMALL = 10
const SIZE_NAME = /(?:limit|page|size|offset|top|count|max|min|num|per_?page|results|radius|depth|timeout|priority|threshold|quality|volume|temperature)/i
const CHOICE_NAME = /(?:query|search|keyword|message|text|body|content|subject|title|note|comment|description|reason|summary|name|label|tag|topic|filename|file|path|format|instructions?|prompt|details|sort|order_by|field|column|type|category|status|language|currency|unit)/i
const FILE = /^[\w./~-]{1,200}\.[a-z][a-z0-9]{0,5}$|^[.~]?\/[\w./-]{1,200}$|^https?:\/\//i

/** Says how a value came about, given what was said before the call. Checked in the order of the classes of the issue. */
export function classify (leaf: Leaf, basis: Basis): Classified {
  const { value, name } = leaf
  if (value === null || typeof value === 'boolean' || value === '') return { class: 'trivial' }
  if (typeof value === 'number') return classifyNumber(leaf, value, basis)
  if (typeof value !== 'string') return { class: 'trivial' }
  const suspect = suspectKind(value, name)
  if (suspect !== undefined) return classifySuspect(leaf, suspect, basis)
  const origin = originOfText(value, basis)
  if (origin !== undefined) return { class: origin }
  if (isInSchema(leaf)) return { class: 'schema' }
  if (isDerivedString(value, basis)) return { class: 'derived' }
  return { class: isChoice(value, name) ? 'choice' : 'unexplained' }
}

function classifyNumber (leaf: Leaf, value: number, basis: Basis): Classified {
  const suspect = suspectKind(value, leaf.name)
  if (suspect !== undefined) return classifySuspect(leaf, suspect, basis)
  if (Number.isInteger(value) && Math.abs(value) <= SMALL) return { class: 'trivial' }
  const origin = basis.numbers.get(value)
  if (origin !== undefined) return { class: origin }
  if (isInSchema(leaf)) return { class: 'schema' }
  if (isDerivedNumber(value, basis)) return { class: 'derived' }
  return { class: SIZE_NAME.test(leaf.name) ? 'choice' : 'unexplained' }
}

/** Only whole ids count here: part of a longer id is another id. */
function classifySuspect (leaf: Leaf, suspect: SuspectKind, basis: Basis): Classified {
  const text = String(leaf.value).trim()
  const exact = basis.exact.get(text) ?? basis.exact.get(text.replace(/^#/, ''))
  if (exact !== undefined) return { class: exact }
  if (isInSchema(leaf)) return { class: 'schema' }
  if (suspect === 'credential' && /[^\p{L}\p{N}]/u.test(text)) {
    const origin = basis.said.find(({ raw }) => containsWhole(raw, text))?.origin
    return origin === undefined ? { class: 'unexplained', suspect } : { class: origin }
  }
  if (basis.folded.has(foldOf(text)) || isDerivedId(text, leaf.name, basis)) return { class: 'derived' }
  return { class: 'unexplained', suspect }
}

/** A credential with punctuation, as it stands in a text or in JSON, with no letter or digit grown onto it. */
function containsWhole (raw: string, text: string): boolean {
  for (const form of new Set([text, JSON.stringify(text).slice(1, -1)])) {
    for (let at = raw.indexOf(form); at >= 0; at = raw.indexOf(form, at + 1)) {
      if (!/[\p{L}\p{N}]/u.test(raw.charAt(at - 1)) && !/[\p{L}\p{N}]/u.test(raw.charAt(at + form.length))) return true
    }
  }
  return false
}

function originOfText (value: string, basis: Basis): BasisOrigin | undefined {
  const exact = basis.exact.get(value)
  if (exact !== undefined) return exact
  const plain = plainOf(value)
  if (plain === '') return basis.said.find(({ raw }) => raw.includes(value))?.origin
  const longest = plain.split(' ').reduce((best, word) => word.length > best.length ? word : best, '')
  if (!basis.folded.has(longest) && !basis.parts.has(longest) && !basis.exact.has(longest)) return undefined
  const found = basis.said.filter(said => said.plain.includes(` ${plain} `) && said.raw.includes(value))
  return found.find(({ origin }) => origin === 'user')?.origin ?? found[0]?.origin
}

function isDerivedString (value: string, basis: Basis): boolean {
  if (basis.folded.has(foldOf(value)) || basis.dates.explains(value)) return true
  if (/^[$€£]?\d[\d,]*(?:\.\d+)?\s*[a-z%°]{0,6}$/i.test(value)) {
    const number = Number.parseFloat(value.replace(/[^\d.]/g, ''))
    return basis.numbers.has(number) || isDerivedNumber(number, basis)
  }
  return isDerivedText(value, basis)
}

function isChoice (value: string, name: string): boolean {
  return /\s/.test(value.trim()) || FILE.test(value) || CHOICE_NAME.test(name)
}

function isInSchema ({ value, schema }: Leaf): boolean {
  if (!isObject(schema)) return false
  const { enum: allowed, default: preset } = schema
  return preset === value || schema.const === value || (Array.isArray(allowed) && allowed.includes(value))
}
