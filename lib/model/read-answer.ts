import { GemlineError } from '../engine/errors.js'

/**
 * Parses an answer and, if that fails, keeps the raw answer with the error.
 * Throws what the parser throws: `answer-malformed`, with `answer` in its detail.
 */
export function readAnswer<T> (answer: string, parse: (text: string) => T): T {
  try {
    return parse(answer)
  } catch (error) {
    if (!(error instanceof GemlineError) || error.code !== 'answer-malformed') throw error
    const detail = typeof error.detail === 'object' && error.detail !== null ? error.detail : { reason: error.detail }
    throw new GemlineError(error.code, error.message, { cause: error.cause, detail: { answer, ...detail } })
  }
}
