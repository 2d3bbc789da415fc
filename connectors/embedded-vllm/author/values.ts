import { isObject } from '../../../lib/schema/json-value.js'
import type { Dice } from './dice.js'
import { clip } from './words.js'

/** A value for an argument, with what has to be said aloud for it to be known. */
export interface MadeValue {
  readonly value: unknown
  /** Label and text of each leaf that somebody has to state: `order id`, `ORD-48213`. */
  readonly leaves: ReadonlyArray<{ readonly label: string, readonly text: string }>
}

/** The person who asks, and what they have to tell. */
export interface Persona {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly address: string
  /** How they write. */
  readonly manner: 'formal' | 'brisk' | 'chatty' | 'worried'
}

const FIRST = ['Amara', 'Bjarne', 'Chiara', 'Dmitri', 'Esra', 'Farid', 'Greta', 'Hana', 'Ivo', 'Jolanta', 'Kwame', 'Leila', 'Mateus', 'Noor', 'Oskar', 'Priya', 'Quentin', 'Rosa', 'Sven', 'Tomoko', 'Uma', 'Viktor', 'Wanda', 'Yusuf']
const LAST = ['Abara', 'Bergstrom', 'Castell', 'Demir', 'Eklund', 'Fontaine', 'Grigorov', 'Haddad', 'Ibsen', 'Jansky', 'Kowal', 'Lindqvist', 'Marchetti', 'Nakata', 'Okafor', 'Petrov', 'Quispe', 'Rahman', 'Silva', 'Tanaka', 'Ullman', 'Varga', 'Weber', 'Zhou']
const STREETS = ['Mill Lane', 'Harbour Road', 'Station Street', 'Orchard Way', 'Church Hill', 'Canal Side', 'Market Row']
const TOWNS = ['Ashford', 'Brunnen', 'Carlow', 'Dorset', 'Elvas', 'Fermoy', 'Gouda', 'Halden']
const MANNERS = ['formal', 'brisk', 'chatty', 'worried'] as const

/** A person by the dice. */
export function createPersona (dice: Dice): Persona {
  const first = dice.pick(FIRST)
  const last = dice.pick(LAST)
  return {
    name: `${first} ${last}`,
    email: `${first.toLowerCase()}.${last.toLowerCase()}@example.${dice.pick(['org', 'com', 'net'])}`,
    phone: `+${dice.int(30, 49)} ${dice.digits(3)} ${dice.digits(6)}`,
    address: `${dice.int(2, 98)} ${dice.pick(STREETS)}, ${dice.pick(TOWNS)}`,
    manner: dice.pick(MANNERS)
  }
}

type Schema = Readonly<Record<string, unknown>>

/** Makes values that a schema allows; `words` are phrases of the source for free text. Undefined where it cannot. */
export function makeValue (name: string, schema: Schema, maker: { readonly dice: Dice, readonly persona: Persona, readonly words: readonly string[] }): MadeValue | undefined {
  const label = name.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  const leaf = (value: string | number | boolean): MadeValue => ({ value, leaves: [{ label, text: String(value) }] })
  if ('const' in schema) return isLeaf(schema.const) ? leaf(schema.const) : undefined
  const choices = Array.isArray(schema.enum) ? schema.enum.filter(isLeaf) : []
  if (choices.length > 0) return leaf(maker.dice.pick(choices))
  const type = Array.isArray(schema.type) ? schema.type.find(one => one !== 'null') : schema.type
  if (type === 'boolean') return leaf(maker.dice.chance(0.7))
  if (type === 'integer' || type === 'number') return numberValue(schema, maker.dice, leaf)
  if (type === 'array') return arrayValue(name, schema, maker)
  if (type === 'object' || isObject(schema.properties)) return objectValue(schema, maker)
  if (type !== 'string' && type !== undefined) return undefined
  const text = textValue(name, schema, maker)
  return text === undefined ? undefined : leaf(text)
}

function isLeaf (value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function numberValue (schema: Schema, dice: Dice, leaf: (value: number) => MadeValue): MadeValue {
  if (typeof schema.default === 'number' && dice.chance(0.7)) return leaf(schema.default)
  const whole = schema.type === 'integer'
  const bound = (inclusive: unknown, exclusive: unknown, inward: number): number | undefined =>
    typeof inclusive === 'number' ? inclusive : typeof exclusive === 'number' ? exclusive + inward : undefined
  const inward = whole ? 1 : 0.5
  const least = bound(schema.minimum, schema.exclusiveMinimum, inward) ?? Math.min(1, bound(schema.maximum, schema.exclusiveMaximum, -inward) ?? 1)
  const most = Math.max(least, bound(schema.maximum, schema.exclusiveMaximum, -inward) ?? least + 9)
  const low = whole ? Math.ceil(least) : least
  const step = typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : undefined
  if (step !== undefined) return leaf(Math.min(Math.floor(most / step), Math.ceil(Math.max(low, step) / step)) * step)
  if (!whole && !Number.isInteger(least)) return leaf(least)
  return leaf(dice.int(Math.max(low, Math.min(1, Math.floor(most))), Math.max(low, Math.min(Math.floor(most), low + 40))))
}

function arrayValue (name: string, schema: Schema, maker: Parameters<typeof makeValue>[2]): MadeValue | undefined {
  if (typeof schema.minItems === 'number' && schema.minItems > 1) return undefined
  const item = makeValue(name.replace(/s$/, ''), isObject(schema.items) ? schema.items : { type: 'string' }, maker)
  return item === undefined ? undefined : { value: [item.value], leaves: item.leaves }
}

function objectValue (schema: Schema, maker: Parameters<typeof makeValue>[2]): MadeValue | undefined {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.filter((key): key is string => typeof key === 'string') : []
  const entries: Array<[string, unknown]> = []
  const leaves: Array<MadeValue['leaves'][number]> = []
  for (const key of required) {
    const property = properties[key]
    const made = isObject(property) ? makeValue(key, property, maker) : undefined
    if (made === undefined) return undefined
    entries.push([key, made.value])
    leaves.push(...made.leaves)
  }
  return { value: Object.fromEntries(entries), leaves }
}

function textValue (name: string, schema: Schema, { dice, persona, words }: Parameters<typeof makeValue>[2]): string | undefined {
  if (typeof schema.pattern === 'string') return undefined
  const made = formatValue(String(schema.format ?? ''), persona, dice) ?? namedValue(name.toLowerCase(), persona, dice) ?? freeText(name, words, dice)
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 120
  if (typeof schema.minLength === 'number' && made.length < schema.minLength) return undefined
  return made.length <= most ? made : schema.format === undefined && most >= 1 ? clip(made, most).slice(0, most) : undefined
}

function formatValue (format: string, persona: Persona, dice: Dice): string | undefined {
  const day = (): string => `${dice.int(2025, 2027)}-${String(dice.int(1, 12)).padStart(2, '0')}-${String(dice.int(1, 28)).padStart(2, '0')}`
  const time = (): string => `${String(dice.int(8, 18)).padStart(2, '0')}:${dice.pick(['00', '15', '30', '45'])}`
  switch (format) {
    case 'email': return persona.email
    case 'date': return day()
    case 'time': return `${time()}:00`
    case 'date-time': return `${day()}T${time()}:00Z`
    case 'uuid': return `${dice.digits(8)}-${dice.digits(4)}-4${dice.digits(3)}-8${dice.digits(3)}-${dice.digits(6)}${dice.digits(6)}`
    case 'uri': case 'url': return `https://www.example.org/${dice.digits(5)}`
    case 'ipv4': return `192.0.2.${dice.int(2, 250)}`
    case 'hostname': return `host${dice.digits(3)}.example.org`
    default: return undefined
  }
}

/** What the name of a parameter asks for. */
function namedValue (name: string, persona: Persona, dice: Dice): string | undefined {
  if (/e-?mail/.test(name)) return persona.email
  if (/phone|mobile/.test(name)) return persona.phone
  if (/(?:^|_)(?:date|day|deadline)$/.test(name)) return formatValue('date', persona, dice)
  if (/(?:^|_)time$/.test(name)) return formatValue('time', persona, dice)!.slice(0, 5)
  if (/address|postcode/.test(name)) return persona.address
  if (/url|link|website/.test(name)) return formatValue('uri', persona, dice)
  if (/(?:^|_)pin$/.test(name)) return dice.digits(4)
  if (/password|secret|token|credential/.test(name)) return `${dice.pick(['maple', 'cobalt', 'ember'])}-${dice.digits(5)}`
  if (/(?:_?id|number|code|_no|reference|ref|serial|sku|key)$/.test(name)) return idValue(name, dice)
  if (/(?:full|customer|user|owner|person|guest|holder|contact)_?name$|^name$/.test(name)) return persona.name
  if (/file/.test(name)) return `${dice.pick(['report', 'scan', 'copy', 'list'])}-${dice.digits(3)}.pdf`
  return undefined
}

/** An id as systems give them: letters of its name, a dash, digits. */
export function idValue (name: string, dice: Dice): string {
  const stem = name.replace(/_?(?:id|number|code|no|reference|ref|key)$/, '').split('_').at(-1) ?? ''
  const letters = (stem === '' ? 'ref' : stem).replace(/[^a-z]/g, '').slice(0, 3).toUpperCase()
  return `${letters === '' ? 'REF' : letters}-${dice.digits(5)}`
}

const REASONS = ['a change of plans', 'ordered by mistake', 'no longer needed', 'asked for by my colleague', 'wrong details on file', 'it came up in the last check']

function freeText (name: string, words: readonly string[], dice: Dice): string {
  const noun = name.replaceAll('_', ' ').toLowerCase()
  if (/reason|purpose|why/.test(noun)) return dice.pick(REASONS)
  if (/note|message|comment|description|details|summary|remark|query|text|content/.test(noun)) {
    return words.length > 0 ? `about ${dice.pick(words)}` : `as agreed with ${dice.pick(['the office', 'my colleague', 'the front desk'])}`
  }
  return words.length > 0 && dice.chance(0.6) ? dice.pick(words) : `${dice.pick(['main', 'standard', 'second', 'spare'])} ${noun.split(' ').at(-1) ?? 'item'}`
}
