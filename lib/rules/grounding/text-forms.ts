/** Words and joined words of a text: `ORD-1234`, `jane.doe`, `v1.2`; not `/`, `:` or spaces. */
const COMPOUND = /[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)*/gu
const EMAIL = /[^\s@<>"'(),;:]{1,64}@[^\s@<>"'(),;:]{1,190}\.[a-z]{2,24}/gi
/** Digits with what people put between them: phone, card and account numbers. */
const DIGIT_RUN = /\+?\(?\d[\d\s().-]{4,28}\d/g
const NUMBER = /(?<![\p{L}\d.])\d[\d,]*(?:\.\d+)?/gu

/** Joined words of a text, in order. */
export function compoundsOf (text: string): string[] {
  return text.match(COMPOUND) ?? []
}

/** E-mail addresses of a text, lower case. */
export function emailsOf (text: string): string[] {
  return (text.match(EMAIL) ?? []).map(address => address.toLowerCase())
}

/** Runs of digits that may be written with spaces, brackets, dots or hyphens; digits only, six or more. */
export function digitRunsOf (text: string): string[] {
  return (text.match(DIGIT_RUN) ?? []).map(digitsOf).filter(digits => digits.length >= 6)
}

/** Numbers of a text: `$1,299.50` gives 1299.5. */
export function numbersOf (text: string): number[] {
  return (text.match(NUMBER) ?? []).map(number => Number(number.replaceAll(',', ''))).filter(Number.isFinite)
}

/** Digits alone. */
export function digitsOf (text: string): string {
  return text.replace(/\D/g, '')
}

/** Letters and digits alone, lower case: what is left of an id when its form changes. */
export function foldOf (text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Words between single spaces, lower case: what is left of a phrase when case and punctuation change. */
export function plainOf (text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** The parts of a joined word. */
export function partsOf (text: string): string[] {
  return text.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? []
}
