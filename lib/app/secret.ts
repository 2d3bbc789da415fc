import { inspect } from 'node:util'

/** A value that no log, report or error shows: all its printed forms are `[redacted]`. A class because privacy needs one. */
export class Secret {
  readonly #value: string

  constructor (value: string) { this.#value = value }

  /** The value itself; for the header that needs it, and nothing else. */
  reveal (): string { return this.#value }
  toString (): string { return REDACTED }
  toJSON (): string { return REDACTED }
  [inspect.custom] (): string { return REDACTED }
}

const REDACTED = '[redacted]'
