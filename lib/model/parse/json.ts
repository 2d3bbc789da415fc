import { jsonrepair } from 'jsonrepair'
import secure from 'secure-json-parse'
import { scanJson, type JsonSpan } from './json-scan.js'
import { excerpt, malformed, reasonOf } from './malformed.js'

/** Most that is read as JSON. */
export const JSON_LIMITS = { bytes: 2 * 1024 * 1024, depth: 64, keys: 10_000 } as const

/**
 * Reads JSON out of a model's answer: strict if it can be, else with what models do made good (fences and prose around it,
 * trailing or missing commas, other quotes, comments, raw line ends in strings, `\d`, True, False, None). Of several values
 * side by side the longest is read, of equally long ones the last; objects in a row, or one object, count as an array where
 * one is expected. The last of equal keys wins; integers beyond 2^53 stay text; `__proto__`, and `constructor` with a
 * prototype inside, are removed. Never completes a document that was cut or elided.
 * Rejects with `answer-malformed`, also beyond JSON_LIMITS.
 */
export function parseJson (text: string, expected: 'object'): Record<string, unknown>
export function parseJson (text: string, expected: 'array'): unknown[]
export function parseJson (text: string, expected: 'object' | 'array'): unknown {
  const { spans, isSequence } = findSpans(text)
  if (expected === 'array' && isSequence) return spans.map(readSpan)
  const fitting = spans.filter(span => span.kind === expected)
  if (fitting.length > 0) return readSpan(longest(fitting))
  throw malformed(`a JSON ${expected} is expected, an ${longest(spans).kind} stands there`)
}

/** Reads a JSON object or array as `parseJson` does, whichever stands there; objects in a row come back as an array. */
export function readJson (text: string): unknown {
  const { spans, isSequence } = findSpans(text)
  return spans.length > 1 && isSequence ? spans.map(readSpan) : readSpan(longest(spans))
}

interface Found {
  readonly spans: readonly JsonSpan[]
  /** All are objects, with nothing but commas and white space between them. */
  readonly isSequence: boolean
}

function findSpans (raw: string): Found {
  if (Buffer.byteLength(raw) > JSON_LIMITS.bytes) throw malformed(`JSON of more than ${JSON_LIMITS.bytes} bytes`)
  const text = unquoted(raw)
  const spans: JsonSpan[] = []
  let isSequence = true
  const bracket = /[[{]/g
  for (let match = bracket.exec(text); match !== null; match = bracket.exec(text)) {
    const span = scanJson(text, match.index)
    if ('broken' in span) throw malformed(`JSON is not complete: ${span.broken} (offset ${span.at} of ${text.length})`, { offset: span.at })
    const between = spans.length === 0 ? '' : text.slice(spans.at(-1)!.end, span.start)
    isSequence &&= span.kind === 'object' && /^[\s,]*$/.test(between)
    spans.push(span)
    bracket.lastIndex = span.end
  }
  if (spans.length === 0) throw malformed(`no JSON in ${text.trim() === '' ? 'an empty text' : `"${excerpt(text)}"`}`)
  return { spans, isSequence }
}

/** Takes back the escapes where a model wrote the whole document as if inside of a string. */
function unquoted (text: string): string {
  return /^\s*"?[[{][[{\s]*\\"/.test(text) ? text.replace(/\\(["\\/])|\\n/g, (_, char: string | undefined) => char ?? '\n') : text
}

function longest (spans: readonly JsonSpan[]): JsonSpan {
  return spans.reduce((best, span) => span.end - span.start >= best.end - best.start ? span : best)
}

function readSpan (span: JsonSpan): unknown {
  if (span.depth > JSON_LIMITS.depth) throw malformed(`JSON is nested ${span.depth} deep, at most ${JSON_LIMITS.depth} are read`)
  if (span.keys > JSON_LIMITS.keys) throw malformed(`JSON has ${span.keys} keys, at most ${JSON_LIMITS.keys} are read`)
  if (span.elided) throw malformed('JSON is not complete: a part was left out as "..."')
  try {
    return parseSafely(span.rewritten)
  } catch {
    return parseSafely(repair(span))
  }
}

function parseSafely (json: string): unknown {
  return secure.parse(json, undefined, { protoAction: 'remove', constructorAction: 'remove' })
}

function repair (span: JsonSpan): string {
  let repaired: string
  try {
    repaired = jsonrepair(span.rewritten)
  } catch (thrown) {
    throw malformed(`JSON cannot be read: ${reasonOf(thrown)}`, undefined, thrown)
  }
  const check = scanJson(repaired, 0)
  if ('broken' in check || check.closers > span.closers) throw malformed('JSON cannot be read: a bracket is missing')
  return repaired
}
