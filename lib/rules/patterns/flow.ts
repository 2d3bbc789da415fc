import { succeeded } from '../effects.js'
import type { CallSite } from '../rule.js'
import { walkJson } from '../walk-json.js'
import { tokensOf, type Round, type Rounds } from './rounds.js'

/** An assistant that wants to know something. */
const ASKS = /\?|\b(?:please (?:tell|give|provide|confirm|send)|let me know|tell me|I (?:would |will |also |still |just )?need|I['’]d need|could you|may I have|what is your)\b/i
const MAX_LEAVES = 200

/**
 * Rounds in which a call uses what the user said for the first time in answer to a question: the assistant asked for what
 * was missing, and went on with the answer.
 */
export function countClarifications ({ systemTokens, rounds }: Rounds): number {
  const heard = new Set(systemTokens)
  let count = 0
  rounds.forEach((round, index) => {
    const said = new Set(round.user.tokens.filter(token => !heard.has(token)))
    const question = rounds[index - 1]?.answers.at(-1)
    const asked = question !== undefined && question.calls.length === 0 && ASKS.test(question.text.slice(-2_000))
    if (asked && round.calls.some(({ site }) => usesAny(site, said))) count++
    for (const token of said) heard.add(token)
    for (const { answer } of round.calls) for (const token of answer.tokens) heard.add(token)
  })
  return count
}

/** Rounds in which a call uses what an earlier call of the same round found out and nobody had said before. */
export function countMultiHops ({ systemTokens, rounds }: Rounds): number {
  const heard = new Set(systemTokens)
  return rounds.filter(round => {
    for (const token of round.user.tokens) heard.add(token)
    return hasLink(round, heard)
  }).length
}

function hasLink ({ calls }: Round, heard: Set<string>): boolean {
  const found = new Set<string>()
  let linked = false
  for (const { site, answer } of calls) {
    linked ||= succeeded(site) && usesAny(site, found)
    for (const token of answer.tokens) {
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
