import { compoundsOf, foldOf } from '../grounding/text-forms.js'
import type { CallSite } from '../rule.js'
import { succeeded } from '../effects.js'
import { walkJson } from '../walk-json.js'
import type { Round, Rounds } from './rounds.js'

/** An assistant that wants to know something. */
const ASKS = /\?|\b(?:please (?:tell|give|provide|confirm|send)|let me know|tell me|I (?:would |will |also |still |just )?need|I['’]d need|could you|may I have|what is your)\b/i
const MAX_TEXT = 50_000
const MAX_LEAVES = 200

/**
 * Rounds in which a call uses what the user said for the first time in answer to a question: the assistant asked for what
 * was missing, and went on with the answer.
 */
export function countClarifications ({ system, rounds }: Rounds): number {
  const heard = new Set(tokensOf(system))
  let count = 0
  rounds.forEach((round, index) => {
    const said = new Set(tokensOf(round.user).filter(token => !heard.has(token)))
    const question = rounds[index - 1]?.answers.at(-1)
    const asked = question !== undefined && question.calls.length === 0 && ASKS.test(question.text.slice(-2_000))
    if (asked && round.calls.some(site => usesAny(site, said))) count++
    for (const token of said) heard.add(token)
    for (const { observation } of round.calls) for (const token of tokensOf(observation?.content ?? '')) heard.add(token)
  })
  return count
}

/** Rounds in which a call uses what an earlier call of the same round found out and nobody had said before. */
export function countMultiHops ({ system, rounds }: Rounds): number {
  const heard = new Set(tokensOf(system))
  return rounds.filter(round => {
    for (const token of tokensOf(round.user)) heard.add(token)
    return hasLink(round, heard)
  }).length
}

function hasLink ({ calls }: Round, heard: Set<string>): boolean {
  const found = new Set<string>()
  let linked = false
  for (const site of calls) {
    linked ||= succeeded(site) && usesAny(site, found)
    for (const token of tokensOf(site.observation?.content ?? '')) {
      if (!heard.has(token) && succeeded(site)) found.add(token)
      heard.add(token)
    }
  }
  return linked
}

/** Whether an argument is, or holds, one of the given tokens: words of three letters at least, or with a digit. */
function usesAny ({ call }: CallSite, tokens: ReadonlySet<string>): boolean {
  if (tokens.size === 0) return false
  return walkJson(call.arguments, { maxNodes: MAX_LEAVES, maxDepth: 8 }).some(({ value }) =>
    (typeof value === 'string' || typeof value === 'number') && tokensOf(String(value)).some(token => tokens.has(token)))
}

/** Joined words of a text, folded; single digits and short words say too little. */
function tokensOf (text: string): string[] {
  return compoundsOf(text.slice(0, MAX_TEXT)).map(foldOf).filter(token => token.length >= 3 || /^\d\d|^[a-z]\d$|^\d[a-z]$/.test(token))
}
