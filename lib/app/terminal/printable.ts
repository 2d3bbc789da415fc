/** How much of a text is shown. */
export interface PrintableOptions {
  /** Most characters that are kept; default all. */
  readonly most?: number
  /** Keeps line feeds. Default: the text becomes one line. */
  readonly lines?: boolean
}

/**
 * Text of a document or a model, fit for a terminal: nothing in it is obeyed (escape sequences, controls), reorders what
 * stands beside it (bidi), hides (zero width, tag characters) or is no character at all (lone surrogates): each of these
 * is shown as `\u{…}`. Longer texts end in `…`.
 */
export function printable (text: string, { most = Infinity, lines = false }: PrintableOptions = {}): string {
  // Cut before the rest, with room for what folding takes away: texts can be megabytes.
  const cut = text.length > most * 4 ? text.slice(0, most * 4) : text
  const folded = lines ? cut.replace(/\r\n?/g, '\n').replaceAll('\t', '  ') : cut.replace(/\s+/g, ' ').trim()
  return shorten(folded, most, text.length > cut.length).replace(UNSAFE, asEscape)
}

/** Controls but the line feed, formats (bidi, zero width, soft hyphen, tags), separators of lines, surrogates without their half, private use. */
const UNSAFE = /[^\P{C}\n]|[\u2028\u2029\u115f\u1160\u3164\uffa0]/gu

function shorten (text: string, most: number, isCut: boolean): string {
  if (text.length <= most) return isCut ? `${text}…` : text
  const end = isHighSurrogate(text, most - 1) ? most - 1 : most
  return `${text.slice(0, end)}…`
}

function isHighSurrogate (text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit <= 0xdbff
}

function asEscape (character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`
}
