/** Columns that a line of printable text takes in a terminal: 2 for wide East Asian characters and emoji, 0 for marks. */
export function widthOf (text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

/** A line of at most `width` columns; what is longer ends in `…`. */
export function fit (text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let taken = 0
  for (const character of text) {
    taken += widthOfCharacter(character)
    if (taken > width - 1) break
    kept += character
  }
  return width < 1 ? '' : `${kept}…`
}

/** A line filled with spaces to `width` columns, at its end or at its beginning. */
export function pad (text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + space : space + text
}

/** Lines of at most `width` columns, broken at spaces where there are any. Line feeds of the text are kept. */
export function wrap (text: string, width: number): string[] {
  return text.split('\n').flatMap(line => wrapLine(line, Math.max(1, width)))
}

const NARROW = /^[\u0020-\u02ff]*$/
const ZERO = /^\p{M}$/u
const WIDE = /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u

function widthOfCharacter (character: string): number {
  if (NARROW.test(character)) return 1
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

function wrapLine (line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  let taken = 0
  for (const word of line.split(/(?<= )/)) {
    for (const piece of pieces(word, width)) {
      const length = widthOf(piece)
      if (taken > 0 && taken + widthOf(piece.trimEnd()) > width) {
        lines.push(current.trimEnd())
        current = ''
        taken = 0
      }
      current += piece
      taken += length
    }
  }
  return [...lines, current.trimEnd()]
}

/** A word that is longer than a line, in parts of a line each. */
function pieces (word: string, width: number): string[] {
  if (widthOf(word.trimEnd()) <= width) return [word]
  const parts: string[] = []
  let part = ''
  let taken = 0
  for (const character of word) {
    const length = widthOfCharacter(character)
    if (taken + length > width && part !== '') {
      parts.push(part)
      part = ''
      taken = 0
    }
    part += character
    taken += length
  }
  return part === '' ? parts : [...parts, part]
}
