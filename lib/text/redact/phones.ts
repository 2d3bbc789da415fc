import { parsePhoneNumberFromString, type CountryCode, type NumberType } from 'libphonenumber-js/max'
import type { Finding } from './finding.js'

/** Seven to seventeen digits with what stands between the digits of a telephone number. */
const CANDIDATE = /(?<![\p{L}\p{N}_.,#/=-])(?:\+ ?)?\(?\d(?:[ ().\-/\u00a0]{0,3}\d){6,16}(?![\p{L}\p{N}_]|[.,:/-]\d)/gu
/** How a number is announced. After these any number is one; after the weak ones, one that begins like one. */
const STRONG_WORD = /(?<!\p{L})(?:tel|tele(?:ph|f)one?s?|telefon[oe]?|téléphone|teléfono|telefoon|phones?|ph|mobile?|móvil|celular|cel|cell|portable|fax|whatsapp|sms|tlf|puh|тел|телефон|моб|هاتف|sđt)(?!\p{L})[^\p{N}\n]{0,20}$|(?:电话|電話|手机|手機|热线|熱線|전화)[^\p{N}\n]{0,8}$/iu
const WEAK_WORD = /(?<!\p{L})(?:call|ring|text|contact|reach|dial|rufen|erreichen|appelez|bel|chiamare|llame|ligue|звоните)(?!\p{L})[^\n]{0,28}$/iu
const MOST_BEFORE = 48
/** Reserved for fiction: 555-01xx, and ranges of Ofcom, ARCEP, the Bundesnetzagentur and ACMA. */
export const FICTITIOUS_PHONE = /^(?:\+?1)?\d{3}55501\d\d$|^(?:\+?44|0)(?:1632960|7700900|2079460)\d{3}$|^(?:\+?33|0)19900\d{4}$|^(?:\+?49|0)3023125\d{3}$|^(?:\+?61|0)25550\d{4}$/
/** Nobody is behind them: the caller pays nothing, or too much. */
const PUBLIC_TYPES: ReadonlySet<NumberType> = new Set(['TOLL_FREE', 'PREMIUM_RATE', 'SHARED_COST', 'UAN'] as const)
const FREE_CALL = /^(?:\+?1)?8(?:00|33|44|55|66|77|88)\d{7}$|^(?:\+?7|8|0?0)?800\d{6,8}$/
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}$|^(?:1[5-9]|20)\d\d ?- ?(?:1[5-9]|20)\d\d$/
const NORTH_AMERICAN = /^(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}$/
/** Ten or eleven digits from a trunk 0 on, in groups; tried in the plans of countries whose numbers are often written so. */
const TRUNK = /^\(?0[1-9](?=.*[ )-])(?:[ ()-]{0,2}\d){8,9}$/
const TRUNK_COUNTRIES = ['GB', 'FR', 'DE', 'AU', 'JP', 'IT', 'NL', 'IN'] as const

/** Telephone numbers: those that the plan of a country gives out, written as there; others after a word that announces one. */
export function * findPhones (text: string): Generator<Finding> {
  for (const { 0: value, index: start } of text.matchAll(CANDIDATE)) {
    const digits = value.replace(/[^\d+]/g, '')
    if (DATE.test(value) || FICTITIOUS_PHONE.test(digits) || FREE_CALL.test(digits)) continue
    const before = text.slice(Math.max(0, start - MOST_BEFORE), start)
    if (isAnnounced(value, before) || (!/\d[ -]?$/.test(before) && isPlanned(value))) {
      yield { type: 'phone', value, start, end: start + value.length }
    }
  }
}

function isAnnounced (value: string, before: string): boolean {
  return STRONG_WORD.test(before) || (/^[+(0]/.test(value) && WEAK_WORD.test(before))
}

/** Whether the plan of its country gives the number out. A row of digits alone is not enough. */
function isPlanned (value: string): boolean {
  if (value.startsWith('+') || NORTH_AMERICAN.test(value)) return isGivenOut(value, 'US')
  return TRUNK.test(value) && TRUNK_COUNTRIES.some(country => isGivenOut(value, country))
}

function isGivenOut (value: string, country: CountryCode): boolean {
  const number = parsePhoneNumberFromString(value, country)
  return number?.isValid() === true && !PUBLIC_TYPES.has(number.getType())
}
