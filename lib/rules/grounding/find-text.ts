import type { Basis } from './basis.js'
import type { BasisOrigin, Found } from './passages.js'
import { foldOf, wordsOf } from './text-forms.js'

const MAX_SLUG_WORDS = 8

/** How a text came about: word for word, or `derived` with other case, punctuation or separators; undefined if not at all. */
export function findText (value: string, basis: Basis): BasisOrigin | 'derived' | undefined {
  const exact = basis.exact.get(value)
  if (exact !== undefined) return exact
  const words = wordsOf(value)
  const [first] = words
  if (first === undefined) return undefined
  const fold = foldOf(value)
  const found = basis.passages.findWords(words.map(({ word }) => word)).filter(({ passage }) => !passage.echoes.has(fold))
  const literal = found.filter(isLiteral(value, first.start))
  if (literal.length > 0) return (literal.find(({ passage }) => passage.origin === 'user') ?? literal[0])?.passage.origin
  if (found.length > 0 || basis.folded.has(fold)) return 'derived'
  return isSlug(value, words.map(({ word }) => word), basis) ? 'derived' : undefined
}

/** The words stand as in the value, with the same case and the same signs between, before and after. */
const isLiteral = (value: string, lead: number) => ({ passage, start }: Found): boolean => passage.text.startsWith(value, start - lead)

/** `design-review` for the review of the design: one text has every word, in any order. */
function isSlug (value: string, words: readonly string[], { passages }: Basis): boolean {
  return /^\S+$/.test(value.trim()) && words.length >= 2 && words.length <= MAX_SLUG_WORDS && passages.hasTogether(words)
}
