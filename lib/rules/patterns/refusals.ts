import type { Round, Rounds } from './rounds.js'

const MAX_TEXT = 20_000
const MAX_RULES = 200

/** Something is not done, or not in the way that was wished. */
const REFUSAL = new RegExp('\\b(?:can(?:no|[\'’])?t|can not|may not|must not|unable|not (?:able|possible|allowed|permitted|available|eligible|covered)|won[\'’]t|' +
  'isn[\'’]t|doesn[\'’]t|don[\'’]t|no longer|too (?:late|big|heavy|many|far|large|long|small|few|short)|afraid|unfortunately|instead|not until|exceeds?|only (?:after|until|within|up to|if|with|once|on)|' +
  'at most|at the (?:latest|most)|no more than|(?:over|above|beyond|past|outside) (?:the|our|your|what)|need(?:s|ed)? (?:your|a|an|the|to)|requires?|never|the most|against|keep to|bend)\\b', 'i')
/** The assistant has no means. */
const INABILITY = new RegExp('\\b(?:I|we)\\b[^.!?;]{0,40}\\b(?:can(?:no|[\'’])t|can not|(?:am|are|[\'’]m) (?:not able|unable)|have no (?:way|tool|access|means)|(?:don[\'’]t|do not) have (?:a |any |the )?(?:way|tool|access|function|means|ability|option)|(?:don[\'’]t|do not) (?:do|handle|offer|arrange|cover))|' +
  '\\b(?:beyond|outside(?: of)?) (?:my|what (?:I|my|we))\\b|\\b(?:I|we) (?:write |do |have )?(?:nothing outside|only do)\\b|\\bI have no (?:\\w{1,20} ){0,2}(?:to|for)\\b|\\bnot in (?:our|my) hands\\b|\\bnot (?:something|anything) (?:that )?(?:I|we) can\\b|\\b(?:that|this|which|it) (?:I|we) can(?:no|[\'’])t\\b|\\bthere is no (?:tool|way|option|function)\\b|\\bno tool\\b|\\bnothing (?:that )?(?:I|we) can\\b|^no, [^.!?]{0,60} only\\b', 'i')
/** Still about to do it, or asking for what it needs. */
const CONDITIONAL = /\b(?:without|until|unless|before|guess|yet|if you|once you|as long as)\b/i
const STOP_WORDS = new Set('this that with from have your they them then than when what which will would could should must only also just there their here about into more most been were does done before after the and for you are not can may please shall like need make made want take give'.split(' '))

/**
 * Rounds in which the assistant holds to a rule of the system prompt against a wish, and rounds in which it admits that it
 * has no means for something: a refusal that speaks of the same as a rule is the one, a plain inability the other.
 */
export function countRefusals ({ system, rounds }: Rounds): { readonly ruleConflicts: number, readonly limitsAdmitted: number } {
  const rules = sentencesOf(system).slice(0, MAX_RULES).map(wordsOf).filter(words => words.size > 0)
  let [ruleConflicts, limitsAdmitted] = [0, 0]
  for (const round of rounds) {
    const refusals = refusalsOf(round)
    const byRule = refusals.flatMap(sentence => followedRule(sentence, rules) ?? [])
    if (byRule.length > 0) ruleConflicts++
    if (refusals.some(sentence => isInability(sentence) && followedRule(sentence, rules) !== 'figure')) limitsAdmitted++
  }
  return { ruleConflicts, limitsAdmitted }
}

/** Sentences of refusal in a round, but for those that only report the error of a call. */
function refusalsOf ({ answers }: Round): string[] {
  let failed = new Set<string>()
  return answers.flatMap(({ text, calls }) => {
    const own = sentencesOf(text).filter(sentence => (REFUSAL.test(sentence) || INABILITY.test(sentence)) && inCommon(wordsOf(sentence), failed) < 2)
    const errors = calls.filter(({ observation }) => observation?.kind === 'error')
    if (errors.length > 0) failed = new Set([...failed, ...errors.flatMap(({ call, observation }) => [...wordsOf(`${observation?.content ?? ''} ${call.name.replaceAll('_', ' ')}`)])])
    return own
  })
}

/** What a sentence has of a rule: a figure of it and a word, or three words, or most of them. */
function followedRule (sentence: string, rules: ReadonlyArray<ReadonlySet<string>>): 'figure' | 'words' | undefined {
  const words = [...wordsOf(sentence)]
  const shared = rules.map(rule => ({ rule, common: words.filter(word => rule.has(word)) })).filter(({ common }) => common.length >= 2)
  if (shared.some(({ common }) => common.some(word => /\d/.test(word)))) return 'figure'
  return shared.some(({ rule, common }) => common.length >= 3 || common.length > rule.size / 2) ? 'words' : undefined
}

function isInability (sentence: string): boolean {
  return INABILITY.test(sentence) && !CONDITIONAL.test(sentence) && !sentence.endsWith('?')
}

function inCommon (words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...words].filter(word => others.has(word)).length
}

function sentencesOf (text: string): string[] {
  return text.slice(0, MAX_TEXT).split(/(?<=[.!?;])\s+|\n+/).map(sentence => sentence.trim()).filter(sentence => sentence !== '')
}

/** Words of four letters at least, by their first five, and numbers. */
function wordsOf (sentence: string): Set<string> {
  const words = sentence.toLowerCase().match(/\d+(?:[.:]\d+)?|[a-z]{4,}/g) ?? []
  return new Set(words.filter(word => !STOP_WORDS.has(word)).map(word => word.slice(0, 5)))
}
