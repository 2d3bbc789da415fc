import { isLooseName } from './choice.js'
import { snakeCase } from './text-forms.js'

/** Kinds of values that an assistant cannot make up: without a basis they were invented. */
export type SuspectKind = 'id' | 'credential' | 'contact'

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}\.[a-z]{2,24}$/i
const PHONE = /^(?:\+|\(|00)?[\d\s().-]{7,24}$/
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const PREFIXED = /^#?[a-z]{1,12}[-_#]?\d{3,}(?:[-_][a-z0-9]+)*$/i
const GROUPED = /^(?=.*\d{3})#?[A-Z]{1,6}(?:[-_][A-Z0-9]{2,12}){1,4}$/
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{12,}$/i
const TOKEN = /^(?=.*\d.*\d)(?=.*[a-z].*[a-z])[a-z0-9_.-]{16,}$/i
/** Card numbers, IBANs and numbers of social security in the groups in which people write them. */
const IN_GROUPS = /^(?:\d{4}(?:[ -]\d{4}){3}|\d{3}-\d{2}-\d{4}|[A-Z]{2}\d{2}(?: [A-Z\d]{4}){2,7}(?: [A-Z\d]{1,4})?)$/
/** Codes and numbers with a space in them, where the name says that they are an id. */
const SPACED = /^#?[A-Z\d]{1,8}(?: [A-Z\d]{1,8}){1,8}$/i
const MIXED = /^(?=(?:.*\d){3})(?=(?:.*[a-z]){2})[a-z0-9]{6,}$/i

/** Values that look like an id and are something else: dates, times, sizes, versions, files, standards, quarters. */
const NO_ID = new RegExp([
  '^\\d{4}-\\d{2}(?:-\\d{2})?(?:[T ].*)?$', '^\\d{1,2}[:/.-]\\d{1,2}(?:[:/.-]\\d{1,4})?$', '^\\d+(?:\\.\\d+)?\\s*[a-z%°]{1,5}(?:/[a-z]+)?$',
  '^\\d+\\s*[x×]\\s*\\d+', '^v?\\d+(?:\\.\\d+)+$', '\\.[a-z][a-z0-9]{0,4}$', '^(?:iso|sha|aes|utf|rfc|http|cp|windows|covid|q|h|mp|gpt|rgb|utc|gmt)[-_ ]?\\d+',
  '^\\d{4}[-_ ]?(?:q|w|h)\\d{1,2}$', '^(?:top|last|next|past|level|page|step|phase|day|week|month|year|room|floor|size|version|section|chapter|fy|line|grade)[-_ ]?\\d+$',
  '^(?:usd|eur|gbp|inr|jpy|cad|aud|chf|cny)[-_ ]?\\d', '^(?:19|20)\\d{6}(?:T?\\d{4,6}Z?)?$',
  '^[a-z_-]+(?:19|20)\\d{2}(?:[-_]?(?:0[1-9]|1[0-2])(?:[-_]?[0-3]\\d)?)?$',
  '^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-_ ]?\\d+', '^#[0-9a-f]{3,8}$'
].join('|'), 'i')

const CREDENTIAL_NAME = /(?:^|_)(?:password|passwd|pwd|passcode|passphrase|secret|token|pin|otp|cvv|cvc|api_key|access_key|private_key|secret_key|credential|credentials)(?:_|$)/
const CREDENTIAL_CODE = /(?:^|_)(?:verification|security|access|auth|authorization|login|reset|confirmation|booking|promo|coupon|discount|voucher|referral|gift|invite|invitation)_(?:code|key)(?:_|$)|(?:verification|security)_(?:number|no|value)(?:_|$)/
const ID_NAME = new RegExp('(?:^|_)(?:ids?|uuid|guid|ssn|iban|swift_code|vin|imei|isbn|mrn|sku|username|user_name|account|' +
  '(?:order|confirmation|tracking|serial|account|card|policy|invoice|booking|reservation|reference|ticket|case|member|membership|license|licence|passport|' +
  'registration|routing|receipt|shipment|loyalty|flight|phone|patient|employee|customer|transaction|claim)_(?:number|no|num|ref|reference)|pnr)$')
/** Seconds since 1970 look like an account number. */
const TIME_NAME = /time|date|stamp|since|until|before|after|start|end|_at$/
const EMAIL_NAME = /(?:^|_)e?_?mails?(?:_|$)/
const PHONE_NAME = /(?:^|_)(?:phone|mobile|cell|telephone|tel|fax|whatsapp|contact_number)(?:_|$)/
/** Names whose value the assistant is meant to make up, or that count something. */
const OWN_CHOICE = /(?:idempotency|nonce|correlation_id|request_id|trace_id|client_ref|max_tokens|num_tokens|token_count|token_limit|next_token|page_token_size|token_type|pin_message|is_pinned|email_(?:type|body|subject|template|format|frequency)|phone_type|(?:password|pin|otp|token)_(?:length|type|policy|expiry|ttl))/

/**
 * Says whether a value is of a kind that needs a basis: an id, a credential, or contact data, by its own shape or by the
 * name of its argument. `name` is the last name on the way to the value, singular or plural, in any case style.
 */
export function suspectKind (value: string | number, name: string): SuspectKind | undefined {
  const key = snakeCase(name)
  if (OWN_CHOICE.test(key)) return undefined
  const text = String(value).trim()
  if (text === '') return undefined
  if (CREDENTIAL_NAME.test(key) || CREDENTIAL_CODE.test(key)) return 'credential'
  if (typeof value === 'number') return ID_NAME.test(key) || PHONE_NAME.test(key) ? 'id' : undefined
  if (EMAIL.test(text)) return 'contact'
  if (EMAIL_NAME.test(key)) return /[@\d]/.test(text) && !/\s/.test(text) ? 'contact' : undefined
  if (isPhone(text, key)) return 'contact'
  return isId(text, key) ? 'id' : undefined
}

function isPhone (text: string, key: string): boolean {
  if (!PHONE.test(text) || NO_ID.test(text)) return false
  const digits = text.replace(/\D/g, '').length
  return digits >= 7 && digits <= 15 && (PHONE_NAME.test(key) || /^(?:\+|\()|\d[ .-]\d{3}[ .-]\d/.test(text))
}

function isId (text: string, key: string): boolean {
  if (text.length > 200) return false
  if (IN_GROUPS.test(text)) return true
  if (ID_NAME.test(key) && !/^https?:/i.test(text) && (!/\s/.test(text) || SPACED.test(text))) return /[\d_-]/.test(text)
  if (/\s/.test(text) || (/^1\d{9}(?:\d{3})?$/.test(text) && TIME_NAME.test(key))) return false
  return UUID.test(text) || (!NO_ID.test(text) && hasShapeOfId(text) && !(isLooseName(key) && hasLooseShape(text)))
}

function hasShapeOfId (text: string): boolean {
  if (PREFIXED.test(text)) return /[-_#]|\d{4}/.test(text)
  return [/^\d{8,}$/, HEX, GROUPED, MIXED, TOKEN].some(shape => shape.test(text))
}

/** A word with a number behind, as people number files and servers: `backup_001`, `Server-0042`. */
function hasLooseShape (text: string): boolean {
  return /^[a-z]{3,}(?:[-_][a-z]+)*[-_]?\d{1,4}(?:[-_][a-z\d]+)*$/i.test(text) && !/^[A-Z]{2,4}[-_]?\d/.test(text)
}
