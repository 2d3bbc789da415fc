import { detectLanguage } from '../text/detect-language.js'
import { strangeScript } from './scripts.js'
import { quote, type Finding, type Rule } from './rule.js'
import { withoutCode, withoutQuotes } from './texts.js'

/** What is judged of a text: its language does not change after pages. */
const MAX_CHARACTERS = 20_000
/** Prose shorter than this says too little about its language. */
const MIN_WORDS = 8
const MIN_LETTERS = 40
const MIN_CONFIDENCE = 0.3

/** Parts of a text that are in no language: addresses, data in braces, joined words and words with digits, names of things. */
const NO_PROSE = /https?:\/\/\S{1,400}|\S{1,64}@\S{1,190}|\{[^{}]{0,2000}\}|[\p{L}\p{N}]{1,60}(?:[_/.\\][\p{L}\p{N}]{1,60}){1,20}|\p{L}{0,40}\p{N}[\p{L}\p{N}-]{0,60}/gu
/** Words in capitals but for the first of a sentence: names, and what stands on a button. */
const NAMES = /(?<=[\p{L}\p{N},;)] {1,2})\p{Lu}\p{L}{0,40}/gu

/** Words that English prose cannot do without; where they are, no detector is asked. */
const ENGLISH = new Set(('the of and to in is that it for you on are with as be at this have from or by but not what all when we there can an your which if will how ' +
  'i my me a do does so please would could should has was were been no yes any more than then also let it\'s i\'m i\'ll i\'ve that\'s you\'re don\'t can\'t').split(' '))
const MIN_ENGLISH_SHARE = 0.15
const CLEARLY_ENGLISH = 0.25
const WORDS = /[\p{L}\p{M}'’]+/gu

/**
 * Every turn of system, user and assistant is in the target language and in its script. Quoted text, code, addresses, data
 * and names do not count; short turns are not judged. Beyond the paper, whose generation prompt asks for English (A.3).
 */
export const language: Rule = {
  name: 'language',
  mode: 'drop',
  check: ({ messages }, { language: target }) => messages.flatMap((message, index): Finding[] => {
    if (message.role === 'tool') return []
    const fault = faultOf(message.content, target)
    return fault === undefined ? [] : [{ rule: 'language', message: fault, where: { message: index } }]
  })
}

function faultOf (content: string, target: string): string | undefined {
  const prose = withoutQuotes(withoutCode(content.slice(0, MAX_CHARACTERS)))
  const strange = strangeScript(prose, target)
  if (strange !== undefined) return `${strange.script} in a turn that is to be ${quote(target)}: ${quote(strange.sample)}`
  // Nearly every turn is English through and through, and is read no further.
  if (target === 'en' && shareOfEnglish(prose.match(WORDS) ?? []) >= CLEARLY_ENGLISH) return undefined
  const plain = prose.replace(NO_PROSE, ' ').replace(NAMES, ' ')
  const words = plain.match(WORDS) ?? []
  if (words.length < MIN_WORDS || plain.replace(/\P{L}/gu, '').length < MIN_LETTERS) return undefined
  if (target === 'en' && shareOfEnglish(words) >= MIN_ENGLISH_SHARE) return undefined
  const { language, confidence } = detectLanguage(plain.replace(/\s+/g, ' ').trim())
  if (language === undefined || language === target || confidence < MIN_CONFIDENCE) return undefined
  return `written in ${quote(language)}, not in ${quote(target)}: ${quote(content.trim())}`
}

function shareOfEnglish (words: readonly string[]): number {
  return words.filter(word => ENGLISH.has(word.toLowerCase().replace('’', '\''))).length / words.length
}
