import { followsFrom } from './follows-from.js'
import { createBasis, type Basis } from './grounding/basis.js'
import { findId } from './grounding/find-id.js'
import { suspectKind } from './grounding/shapes.js'
import { compoundsOf, emailsOf } from './grounding/text-forms.js'
import { quote, type Finding, type Rule } from './rule.js'
import { MAX_TEXT_CHARACTERS, stringify, withoutCode } from './texts.js'

/** An amount (also by its two decimals alone), a share, a weight or a length; spans of time only where no dates give them. */
const AMOUNT = /([$€£])\s?(\d[\d,]{0,20}(?:\.\d{1,6})?)|(?<![\w.,$€£:/-])(?<!\b(?:at|until|by|from|around|version|v) )(\d[\d,]{0,20}\.\d{2})(?!\w|\.\d|[%:/-]|\s(?:%|[a-z]{1,2}\b))|(?<![\w.$€£-])(\d[\d,]{0,20}(?:\.\d{1,6})?)\s?-?(%|percent|dollars?|euros?|pounds?|cents?|usd|eur|gbp|kg|g|lbs?|km|miles?|mm|cm|m²|m³|metres?|meters?|litres?|liters?|kwh|watts?|gb|mb|tb|points?|days?|nights?|weeks?|months?|years?|hours?|minutes?)(?![\w])/gi
const SPAN_OF_DAYS = /^(?:day|night|week|month|year)/i
const SPAN_OF_TIME = /^(?:hour|minute)/i
const HAS_DATE = /\b\d{4}-\d{2}-\d{2}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i
const HAS_CLOCK = /\d:\d{2}|\d ?[ap]\.?m\b/i
const TRIVIAL = 10
const SUM_OF_MONEY = /[$€£]\s?(\d[\d,]{0,20}(?:\.\d{1,6})?)|(?<![\w.,])(\d[\d,]{0,20}\.\d{2})(?!\w|\.\d)/g
const MONEY = /^(?:dollars?|euros?|pounds?|cents?|usd|eur|gbp)$/i
/** A dialogue that writes money with its decimals does so throughout: kilowatts are not added to it. */
const LEAST_MONEY = 3
/** Values that are looked at: each derived one costs a search through all numbers. */
const MAX_VALUES = 1_000
const MAX_FINDINGS = 20

/** What was said so far, and what was asked of it. */
interface Hearing {
  readonly basis: Basis
  readonly asked: Set<string>
  /** Numbers with two decimals or a sign of money. */
  readonly money: Set<number>
  hasDate: boolean
  hasClock: boolean
}

/**
 * Amounts, numbers with a unit, ids and addresses in what the assistant says were said before by the system prompt, the
 * user, a tool or its definition, or follow from such numbers. What the assistant said itself is no basis. Each value is told
 * once. Reported only. Beyond the paper; its R3 asks a model for figures that change.
 */
export const textUngrounded: Rule = {
  name: 'text-ungrounded',
  mode: 'report',
  check: ({ tools, messages }) => {
    const hearing: Hearing = { basis: createBasis(), asked: new Set(), money: new Set(), hasDate: false, hasClock: false }
    for (const tool of tools) hear(`${tool.description} ${stringify(tool.parameters)}`.slice(0, MAX_TEXT_CHARACTERS), 'system', hearing)
    const findings: Finding[] = []
    for (const [index, message] of messages.entries()) {
      // Of a longer text not all is heard: after it nobody can say what has no basis.
      if (message.content.length > MAX_TEXT_CHARACTERS) break
      if (message.role !== 'assistant') hear(message.content, message.role === 'tool' ? 'observation' : message.role, hearing)
      else for (const value of valuesOf(message.content, hearing)) findings.push({ rule: 'text-ungrounded', message: `${quote(value)} has no basis in what was said before`, where: { message: index } })
      if (findings.length >= MAX_FINDINGS) break
    }
    return findings.slice(0, MAX_FINDINGS)
  }
}

function hear (text: string, origin: Parameters<Basis['add']>[1], hearing: Hearing): void {
  hearing.basis.add(text, origin)
  for (const [, signed, plain] of text.matchAll(SUM_OF_MONEY)) hearing.money.add(Number((signed ?? plain ?? '').replaceAll(',', '')))
  hearing.hasDate ||= HAS_DATE.test(text)
  hearing.hasClock ||= HAS_CLOCK.test(text)
}

/** Values of a text that nothing gave, as they stand there. */
function valuesOf (content: string, hearing: Hearing): string[] {
  const text = withoutCode(content)
  const amounts = [...text.matchAll(AMOUNT)].flatMap(([quoted, , money, bare, number, unit = '']) =>
    isFresh(quoted, hearing) && !isGivenAmount(Number((money ?? bare ?? number ?? '').replaceAll(',', '')), unit, hearing) ? [quoted.trim()] : [])
  const addresses = emailsOf(text).filter(address => isFresh(address, hearing) && !hearing.basis.exact.has(address))
  const plain = addresses.reduce((rest, address) => rest.replaceAll(address, ' '), text)
  const ids = compoundsOf(plain).filter(word => /\d/.test(word) && suspectKind(word, '') === 'id' && isFresh(word, hearing) && !isGivenId(word, hearing.basis))
  return [...amounts, ...addresses, ...ids]
}

function isFresh (value: string, { asked }: Hearing): boolean {
  if (asked.has(value) || asked.size >= MAX_VALUES) return false
  asked.add(value)
  return true
}

function isGivenAmount (number: number, unit: string, { basis, money, hasDate, hasClock }: Hearing): boolean {
  if (Number.isInteger(number) && number <= TRIVIAL) return true
  if ((hasDate && SPAN_OF_DAYS.test(unit)) || (hasClock && SPAN_OF_TIME.test(unit))) return true
  if (basis.numbers.has(number)) return true
  const all = [...basis.numbers.keys()]
  const isMoney = unit === '' || MONEY.test(unit)
  return followsFrom(number, { all, alike: isMoney && money.size >= LEAST_MONEY ? money : all })
}

function isGivenId (id: string, basis: Basis): boolean {
  return findId(id, '', basis) !== undefined
}
