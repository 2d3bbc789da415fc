import { tagSource } from '../../schema/wire.js'
import { malformed } from './malformed.js'

/** An answer and the reasoning that stood beside or inside it. */
export interface SplitText {
  readonly text: string
  /** Blocks in order, joined by a blank line; undefined where there are none. */
  readonly reasoning?: string
}

interface Cut { readonly from: number, readonly to: number, readonly inner: string }
interface ThinkTag { readonly at: number, readonly end: number, readonly closes: boolean }

const THINK = new RegExp(tagSource(['think']), 'gi')

/**
 * Takes inline think blocks out of an answer. `reasoning` is what the server gave apart; it comes first in the result.
 * A block without an end takes the rest of the text, a first closing tag without an opening one takes all before it (Qwen3
 * with the opening tag in its prompt), a further stray closing tag is removed alone. A block ends at the closing tag that
 * balances it, or at its last one where openings and closings do not match. Trims the text only if something was taken out.
 */
export function splitReasoning (text: string, reasoning?: string): SplitText {
  const cuts = findCuts(text, [...text.matchAll(THINK)].map(match => (
    { at: match.index, end: match.index + match[0].length, closes: match[1] === '/' }
  )))
  const blocks = [reasoning ?? '', ...cuts.map(cut => cut.inner)].map(block => block.trim()).filter(block => block !== '')
  let kept = ''
  let from = 0
  for (const cut of cuts) {
    kept += text.slice(from, cut.from)
    from = cut.to
  }
  const rest = cuts.length === 0 ? text : (kept + text.slice(from)).trim()
  return blocks.length === 0 ? { text: rest } : { text: rest, reasoning: blocks.join('\n\n') }
}

/** The answer without its reasoning. Rejects with `answer-malformed` where nothing else is there. */
export function withoutReasoning (answer: string): string {
  const { text, reasoning } = splitReasoning(answer)
  if (text.trim() !== '') return text
  throw malformed(reasoning === undefined ? 'the answer is empty' : 'the answer is nothing but reasoning')
}

function findCuts (text: string, tags: readonly ThinkTag[]): Cut[] {
  const cuts: Cut[] = []
  for (let index = 0; index < tags.length; index++) {
    const tag = tags[index]!
    if (tag.closes) {
      const from = cuts.length === 0 ? 0 : tag.at
      cuts.push({ from, to: tag.end, inner: text.slice(from, tag.at) })
      continue
    }
    const last = lastOfBlock(tags, index)
    const close = tags[last]!
    cuts.push(close.closes
      ? { from: tag.at, to: close.end, inner: text.slice(tag.end, close.at) }
      : { from: tag.at, to: text.length, inner: text.slice(tag.end) })
    index = close.closes ? last : tags.length
  }
  return cuts
}

/** Index of the closing tag of the block that opens at `first`; `first` itself where nothing closes it. */
function lastOfBlock (tags: readonly ThinkTag[], first: number): number {
  let depth = 0
  let last = first
  for (let index = first; index < tags.length; index++) {
    depth += tags[index]!.closes ? -1 : 1
    if (tags[index]!.closes) last = index
    if (depth === 0) return index
  }
  return last
}
