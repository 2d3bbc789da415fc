/** Scripts that a language is written in; one that is not named here is written in Latin. */
const SCRIPTS_OF: Readonly<Record<string, readonly string[]>> = {
  zh: ['Han'], ja: ['Han', 'Hiragana', 'Katakana'], ko: ['Hangul', 'Han'],
  ru: ['Cyrillic'], uk: ['Cyrillic'], be: ['Cyrillic'], bg: ['Cyrillic'], sr: ['Cyrillic', 'Latin'], mk: ['Cyrillic'], kk: ['Cyrillic'],
  ar: ['Arabic'], fa: ['Arabic'], ur: ['Arabic'], ps: ['Arabic'], he: ['Hebrew'], yi: ['Hebrew'], el: ['Greek'], hy: ['Armenian'], ka: ['Georgian'],
  hi: ['Devanagari'], mr: ['Devanagari'], ne: ['Devanagari'], bn: ['Bengali'], pa: ['Gurmukhi'], gu: ['Gujarati'], ta: ['Tamil'], te: ['Telugu'],
  kn: ['Kannada'], ml: ['Malayalam'], th: ['Thai'], lo: ['Lao'], my: ['Myanmar'], km: ['Khmer'], am: ['Ethiopic']
}

const SPACED = ['Latin', 'Cyrillic', 'Arabic', 'Hebrew', 'Greek', 'Armenian', 'Georgian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Ethiopic', 'Hangul']

/** Six signs without a space of which one is a word of grammar: an address or the name of a company has none. */
const DENSE_RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー，。、？！：]{6,}/gu
const HAN_GRAMMAR = /[的了是我你您们請请吗嗎呢这這那不把被让讓给給会會要]/
const KANA = /\p{Script=Hiragana}/u

/** Letters of other scripts than Latin; most texts have none. */
const NOT_LATIN = /[^\P{L}\p{Script=Latin}]/u
/** A word of two alphabets that look alike: `Аccount` with a Cyrillic А. Signs such as µm and kΩ are units. */
const MIXED_WORD = /(?<!\p{L})(?=\p{L}{0,40}\p{Script=Cyrillic})(?=\p{L}{0,40}\p{Script=Latin})\p{L}{3,40}/u

/** What is written in a script that the language does not use: at least a clause, or a word of two alphabets. */
export interface StrangeScript { readonly script: string, readonly sample: string }

/**
 * Finds a clause in a script that is not the language's: a run of signs with grammar in it where a script has no spaces, else
 * five words. Names, addresses and single signs in another script are no finding. Linear in the length of the text.
 */
export function strangeScript (text: string, language: string): StrangeScript | undefined {
  const own = SCRIPTS_OF[language] ?? ['Latin']
  const usesLatin = own.includes('Latin')
  if (usesLatin && !NOT_LATIN.test(text)) return undefined
  const dense = own.includes('Han') ? undefined : denseClause(text)
  if (dense !== undefined) return dense
  for (const { script, pattern } of CLAUSES) {
    if (own.includes(script) || (!usesLatin && script === 'Latin')) continue
    const sample = pattern.exec(text)?.[0]
    if (sample !== undefined) return { script, sample }
  }
  const mixed = MIXED_WORD.exec(text)?.[0]
  return mixed === undefined ? undefined : { script: 'a word of Latin and Cyrillic letters', sample: mixed }
}

function denseClause (text: string): StrangeScript | undefined {
  for (const [sample] of text.matchAll(DENSE_RUN)) {
    if (KANA.test(sample)) return { script: 'Hiragana', sample }
    if (HAN_GRAMMAR.test(sample)) return { script: 'Han', sample }
  }
  return undefined
}

const CLAUSES: ReadonlyArray<{ readonly script: string, readonly pattern: RegExp }> = [
  ...['Thai', 'Lao', 'Myanmar', 'Khmer'].map(script => ({ script, pattern: new RegExp(`[\\p{Script=${script}}\\p{M}]{12,80}`, 'u') })),
  ...SPACED.map(script => ({ script, pattern: new RegExp(`(?:[\\p{Script=${script}}\\p{M}]{1,40}[\\s,.;:!?،؛।·-]{1,5}){4}[\\p{Script=${script}}\\p{M}]{1,40}`, 'u') }))
]
