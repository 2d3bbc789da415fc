import { isObject, tryParseJson } from '../schema/json-value.js'

/**
 * What an observation is: `data` (a JSON object or array), `error` (an object or a short text that says so), `scalar` (JSON
 * that is neither), `broken` (begins like JSON and is none) or `text`.
 */
export type ObservationKind = 'data' | 'error' | 'scalar' | 'broken' | 'text'

/** What a content is, and its JSON value; undefined where it is no JSON. */
export interface ReadContent {
  readonly kind: ObservationKind
  readonly value: unknown
}

const MAX_ERROR_CHARACTERS = 300
const ERROR_WORDS = new RegExp('^no\\b|\\b(?:error|errors|fail|fails|failed|failure|invalid|not|cannot|can\'t|unable|denied|refused|rejected|' +
  'forbidden|unauthori[sz]ed|expired|exceed|exceeds|exceeded|missing|required|must|unknown|unavailable|unsupported|' +
  'time-?out|timed out|conflict|exception|already|insufficient|out of|too (?:many|large|long|few|short)|locked|disabled|' +
  'does(?:n\'t| not)|limit reached|duplicate|outside|closed|blocked|incorrect|mismatch)\\b', 'i')

/** An object or an array of JSON begins so; `[ERROR] disk full` does not. */
const LIKE_JSON = /^\s*(?:\{\s*["'}]|\[\s*(?:["'\]{[]|-?\d))/

/** Reads the content of an observation: parsed once, for all rules. */
export function readObservation (content: string): ReadContent {
  const value = tryParseJson(content)
  return { kind: kindOf(content, value), value }
}

function kindOf (content: string, value: unknown): ObservationKind {
  if (Array.isArray(value)) return 'data'
  if (isObject(value)) return saysError(value) ? 'error' : 'data'
  if (value === undefined) return LIKE_JSON.test(content) ? 'broken' : saysErrorShortly(content) ? 'error' : 'text'
  return typeof value === 'string' && saysErrorShortly(value) ? 'error' : 'scalar'
}

function saysErrorShortly (text: string): boolean {
  return text.length <= MAX_ERROR_CHARACTERS && ERROR_WORDS.test(text)
}

function saysError (value: Readonly<Record<string, unknown>>): boolean {
  const { error, errors, status, success, ok } = value
  if (success === false || ok === false) return true
  if (typeof status === 'string' && /^(?:error|failed|failure)$/i.test(status)) return true
  return [error, errors].some(told => told !== undefined && told !== null && told !== false && told !== '' && !(Array.isArray(told) && told.length === 0))
}
