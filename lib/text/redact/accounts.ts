import validator from 'validator'
import { when, type ValuePattern } from './finding.js'

/** `GB.. WEST` is the example of every guide to IBAN and no bank; 4242 42 is a range of test cards. Surrogates are made of them. */
const RESERVED_IBAN = /^GB\d\d ?WEST/
const RESERVED_CARD = /^4242[ -]?42/
const CARD_SHAPE = /^(?:\d{13,16}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}|\d{4}([ -])\d{6}\2\d{4,5})$/
const SHORTEST_IBAN = 15

/** Numbers of bank accounts and cards. Both carry check digits, so that an order number rarely passes for one. */
const ACCOUNTS: readonly ValuePattern[] = [
  {
    type: 'iban',
    pattern: /(?<![A-Za-z0-9])()([A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30})/g,
    accept: acceptIban
  },
  {
    type: 'card',
    pattern: /(?<![\w.,/#=-])()(\d(?:[ -]?\d){12,15})(?![\w-]| ?\d)/g,
    accept: when(value => CARD_SHAPE.test(value) && !RESERVED_CARD.test(value) && validator.isCreditCard(value))
  }
]

/** The longest start of the value that is an IBAN: words in capitals may follow it. */
function acceptIban (value: string): string | undefined {
  if (RESERVED_IBAN.test(value)) return undefined
  for (let end = value.length; end >= SHORTEST_IBAN; end--) {
    const start = value.slice(0, end)
    if (/[A-Z0-9]$/.test(start) && validator.isIBAN(start)) return start
  }
  return undefined
}

/** What such a number is called, in the languages in which it is often given. */
const ID_WORDS = [
  'ssn', 'social security(?: number)?', 'national insurance(?: number)?', 'ni number', 'nino', 'passport(?: number)?', 'reisepass', 'passeport', 'pasaporte', 'passaporto',
  'licen[cs]e(?: number)?', 'identity card(?: number)?', 'personalausweis', 'carte d[\'’]identité', 'aadhaar(?: number)?', 'pan',
  'pesel', 'bsn', 'sin', 'cpf', 'dni', 'nie', 'steuer-?id(?:entifikationsnummer)?', 'numéro de sécurité sociale', 'codice fiscale', 'c\\.f\\.', '身份证号?', 'паспорт'
].join('|')
const ID_PART = '(?:[A-Z]{1,2}|[A-Z0-9]{0,16}\\d[A-Z0-9]{0,16})'
const LEAST_DIGITS = 4
const SHORTEST_ID = 7
/** No office gives out numbers that begin so; surrogates do. */
const UNUSED_DIGITS = '000'

/** Numbers of persons: by their own check digits or shape, or after the word for them. */
const NATIONAL_IDS: readonly ValuePattern[] = [
  {
    type: 'national-id',
    needs: /\d-\d/,
    // Area 000, 666 and 900 to 999, group 00 and serial 0000 are never given (United States, Social Security Administration).
    pattern: /(?<![\w-])()((?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4})(?![\w-])/g
  },
  { type: 'national-id', needs: /\d-\d/, pattern: /(?<![\w.-])()(\d{3}\.\d{3}\.\d{3}-\d{2})(?![\w-])/g, accept: when(value => !value.startsWith(UNUSED_DIGITS) && validator.isTaxID(value, 'pt-BR')) },
  { type: 'national-id', pattern: /(?<![A-Za-z0-9])()([A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])(?![A-Za-z0-9])/g, accept: when(value => validator.isTaxID(value, 'it-IT')) },
  { type: 'national-id', pattern: /(?<![\w-])()(\d{17}[\dX])(?![\w-])/g, accept: when(value => validator.isIdentityCard(value, 'zh-CN')) },
  {
    type: 'national-id',
    startsWord: true,
    pattern: new RegExp(`((?:${ID_WORDS})[ -]{0,2}(?:no|nr|nummer|number|#)?[\\s.:#=]{1,4})(${ID_PART}(?:[ .-]${ID_PART}){0,6})(?![A-Za-z0-9])`, 'gi'),
    accept: acceptId
  }
]

/** The part in capitals and digits, which is all that the pattern without regard to case cannot say. */
function acceptId (value: string): string | undefined {
  const [id = ''] = /^[A-Z0-9 .-]*[A-Z0-9](?![a-z])/.exec(value) ?? []
  const digits = id.replace(/\D/g, '')
  const many = digits.length >= LEAST_DIGITS || (digits.length >= 2 && /^[A-Z0-9]{8,}$/.test(id))
  return id.length >= SHORTEST_ID && many && !digits.startsWith(UNUSED_DIGITS) ? id : undefined
}

/** Numbers of accounts, cards and persons. */
export const ACCOUNT_PATTERNS: readonly ValuePattern[] = [...ACCOUNTS, ...NATIONAL_IDS]
