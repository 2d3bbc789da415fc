import { printable } from '../terminal/printable.js'

/** Widths of characters in ems, of DejaVu Sans, the widest of the fonts that a page asks for: no label is cut off in another. */
const NARROW = /[\sijlIft.,:;'"|!()[\]-]/
const WIDE = /[mwMW@%<>=+~&#\\—…]|[^\u0020-\u02ff]/
const CAPITAL = /[A-Z0-9]/

/** Pixels that a text takes at most, at `fontSize` pixels. An estimate: nothing is measured without a browser. */
export function labelWidth (text: string, fontSize: number): number {
  let ems = 0
  for (const character of text) ems += emsOf(character)
  return ems * fontSize
}

/** A text in one line of at most `most` pixels; what is longer ends in `…`. */
export function fitLabel (text: string, fontSize: number, most: number): string {
  const safe = printable(text)
  if (labelWidth(safe, fontSize) <= most) return safe
  let kept = ''
  let width = labelWidth('…', fontSize)
  for (const character of safe) {
    width += emsOf(character) * fontSize
    if (width > most) break
    kept += character
  }
  return `${kept}…`
}

function emsOf (character: string): number {
  if (NARROW.test(character)) return 0.4
  if (WIDE.test(character)) return 1
  return CAPITAL.test(character) ? 0.72 : 0.6
}
