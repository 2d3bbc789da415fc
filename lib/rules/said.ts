import { compoundsOf, emailsOf, foldOf } from './grounding/text-forms.js'

const NUMBER = /(?<![\p{L}\d.])\d[\d,]{0,20}(?:\.\d{1,9})?/gu
const MONEY = /[$€£]\s?(\d[\d,]{0,20}(?:\.\d{1,6})?)|(?<![\w.,])(\d[\d,]{0,20}\.\d{2})(?!\w|\.\d)/g
const DATE = /\b\d{4}-\d{2}-\d{2}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i
const CLOCK = /\d:\d{2}|\d ?[ap]\.?m\b/i

/** What was said in a dialogue so far: words and figures, as far as a reader of what comes next needs them. */
export interface Said {
  /** In the order in which they were first said. */
  readonly numbers: ReadonlySet<number>
  /** Numbers with two decimals or a sign of money. */
  readonly money: ReadonlySet<number>
  readonly addresses: ReadonlySet<string>
  /** Joined words and their pieces, folded: `ord4417`, `4417`. */
  readonly words: ReadonlySet<string>
  /** Whether any date, or any time of day, was said. */
  readonly hasDate: boolean
  readonly hasClock: boolean
  /** Costs time linear in the text. */
  add (text: string): void
}

/** Nothing said yet. */
export function createSaid (): Said {
  const [numbers, money, addresses, words] = [new Set<number>(), new Set<number>(), new Set<string>(), new Set<string>()]
  const seen = new Set<string>()
  let [hasDate, hasClock] = [false, false]
  return {
    numbers, money, addresses, words,
    get hasDate () { return hasDate },
    get hasClock () { return hasClock },
    add (text) {
      for (const [number] of text.matchAll(NUMBER)) numbers.add(numberOf(number))
      for (const [, signed, plain] of text.matchAll(MONEY)) money.add(numberOf(signed ?? plain ?? ''))
      if (text.includes('@')) for (const address of emailsOf(text)) addresses.add(address)
      for (const compound of compoundsOf(text)) if (/\d/.test(compound) && !seen.has(compound)) seen.add(compound) && addWord(compound, words)
      hasDate ||= DATE.test(text)
      hasClock ||= CLOCK.test(text)
    }
  }
}

function addWord (compound: string, words: Set<string>): void {
  words.add(foldOf(compound))
  for (const piece of compound.split(/[-_.]/)) words.add(foldOf(piece))
}

function numberOf (text: string): number {
  return Number(text.replaceAll(',', ''))
}
