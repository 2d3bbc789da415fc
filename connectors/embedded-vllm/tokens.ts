import type { TokenCounter } from '../../lib/model/chat-model.js'

/** Letters of one piece: words longer than this are split, so that English comes to about four characters a token. */
const WORD = 7

/** The end of the piece that starts at `start`: a blank with up to seven letters, up to three digits, or one other sign. */
function pieceEnd (text: string, start: number): number {
  let end = start
  if (text.charCodeAt(end) === 32 && end + 1 < text.length) end += 1
  const kind = kindOf(text.charCodeAt(end))
  const most = kind === 'letter' ? WORD : kind === 'digit' ? 3 : kind === 'space' ? 4 : 1
  let taken = 0
  while (end < text.length && taken < most && kindOf(text.charCodeAt(end)) === kind) {
    // A pair of surrogates is one sign, whatever the count says.
    end += isHigh(text.charCodeAt(end)) && end + 1 < text.length ? 2 : 1
    taken += 1
  }
  return end
}

function kindOf (code: number): 'letter' | 'digit' | 'space' | 'other' {
  if (code === 32 || (code >= 9 && code <= 13)) return 'space'
  if (code >= 48 && code <= 57) return 'digit'
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 192 && code <= 0x52f)) return 'letter'
  return 'other'
}

function isHigh (code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

/** The pieces of a text, which joined are the text again. One pass, no backtracking. */
export function splitPieces (text: string): string[] {
  const pieces: string[] = []
  for (let start = 0; start < text.length;) {
    const end = pieceEnd(text, start)
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

/** The counter of the embedded server: word pieces, the same on every machine. */
export const pieceCounter: TokenCounter = {
  kind: 'exact',
  count (text) {
    let pieces = 0
    for (let start = 0; start < text.length; start = pieceEnd(text, start)) pieces += 1
    return pieces
  }
}

/** A made-up id of a piece, 0 … 150,000; equal pieces have equal ids. */
export function pieceId (piece: string): number {
  let hash = 2166136261
  for (let index = 0; index < piece.length; index += 1) hash = Math.imul(hash ^ piece.charCodeAt(index), 16777619)
  return (hash >>> 0) % 150_000
}

/** The longest run of whole pieces from the start of the text that counts at most `maxTokens`. */
export function cutToTokens (text: string, maxTokens: number, counter: TokenCounter): string {
  if (counter.count(text) <= maxTokens) return text
  const pieces = splitPieces(text)
  if (counter === pieceCounter) return pieces.slice(0, maxTokens).join('')
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (counter.count(pieces.slice(0, middle).join('')) <= maxTokens) low = middle
    else high = middle - 1
  }
  return pieces.slice(0, low).join('')
}
