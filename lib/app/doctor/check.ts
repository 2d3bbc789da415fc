import { GemlineError } from '../../engine/errors.js'

/** What a check found. `warn` lets a run begin, `fail` does not, `skip` says why nothing was looked at. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip'

/** One line of the doctor. */
export interface Check {
  /** Stable kebab-case name. */
  readonly check: string
  readonly status: CheckStatus
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
}

/** A good result. */
export function ok (check: string, message: string): Check {
  return { check, status: 'ok', message }
}

/** A result that a person should know of. */
export function warn (check: string, message: string, advice: string): Check {
  return { check, status: 'warn', message, advice }
}

/** A result that a run would break on. */
export function fail (check: string, message: string, advice: string): Check {
  return { check, status: 'fail', message, advice }
}

/** Nothing was looked at, and why. */
export function skip (check: string, message: string): Check {
  return { check, status: 'skip', message }
}

/** A failure of what was tried; the error's own help is the advice. */
export function failure (check: string, thrown: unknown): Check {
  if (thrown instanceof GemlineError) return fail(check, thrown.message, thrown.help)
  return fail(check, thrown instanceof Error ? thrown.message : String(thrown), 'The message says what is wrong.')
}

/** Gives what a check gives, or its failure. */
export async function attempt (check: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look()
  } catch (thrown) {
    return failure(check, thrown)
  }
}
