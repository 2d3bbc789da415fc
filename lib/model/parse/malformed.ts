import { GemlineError } from '../../engine/errors.js'

/** Makes the error for an answer that cannot be read. `what` says exactly what is wrong and where; offsets count UTF-16 units. */
export function malformed (what: string, detail?: Readonly<Record<string, unknown>>, cause?: unknown): GemlineError {
  return new GemlineError('answer-malformed', what, { detail, cause })
}

/** The first characters of a text on one line, for a message: at most 60. */
export function excerpt (text: string): string {
  const line = text.trim().slice(0, 120).replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

/** What an error says, in one line. */
export function reasonOf (thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
