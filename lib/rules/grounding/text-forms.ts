/** Words and joined words of a text: `ORD-1234`, `jane.doe`, `v1.2`; not `/`, `:` or spaces. */
const COMPOUND = /[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)*/gu
const WORD = /[\p{L}\p{N}]+/gu
const EMAIL = /[^\s@<>"'(),;:]{1,64}@[^\s@<>"'(),;:]{1,190}\.[a-z]{2,24}/gi
/** Digits with what people put between them: phone, card and account numbers. */
const DIGIT_RUN = /\+?\(?\d[\d\s().-]{4,28}\d/g

/** Scripts that are written without spaces, so that an id touches the words around it. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const SEAM = new RegExp(`(?<=[${UNSPACED}])(?=[A-Za-z\\d])|(?<=[A-Za-z\\d])(?=[${UNSPACED}])`, 'gu')
const TYPOGRAPHIC: Readonly<Record<string, string>> = { '‘': "'", '’': "'", '“': '"', '”': '"', '…': '...' }
const ESCAPES: Readonly<Record<string, string>> = { n: ' ', r: ' ', t: ' ', b: ' ', f: ' ' }

/**
 * A text as a keyboard would have written it: hyphens, spaces and quotes of typesetters become plain ones, invisible signs go,
 * full-width digits become digits, and a space stands where a script without spaces meets a word or a number. Said texts and
 * values go through it alike.
 */
export function normalise (text: string): string {
  // Almost every text is ASCII, which has nothing to mend.
  // eslint-disable-next-line no-control-regex
  if (!/[^\x00-\x7f]/.test(text)) return text
  return text.normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[‘’“”…]/g, sign => TYPOGRAPHIC[sign] ?? sign)
    .replace(SEAM, ' ')
}

/** JSON as the text that it means: `\n` no longer touches the word after it, `\u00e9` is é again. */
export function withoutEscapes (json: string): string {
  if (!json.includes('\\')) return json
  return json.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code: string | undefined, sign = '') => code === undefined ? ESCAPES[sign as string] ?? sign : String.fromCharCode(Number.parseInt(code, 16)))
}

/** Joined words of a text, in order. */
export function compoundsOf (text: string): string[] {
  return text.match(COMPOUND) ?? []
}

/** A word of a text in lower case, and where it stands. */
export interface Word { readonly word: string, readonly start: number, readonly end: number }

/** Words of a text, in order: letters and digits without anything between. */
export function wordsOf (text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({ word: word.toLowerCase(), start: index, end: index + word.length }))
}

/** E-mail addresses of a text, lower case. */
export function emailsOf (text: string): string[] {
  return text.includes('@') ? (text.match(EMAIL) ?? []).map(address => address.toLowerCase()) : []
}

/** Runs of digits that may be written with spaces, brackets, dots or hyphens; digits only, six or more. */
export function digitRunsOf (text: string): string[] {
  // The zero of `+44 (0)20` is dialled from inside the country only.
  return (text.match(DIGIT_RUN) ?? []).map(run => digitsOf(run.replace('(0)', ''))).filter(digits => digits.length >= 6)
}

/** Digits alone. */
export function digitsOf (text: string): string {
  return text.replace(/\D/g, '')
}

/** Letters and digits alone, lower case: what is left of an id when its form changes. */
export function foldOf (text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The parts of a joined word: `ORD1234` has two. */
export function partsOf (text: string): string[] {
  return text.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? []
}

/** `orderId`, `order-id` and `OrderID` are `order_id`. */
export function snakeCase (name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/[^A-Za-z\d]+/g, '_').toLowerCase()
}
