import { GemlineError, type ErrorCode } from '../lib/engine/errors.js'
import { isObject, tryParseJson } from '../lib/schema/json-value.js'
import type { HttpAnswer } from './vllm-http.js'

/** What a server says went wrong, in whatever shape it says it. */
export interface ServerComplaint { readonly message: string, readonly type?: string, readonly param?: string, readonly code?: number }

const MESSAGE_LENGTH = 500
const CONTEXT_PARAMS = new Set(['input_tokens', 'input_text'])
const CONTEXT_MESSAGE = /maximum (?:context|model) length|max_tokens must be at least 1, got|context_length_exceeded/i
/** A server that drains answers 500 to what is new, and says that it is well. */
const SHUTTING_DOWN = /cannot schedule new futures after shutdown/i

/** The error of an answer that is not 2xx, by status and body. The body may be vLLM's object, a string, `{detail}`, a page, or nothing. */
export function statusError (answer: HttpAnswer, where: string, redact: (text: string) => string): GemlineError {
  const complaint = readComplaint(answer.body)
  return complaintError({ ...complaint, code: answer.status }, {
    where, redact, retryAfterMs: retryAfterMs(answer.retryAfter, Date.now()), location: answer.location
  })
}

/**
 * What a complaint does not say itself: which URL it came from, what to take out of its text, and what the headers
 * added.
 */
export interface ComplaintContext {
  readonly where: string
  readonly redact: (text: string) => string
  readonly retryAfterMs?: number
  readonly location?: string
}

/** The error of a complaint with a status, in a refused answer or inside one that said 200. */
export function complaintError (complaint: ServerComplaint, { where, redact, retryAfterMs, location }: ComplaintContext): GemlineError {
  const { code: status = 500, param, type } = complaint
  const said = redact(complaint.message).slice(0, MESSAGE_LENGTH)
  const target = location === undefined ? '' : ` (to ${redact(withoutQuery(location))})`
  const detail = { status, ...type === undefined ? {} : { type: redact(type) }, ...param === undefined ? {} : { param: redact(param) }, ...retryAfterMs === undefined ? {} : { retryAfterMs } }
  return new GemlineError(codeOf(status, complaint), `${where}: ${status}${target}${said === '' ? '' : ` ${said}`}`, { detail })
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'server-unauthorized', 403: 'server-unauthorized', 405: 'config-invalid',
  408: 'server-busy', 425: 'server-busy', 429: 'server-busy', 503: 'server-busy', 501: 'request-refused'
}

function codeOf (status: number, { message, param, type }: ServerComplaint): ErrorCode {
  if (status === 400 && (CONTEXT_PARAMS.has(param ?? '') || CONTEXT_MESSAGE.test(message))) return 'context-exceeded'
  if (status === 404) return param === 'model' || type === 'NotFoundError' || /model/i.test(message) ? 'model-missing' : 'config-invalid'
  const known = CODES[status]
  if (known !== undefined) return known
  if (status >= 400 && status < 500) return 'request-refused'
  // A redirect means that the URL is not the one to use.
  if (status < 400) return 'config-invalid'
  return SHUTTING_DOWN.test(message) ? 'server-unavailable' : 'server-failed'
}

/** What a body complains of; the beginning of its text where it is no JSON. */
export function readComplaint (body: string): ServerComplaint {
  const parsed = tryParseJson(body)
  if (!isObject(parsed)) return { message: textOf(body) }
  const { error, detail, message } = parsed
  if (typeof error === 'string') return { message: error }
  if (!isObject(error)) return { message: typeof detail === 'string' ? detail : detail !== undefined ? JSON.stringify(detail) : stringOf(message) ?? '' }
  const code = typeof error.code === 'number' ? error.code : undefined
  return { message: stringOf(error.message) ?? '', type: stringOf(error.type), param: stringOf(error.param), code }
}

function stringOf (value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A page of a gateway, on one line and without its tags. */
function textOf (body: string): string {
  return body.slice(0, MESSAGE_LENGTH * 4).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()
}

function withoutQuery (location: string): string {
  if (!URL.canParse(location)) return location.replace(/[?#].*$/s, '')
  const { origin, pathname } = new URL(location)
  return origin + pathname
}

/** `Retry-After` in seconds or as a date, in milliseconds; at most an hour. */
function retryAfterMs (header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.round(ms)), 3_600_000) : undefined
}

const AWAY = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'
])

/** The error of an exchange that broke. `headers`: whether the answer had begun. */
export function networkError (error: unknown, where: string, headers: boolean): GemlineError {
  const { code, message } = innermost(error)
  const facts = { cause: error, detail: { ...code === undefined ? {} : { code }, beforeBytes: !headers } }
  if (code !== undefined && AWAY.has(code)) return new GemlineError('server-unavailable', `${where}: cannot be reached (${message})`, facts)
  return new GemlineError('connection-lost', `${where}: the connection broke ${headers ? 'inside' : 'before'} the answer (${message})`, facts)
}

/** A host with several addresses fails with an AggregateError whose own message is empty. */
function innermost (error: unknown): { code?: string, message: string } {
  const first = error instanceof AggregateError ? error.errors[0] as unknown : error
  if (!(first instanceof Error)) return { message: String(first) }
  const { code } = first as NodeJS.ErrnoException
  return { code, message: first.message === '' ? code ?? first.name : first.message }
}
