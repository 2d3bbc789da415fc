import { followsFrom } from './follows-from.js'
import { suspectKind } from './grounding/shapes.js'
import { compoundsOf, emailsOf, foldOf } from './grounding/text-forms.js'
import { quote, type Finding, type Rule } from './rule.js'
import { createSaid, type Said } from './said.js'
import { MAX_TEXT_CHARACTERS, stringify, withoutCode } from './texts.js'

const UNIT = '%|percent|dollars?|euros?|pounds?|cents?|usd|eur|gbp|kg|g|lbs?|km|miles?|mm|cm|m²|m³|metres?|meters?|litres?|liters?|kwh|watts?|gb|mb|tb|points?|days?|nights?|weeks?|months?|years?|hours?|minutes?'
const NUMBER = '\\d[\\d,]{0,20}(?:\\.\\d{1,6})?'
/** An amount with its sign, or by its two decimals alone (not a time or a version), or a number with a unit. */
const AMOUNT = new RegExp(`[$€£]\\s?(${NUMBER})|` +
  '(?<![\\w.,$€£:/-])(?<!\\b(?:at|until|by|from|around|version|v) )(\\d[\\d,]{0,20}\\.\\d{2})(?!\\w|\\.\\d|[%:/-]|\\s(?:%|[a-z]{1,2}\\b))|' +
  `(?<![\\w.$€£-])(${NUMBER})\\s?-?(${UNIT})(?!\\w)`, 'gi')
const SPAN_OF_DAYS = /^(?:day|night|week|month|year)/i
const SPAN_OF_TIME = /^(?:hour|minute)/i
const MONEY = /^(?:dollars?|euros?|pounds?|cents?|usd|eur|gbp)$/i
/** A dialogue that writes money with its decimals does so throughout: kilowatts are not added to it. */
const LEAST_MONEY = 3
const TRIVIAL = 10
/** Values that are looked at: each costs a search through numbers. */
const MAX_VALUES = 1_000
const MAX_FINDINGS = 20

/**
 * Amounts, numbers with a unit, ids and addresses in what the assistant says were said before by the system prompt, the
 * user, a tool or its definition, or follow from such numbers in one step; spans of time count only where no dates give them.
 * What the assistant said itself is no basis. Each value is told once. Reported only. Beyond the paper, whose R3 asks a model
 * for figures that change.
 */
export const textUngrounded: Rule = {
  name: 'text-ungrounded',
  mode: 'report',
  check: ({ tools, messages }) => {
    const [said, asked] = [createSaid(), new Set<string>()]
    for (const tool of tools) said.add(`${tool.description} ${stringify(tool.parameters)}`.slice(0, MAX_TEXT_CHARACTERS))
    const findings: Finding[] = []
    for (const [index, { role, content }] of messages.entries()) {
      // Of a longer text not all is heard: after it nobody can say what has no basis.
      if (content.length > MAX_TEXT_CHARACTERS || findings.length >= MAX_FINDINGS) break
      if (role !== 'assistant') said.add(content)
      else for (const value of valuesOf(content, said, asked)) findings.push({ rule: 'text-ungrounded', message: `${quote(value)} has no basis in what was said before`, where: { message: index } })
    }
    return findings.slice(0, MAX_FINDINGS)
  }
}

/** Values of a text that nothing gave, as they stand there; those that were asked for before are left out. */
function valuesOf (content: string, said: Said, asked: Set<string>): string[] {
  if (!/\d|@/.test(content)) return []
  const text = withoutCode(content)
  const isFresh = (value: string): boolean => asked.size < MAX_VALUES && !asked.has(value) && asked.add(value).has(value)
  const amounts = [...text.matchAll(AMOUNT)].flatMap(([quoted, signed, bare, number, unit = '']) =>
    isFresh(quoted) && !isGivenAmount(Number((signed ?? bare ?? number ?? '').replaceAll(',', '')), unit, said) ? [quoted.trim()] : [])
  const addresses = text.includes('@') ? emailsOf(text) : []
  const plain = addresses.reduce((rest, address) => rest.replaceAll(address, ' '), text)
  const ids = compoundsOf(plain).filter(word => /\d/.test(word) && suspectKind(word, '') === 'id' && isFresh(word) && !isGivenId(word, said))
  return [...amounts, ...addresses.filter(address => isFresh(address) && !said.addresses.has(address)), ...ids]
}

function isGivenAmount (number: number, unit: string, { numbers, money, hasDate, hasClock }: Said): boolean {
  if (numbers.has(number) || (Number.isInteger(number) && number <= TRIVIAL)) return true
  if ((hasDate && SPAN_OF_DAYS.test(unit)) || (hasClock && SPAN_OF_TIME.test(unit))) return true
  const isMoney = unit === '' || MONEY.test(unit)
  return followsFrom(number, { all: numbers, alike: isMoney && money.size >= LEAST_MONEY ? money : numbers })
}

/** As a whole, or each of its parts that holds a digit: `ORD-4417` where order 4417 was spoken of. */
function isGivenId (id: string, { words }: Said): boolean {
  return words.has(foldOf(id)) || id.split(/[-_.]/).every(part => !/\d/.test(part) || words.has(foldOf(part)))
}
