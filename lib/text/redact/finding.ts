/** What is looked for, in the order of who wins where two kinds lie over one another. */
export const REDACTED_TYPES = ['secret', 'iban', 'card', 'national-id', 'email', 'ip', 'mac', 'phone'] as const

/** A kind of personal data or secret. */
export type RedactedType = typeof REDACTED_TYPES[number]

/** A value in a text, from `start` to before `end` in UTF-16 units. */
export interface Finding {
  readonly type: RedactedType
  readonly value: string
  readonly start: number
  readonly end: number
}

/**
 * How one kind of value looks. The pattern is global; its first group is what stands before the value, its second the
 * value. Every part of it that repeats is bounded and begins where no other match can, so that its time is linear.
 */
export interface ValuePattern {
  readonly type: RedactedType
  /** Looked for only in texts that have this; saves the pattern where a text cannot hold the value. */
  readonly needs?: RegExp
  readonly pattern: RegExp
  /**
   * Whether the match may not follow a letter or digit. A look behind at the start of a pattern of many words would say the
   * same, but then the engine tries all words at each place.
   */
  readonly startsWord?: boolean
  /** The part of the value that is one, or undefined for what only looks like one. The value unless given. */
  readonly accept?: (value: string, place: Place) => string | undefined
}

/** Where a value stands: `before` is the first group of its pattern. */
export interface Place { readonly text: string, readonly start: number, readonly before: string }

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/** The values of one pattern, in order. */
export function * findValues (text: string, { type, needs, pattern, startsWord = false, accept }: ValuePattern): Generator<Finding> {
  if (needs?.test(text) === false) return
  for (const { index, 1: before = '', 2: matched = '' } of text.matchAll(pattern)) {
    if (startsWord && index > 0 && LETTER_OR_DIGIT.test(text[index - 1] as string)) continue
    const start = index + before.length
    const value = accept === undefined ? matched : accept(matched, { text, start, before })
    if (value === undefined || value === '') continue
    yield { type, value, start, end: start + value.length }
  }
}

/** Accepts a value that passes a check. */
export function when (check: (value: string, place: Place) => boolean): NonNullable<ValuePattern['accept']> {
  return (value, place) => check(value, place) ? value : undefined
}
