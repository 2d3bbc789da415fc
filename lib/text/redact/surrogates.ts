import { createHash } from 'node:crypto'
import { fillDigits } from './fill-digits.js'
import type { RedactedType } from './finding.js'
import { phoneSurrogate } from './phone-surrogate.js'
import { secretSurrogate } from './secret-surrogate.js'

const GIVEN = 'alex blair casey dana elliot finley gray harper indigo jamie kai lane morgan noel oakley parker quinn reese sage tatum umber val wren yael zion arden briar clove drew ellis frey hollis'.split(' ')
const FAMILY = 'abbot brook carver dale easton field grove hale irving jarvis keel linden marsh north orchard pike quill reed stone thorn upton vale webb yarrow ames birch cole dunn ember forge glen heath'.split(' ')
const MAIL_DOMAINS = ['example.com', 'example.net', 'example.org']
/** Mailboxes of an office, nobody's name. */
const OFFICE = /^(?:info|contact|support|help|helpdesk|sales|office|admin|service|team|hr|press|jobs|billing|orders?|no-?reply|postmaster|webmaster|abuse|enquiries|reception|bookings?|payroll)(?=@)/i
const NAMES = GIVEN.length * FAMILY.length
/** Odd, so that steps of it go through all names, and neighbours differ in both. */
const NAME_STEP = 389

/** The networks for documentation (RFC 5737), 254 hosts each. */
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113']
const HOSTS = 254

/**
 * The surrogate of one value. `index` counts the different values of its type, from a start that hangs on the document: nothing
 * of the value goes into it but its shape, so that nobody can find the value by trying.
 */
export function surrogateOf (type: RedactedType, value: string, { index, seed }: SurrogateNumber): string {
  switch (type) {
    case 'email': return mailSurrogate(value, index)
    case 'phone': return phoneSurrogate(value, index)
    case 'ip': return value.includes(':') ? `2001:db8::${(index % 0xffff + 1).toString(16)}` : `${NETWORKS[index % 3]}.${Math.floor(index / 3) % HOSTS + 1}`
    case 'mac': return macSurrogate(value, index)
    case 'card': return fillDigits(value, cardDigits(value.replace(/\D/g, '').length, index))
    case 'iban': return ibanSurrogate(value, index)
    case 'national-id': return idSurrogate(value, index)
    case 'secret': return secretSurrogate(value, { index, filler: fillerOf(seed, index) })
  }
}

/** Which of the surrogates of a type: `seed` is the document's. */
export interface SurrogateNumber { readonly index: number, readonly seed: string }

/** Where the surrogates of a type begin in a document, below 1,000: different documents tell different names. */
export function startOf (seed: string, type: RedactedType): number {
  return createHash('sha256').update(`${seed}\n${type}`).digest().readUInt32BE(0) % 1000
}

/** What two ways to write one value have in common: `+1 (415) 867-5309` and `415.867.5309`. */
export function identityOf (type: RedactedType, value: string): string {
  if (type === 'secret') return value
  if (type === 'phone') return value.replace(/\D/g, '').slice(-8)
  return value.replace(type === 'email' || type === 'ip' ? /\s/g : /[\s.-]/g, '').toLowerCase()
}

function mailSurrogate (value: string, index: number): string {
  const office = OFFICE.exec(value)?.[0].toLowerCase()
  const at = index * NAME_STEP % NAMES
  const [given, family] = [GIVEN[at % GIVEN.length], FAMILY[Math.floor(at / GIVEN.length)]]
  const round = Math.floor(index / NAMES) % 64
  if (office !== undefined) return `${office}@${given}-${family}.example`
  return `${given}.${family}${round === 0 ? '' : round + 1}@${MAIL_DOMAINS[index % MAIL_DOMAINS.length]}`
}

/** RFC 7042, section 2.1.2: 256 addresses. */
function macSurrogate (value: string, index: number): string {
  const last = (index % 256).toString(16).padStart(2, '0').toUpperCase()
  const mac = `00:00:5E:00:53:${last}`.replaceAll(':', value[2] ?? ':')
  return value === value.toLowerCase() ? mac.toLowerCase() : mac
}

/** Digits of a test card, with the check digit of Luhn. */
function cardDigits (length: number, index: number): string {
  const body = '424242' + String(index).padStart(length - 7, '0').slice(7 - length)
  let sum = 0
  for (let place = 0; place < body.length; place++) {
    const digit = Number(body[body.length - 1 - place]) * (place % 2 === 0 ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return body + String((10 - sum % 10) % 10)
}

/** `WEST` is no bank: the letters are those of the example in every guide to IBAN. Check digits by ISO 13616. */
function ibanSurrogate (value: string, index: number): string {
  const account = String(index).padStart(14, '0')
  const check = 98n - BigInt(`32142829${account}161100`) % 97n
  const iban = `GB${String(check).padStart(2, '0')}WEST${account}`
  return /\s/.test(value) ? iban.replace(/.{4}(?=.)/g, '$& ') : iban
}

/** Zeros and the number in the digits' places, X for letters. No office gives out numbers that begin with three zeros. */
function idSurrogate (value: string, index: number): string {
  const digits = value.replace(/\D/g, '').length
  const most = 10 ** Math.max(1, digits - 3)
  return fillDigits(value.replace(/[A-Z]/g, 'X'), String(index % most).padStart(digits, '0'))
}

function fillerOf (seed: string, index: number): string {
  return createHash('sha256').update(`${seed}\nfiller\n${index}`).digest('hex').toUpperCase()
}
