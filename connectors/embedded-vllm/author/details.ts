import { BREAKS, FILLERS, snake, VERBS } from './words.js'

/** JSON Schema of one parameter. */
export type ParameterSchema = Readonly<Record<string, unknown>> & { readonly type: string, readonly description: string }

/** Parameters that a step itself names: options, numbers with a unit, ids, dates and addresses. At most three. */
export function readDetails (step: string): Record<string, ParameterSchema> {
  const details: Record<string, ParameterSchema> = {}
  const add = (name: string, schema: ParameterSchema): void => {
    if (Object.keys(details).length < 3 && details[name] === undefined) details[name] = schema
  }
  for (const [name, schema] of [...idDetails(step), ...plainDetails(step)]) add(name, schema)
  const options = readOptions(step)
  if (options !== undefined) add(options.name, { type: 'string', enum: options.values, description: `One of the options that the guide names for "${options.name.replaceAll('_', ' ')}".` })
  const number = readNumber(step)
  if (number !== undefined) add(number.name, number.schema)
  return details
}

const ID = /\b(order|serial|tracking|account|invoice|ticket|case|reference|confirmation|model|part|booking|reservation|customer|member|policy|licen[cs]e|registration|card|receipt|meter|batch|patient|student|asset|device|room|seat|table|article|item|voucher|claim|contract) (number|id|code|no)\b/gi

function * idDetails (step: string): Generator<readonly [string, ParameterSchema]> {
  for (const match of step.slice(0, 400).matchAll(ID)) {
    const name = `${match[1]!.toLowerCase().replace('licence', 'license')}_${match[2]!.toLowerCase() === 'no' ? 'number' : match[2]!.toLowerCase()}`
    yield [name, { type: 'string', description: `The ${name.replaceAll('_', ' ')}, as the customer reads it out.` }]
  }
}

const PLAIN: ReadonlyArray<readonly [RegExp, string, ParameterSchema]> = [
  [/\be-?mail(?: address)?\b/i, 'email', { type: 'string', format: 'email', description: 'Email address to use.' }],
  [/\b(?:phone|mobile) number\b/i, 'phone_number', { type: 'string', description: 'Phone number with country code.' }],
  [/\b(?:date|day of|deadline)\b/i, 'date', { type: 'string', format: 'date', description: 'Date as YYYY-MM-DD.' }],
  [/\b(?:address|postcode)\b/i, 'address', { type: 'string', description: 'Street, number and town.' }],
  [/\breasons?\b/i, 'reason', { type: 'string', description: 'Why it is done, in a few words.' }],
  [/\bphotos?\b/i, 'photo_count', { type: 'integer', minimum: 1, maximum: 20, description: 'How many photos are attached.' }]
]

function * plainDetails (step: string): Generator<readonly [string, ParameterSchema]> {
  for (const [sign, name, schema] of PLAIN) if (sign.test(step)) yield [name, schema]
}

/** `standard or express shipping` → its options; the name comes from the word before them or from the last of them. */
function readOptions (step: string): { readonly name: string, readonly values: readonly string[] } | undefined {
  const at = step.search(/,? or /)
  if (at === -1) return undefined
  const before = step.slice(Math.max(0, at - 90), at).split(/[.;:("“]/).at(-1) ?? ''
  const right = wordsUntilBreak(step.slice(at).replace(/^,? or /, ''))
  const left = before.split(',').map(part => lastWords(part)).filter(part => part !== '')
  const values = [...new Set([...left.slice(-3), right])].filter(value => /^[\p{L}][\p{L}\p{N} '-]{1,29}$/u.test(value))
  if (values.length < 2 || values.some(value => VERBS.has(value.split(' ')[0]!) && !value.includes(' '))) return undefined
  const name = snake(values.at(-1)!.split(' ').at(-1)!)
  return { name: name === '' ? 'choice' : `${name}_choice`, values }
}

function wordsUntilBreak (text: string): string {
  const words: string[] = []
  for (const word of text.slice(0, 80).split(/\s+/, 6)) {
    const bare = word.replace(/[^\p{L}\p{N}'-]+/gu, '').toLowerCase()
    if (bare === '' || (words.length > 0 && (BREAKS.has(bare) || FILLERS.has(bare)))) break
    if (!FILLERS.has(bare)) words.push(bare)
    if (/[.,;:!?)]$/.test(word) || words.length === 2) break
  }
  return words.join(' ')
}

function lastWords (part: string): string {
  const words = part.trim().split(/\s+/).map(word => word.replace(/[^\p{L}\p{N}'-]+/gu, '').toLowerCase()).filter(word => word !== '')
  const tail: string[] = []
  for (const word of words.slice(-2).reverse()) {
    if (BREAKS.has(word) || FILLERS.has(word)) break
    tail.unshift(word)
  }
  return tail.slice(-1).join(' ')
}

const NUMBER = /(\d{1,6}(?:\.\d{1,2})?)\s?(%|°C|°F|\p{L}{1,12})/gu
const UNITS: ReadonlyMap<string, string> = new Map(Object.entries({
  '%': 'percent', percent: 'percent', '°c': 'degrees_celsius', '°f': 'degrees_fahrenheit', kg: 'weight_kg', g: 'weight_g', km: 'distance_km', m: 'length_m',
  cm: 'length_cm', mm: 'length_mm', l: 'volume_l', ml: 'volume_ml', gb: 'size_gb', mb: 'size_mb', second: 'seconds', seconds: 'seconds', minute: 'minutes',
  minutes: 'minutes', min: 'minutes', hour: 'hours', hours: 'hours', day: 'days', days: 'days', week: 'weeks', weeks: 'weeks', month: 'months',
  months: 'months', euros: 'amount_eur', euro: 'amount_eur', dollars: 'amount_usd', dollar: 'amount_usd', bar: 'pressure_bar', volts: 'volts', pages: 'pages',
  characters: 'characters', copies: 'copies', items: 'items', people: 'people', guests: 'guests', files: 'files', rows: 'rows', photos: 'photo_count'
}))

/** The first number with a unit; words such as `at most` in front of it make it a limit. */
export function readNumber (step: string): { readonly name: string, readonly schema: ParameterSchema, readonly value: number } | undefined {
  for (const match of step.slice(0, 600).matchAll(NUMBER)) {
    const name = UNITS.get(match[2]!.toLowerCase())
    if (name === undefined) continue
    const value = Number(match[1])
    const before = step.slice(Math.max(0, match.index - 28), match.index).toLowerCase()
    const most = /(?:at most|no more than|not more than|up to|maximum(?: of)?|under|less than|below|within|longest \w* ?is|no longer than|exceed)\s*$/.test(before)
    const least = /(?:at least|minimum(?: of)?|more than|over|above)\s*$/.test(before)
    const type = Number.isInteger(value) ? 'integer' : 'number'
    const bounds = most ? { minimum: Math.min(1, value), maximum: value } : least ? { minimum: value } : { minimum: 0, maximum: Math.max(1, value * 2) }
    const told = most ? `at most ${value} by the guide` : least ? `at least ${value} by the guide` : `${value} in the guide`
    return { name, value, schema: { type, ...bounds, ...(most || least ? {} : { default: value }), description: `${name.replaceAll('_', ' ')}, ${told}.` } }
  }
  return undefined
}
