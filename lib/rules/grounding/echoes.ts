import { readObservation } from '../read-observation.js'
import { digitsOf, foldOf, normalise, partsOf } from './text-forms.js'

/** What an observation may not ground, since it merely gives back what a call made up. */
export interface Echoes {
  /** Forms of texts and ids: letters and digits, lower case. */
  readonly folds: ReadonlySet<string>
  readonly numbers: ReadonlySet<number>
  /** Digits of phone numbers, with or without their country code. */
  readonly phones: readonly string[]
}

/** No echo: what the user and the system prompt say is always a basis. */
export const NO_ECHOES: Echoes = { folds: new Set(), numbers: new Set(), phones: [] }

/** An argument without a basis; `isId` if it is of a kind that needs one. */
export interface Ungrounded { readonly value: string | number, readonly isId: boolean }

/** Remembers what calls made up. */
export interface EchoMemory {
  /** Ungrounded arguments of a call of the assistant message that is being read. */
  add (ungrounded: Ungrounded): void
  /** The assistant speaks again: what it made up before is no longer what the next observations answer. */
  endAnswer (): void
  /**
   * What an observation may not ground: all that the calls it answers made up, and every made-up id that an observation
   * has given back before, however later ones repeat it. An error that gives an id back does not make it known.
   */
  of (observation: string): Echoes
}

const MIN_ID_DIGITS = 3
/** A short number is in every list; as an echo it would take the basis from what merely counts alike. */
const MIN_NUMBER_DIGITS = 4
const PHONE = /^\d{9,15}$/
const MAX_ECHO_CHARACTERS = 300
/** Values of one assistant message that are looked for in its answers; so many are no dialogue. */
const MAX_PENDING = 300

/** Nothing made up yet. */
export function createEchoMemory (): EchoMemory {
  const known = new Set<string>()
  let pending: Ungrounded[] = []
  return {
    add: ungrounded => { if (pending.length < MAX_PENDING) pending.push(ungrounded) },
    endAnswer: () => { pending = [] },
    of: observation => {
      if (pending.length === 0 && known.size === 0) return NO_ECHOES
      const ids = pending.filter(({ isId }) => isId).flatMap(({ value }) => formsOfId(String(value)))
      if (ids.length > 0 && readObservation(observation).kind !== 'error') {
        const folded = foldOf(observation)
        for (const form of ids) if (folded.includes(form)) known.add(form)
      }
      const folds = new Set([...known, ...ids, ...pending.flatMap(({ value, isId }) => isId ? [] : formsOfText(value))])
      return {
        folds,
        phones: [...folds].filter(fold => PHONE.test(fold)),
        numbers: new Set(pending.map(({ value }) => Number(value)).filter(Number.isFinite))
      }
    }
  }
}

/** Whether a run of digits is a made-up phone number with another country code or none. */
export function isEchoedPhone (digits: string, { phones }: Echoes): boolean {
  return PHONE.test(digits) && phones.some(phone => phone.endsWith(digits) || digits.endsWith(phone))
}

/** The whole, its digits, and each part with digits: `order 7777` gives back `ORD-7777`. */
function formsOfId (id: string): string[] {
  const text = normalise(id.slice(0, MAX_ECHO_CHARACTERS))
  const numeric = partsOf(text).filter(part => /^\p{N}+$/u.test(part) && part.length >= MIN_ID_DIGITS)
  const digits = digitsOf(text)
  return [...new Set([foldOf(text), ...numeric, ...(digits.length >= MIN_ID_DIGITS ? [digits] : [])])].filter(form => form !== '')
}

function formsOfText (value: string | number): string[] {
  const fold = foldOf(normalise(String(value).slice(0, MAX_ECHO_CHARACTERS)))
  return fold === '' || (/^\d+$/.test(fold) && fold.length < MIN_NUMBER_DIGITS) ? [] : [fold]
}
