import type { GroundedLeaf } from '../../../lib/rules/grounding/ground-trajectory.js'
import type { Message } from '../../../lib/schema/message.js'
import type { Chance } from '../../support/dialogue.js'
import type { Dialogue } from './tasks.js'

/** What a value is, by the name of its parameter in BFCL; gemline's own idea of it plays no part. */
export type Kind = 'id' | 'credential' | 'name' | 'amount' | 'date'
export const KINDS: readonly Kind[] = ['id', 'credential', 'name', 'amount', 'date']

const CREDENTIALS = new Set(['access_token', 'client_secret', 'refresh_token', 'password', 'card_verification_number'])
const IDS = new Set(['client_id', 'card_id', 'card_number', 'booking_id', 'insurance_id', 'order_id', 'ticket_id', 'tweet_id', 'receiver_id', 'user_id', 'passport_number', 'username'])
const NAMES = new Set([
  'user', 'user_name', 'user_first_name', 'user_last_name', 'first_name', 'last_name', 'cardholder_name', 'city', 'location', 'stock', 'symbol', 'travel_from', 'travel_to',
  'folder', 'dir_name', 'file_name', 'file_name1', 'file_name2', 'source', 'destination', 'name', 'mentioned_usernames', 'mentions', 'sector'
])
const AMOUNTS = new Set(['amount', 'price', 'value', 'fuelAmount', 'distance', 'gallon', 'liter', 'budget_limit', 'insurance_cost', 'numbers', 'speed', 'distanceToNextVehicle'])
const DATES = new Set(['travel_date', 'expiration_date', 'date_of_birth'])

/** The kind of a value; undefined for texts, modes and numbers that an assistant may choose. An id without any digit is a name. */
export function kindOf ({ name, value }: { readonly name: string, readonly value: unknown }): Kind | undefined {
  if (CREDENTIALS.has(name)) return 'credential'
  if (IDS.has(name)) return /\d/.test(String(value)) ? 'id' : 'name'
  if (NAMES.has(name)) return 'name'
  if (AMOUNTS.has(name) && typeof value === 'number') return 'amount'
  return DATES.has(name) ? 'date' : undefined
}

/** All that was said before a message, lower case. */
export function textBefore ({ trajectory }: Dialogue, message: number): string {
  return trajectory.messages.slice(0, message).filter(({ role }) => role !== 'assistant').map(({ content }) => content).join('\n').toLowerCase()
}

const fold = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '')
const DAY_MS = 86_400_000

/** Another value of the same kind and form that was not said before; undefined if a few tries find none. `pool` holds such values of other tasks. */
export function swapOf (kind: Kind, { value, said, pool }: { readonly value: unknown, readonly said: string, readonly pool: readonly unknown[] }, chance: Chance): unknown {
  for (let tries = 0; tries < 20; tries++) {
    const other = makeOther(kind, value, { pool, chance })
    if (other !== value && !isSaid(String(other), said)) return other
  }
  return undefined
}

function makeOther (kind: Kind, value: unknown, { pool, chance }: { readonly pool: readonly unknown[], readonly chance: Chance }): unknown {
  if (kind === 'name') return pool.length === 0 ? value : chance.pick(pool)
  if (kind === 'amount') return otherAmount(Number(value), chance)
  if (kind === 'date') return otherDate(String(value), chance)
  const text = String(value)
  if (typeof value === 'number') return text.length < 3 ? chance.integer(0, 99) : Number(otherCode(text, chance))
  return otherCode(text, chance)
}

/** Every digit by another one, one digit alone, two neighbours exchanged, or the last sign left out; without digits, other last letters. */
function otherCode (text: string, chance: Chance): string {
  const digits = [...text.matchAll(/\d/g)].map(({ index }) => index)
  if (digits.length === 0) return text.slice(0, -3) + [1, 2, 3].map(() => chance.pick([...'abcdefghijkmnpqrstuvwxyz'])).join('')
  const at = chance.pick(digits)
  return chance.pick([
    () => text.replace(/\d/g, () => String(chance.integer(0, 9))),
    () => `${text.slice(0, at)}${(Number(text[at]) + chance.integer(1, 9)) % 10}${text.slice(at + 1)}`,
    () => `${text.slice(0, at)}${text[at + 1] ?? ''}${text[at] ?? ''}${text.slice(at + 2)}`,
    () => text.slice(0, -1)
  ])()
}

function otherAmount (value: number, chance: Chance): number {
  const decimals = (/\.(\d+)/.exec(String(value))?.[1] ?? '').length
  const other = value * chance.integer(50, 200) / 100
  return Number(other.toFixed(decimals))
}

function otherDate (value: string, chance: Chance): string {
  const days = chance.integer(1, 60) * (chance.chance(0.5) ? 1 : -1)
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return new Date(Date.parse(value) + days * DAY_MS).toISOString().slice(0, 10)
  return value.replace(/^\d{2}/, month => String((Number(month) + chance.integer(0, 10)) % 12 + 1).padStart(2, '0'))
}

function isSaid (value: string, said: string): boolean {
  const escaped = value.toLowerCase().replace(/[^a-z0-9]/g, '\\$&')
  if (new RegExp(`(?<![a-z0-9])${escaped}(?![a-z0-9])`).test(said)) return true
  const folded = fold(value)
  return folded.length >= 6 && fold(said).includes(folded)
}

/** The dialogue with one value of one call changed; all else, observations too, stays as it was. */
export function replaceValue (dialogue: Dialogue, { site, leaf }: Pick<GroundedLeaf, 'site' | 'leaf'>, value: unknown): Dialogue {
  const messages = dialogue.trajectory.messages.map((message, index): Message => index !== site.message || message.role !== 'assistant'
    ? message
    : { ...message, toolCalls: message.toolCalls.map(call => call.id !== site.call.id ? call : { ...call, arguments: putAt(call.arguments, leaf.path, value) }) })
  return { ...dialogue, trajectory: { ...dialogue.trajectory, messages } }
}

function putAt (args: Readonly<Record<string, unknown>>, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(args) as Record<string, unknown>
  const keys = path.slice(1).split('/')
  const holder = keys.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, copy)
  holder[keys.at(-1) as string] = value
  return copy
}
