import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { GemlineError } from '../lib/engine/errors.js'
import { tryAgain, type BackOff, type Try } from './back-off.js'
import { sliceBody } from './http-slice.js'
import type { RangeBody, RangeRequest } from './ranged-read.js'
import { cancelled, objectChanged, objectMissing, release, throwIfCancelled, tooShort } from './store-support.js'

/** What requests go through. */
export interface HttpClient {
  readonly dispatcher: Dispatcher
  readonly headers: Readonly<Record<string, string>>
  readonly backOff: BackOff
}

interface Facts {
  readonly bytes: number
  readonly etag: string
}

interface Exchange {
  readonly method: 'GET' | 'HEAD'
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

type Response = Dispatcher.ResponseData

const MAX_REDIRECTS = 5
const MAX_UNRANGED_BYTES = 8_388_608
const REFUSED = new Set([404, 410])
/** A name that does not resolve and a certificate that does not hold stay so. */
const PERMANENT = /^(ENOTFOUND|UND_ERR_INVALID_ARG|ERR_TLS.*|.*CERT.*)$/
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504])

/** Size and etag of a file, undefined where there is none. Rejects with `store-failed`. */
export async function statUrl (client: HttpClient, url: URL, signal?: AbortSignal): Promise<Facts | undefined> {
  const response = await exchange(client, url, { method: 'HEAD', headers: {}, signal })
  await response.body.dump()
  if (REFUSED.has(response.statusCode)) return undefined
  if (response.statusCode !== 200) throw failed(url, response)
  return factsOf(url, response.headers, lengthOf(response.headers))
}

/**
 * Asks for a range with the etag as a condition. Checks status, Content-Range and etag of the answer. A server that
 * ignores the range is put up with for files of at most 8 MiB.
 * Rejects with `object-missing`, `object-changed` and `store-failed`.
 */
export async function requestRange (client: HttpClient, url: URL, range: RangeRequest): Promise<RangeBody | undefined> {
  const headers = { ...rangeHeader(range), ...condition(range.ifMatch) }
  const response = await exchange(client, url, { method: 'GET', headers, signal: range.signal })
  try {
    return readAnswer(url, response, range)
  } catch (thrown) {
    release(response.body)
    throw thrown
  }
}

function rangeHeader ({ start, end }: RangeRequest): Record<string, string> {
  if (start === 0 && end === undefined) return {}
  return { range: `bytes=${start}-${end === undefined ? '' : end - 1}` }
}

/** A weak etag may not stand in If-Match, so it is only compared with the answer's. */
function condition (etag: string | undefined): Record<string, string> {
  if (etag === undefined || etag.startsWith('W/')) return {}
  const modified = /^modified:(.+):\d+$/.exec(etag)?.[1]
  if (modified !== undefined) return { 'if-unmodified-since': modified }
  return etag.startsWith('"') ? { 'if-match': etag } : {}
}

function readAnswer (url: URL, response: Response, range: RangeRequest): RangeBody | undefined {
  const { statusCode, headers } = response
  if (REFUSED.has(statusCode)) throw objectMissing(url.href)
  if (statusCode === 412) throw objectChanged(url.href, range.ifMatch)
  if (statusCode === 416) return endsBefore(url, response, range)
  if (statusCode !== 200 && statusCode !== 206) throw failed(url, response)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new GemlineError('store-failed', `${url.href}: sent as ${String(encoding)} although identity was asked for`)
  const answer = statusCode === 206 ? partialAnswer(url, response, range) : wholeAnswer(url, response, range)
  if (range.ifMatch === undefined || answer === undefined || answer.etag === range.ifMatch) return answer
  throw objectChanged(url.href, range.ifMatch, answer.etag)
}

function endsBefore (url: URL, { headers, body }: Response, { start }: RangeRequest): undefined {
  const total = /^bytes \*\/(\d+)$/.exec(String(headers['content-range'] ?? ''))?.[1]
  if (total !== undefined && start > Number(total)) throw tooShort(url.href, Number(total), start)
  release(body)
  return undefined
}

function partialAnswer (url: URL, { headers, body }: Response, { start, end }: RangeRequest): RangeBody {
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(headers['content-range'] ?? ''))
  const [from, last, bytes] = (found?.slice(1) ?? []).map(Number)
  if (from !== start || last === undefined || bytes === undefined || last >= bytes || (end === undefined && last + 1 !== bytes)) {
    throw new GemlineError('store-failed', `${url.href}: bytes from ${start} were asked for, Content-Range is ${String(headers['content-range'])}`)
  }
  return { body, end: last + 1, bytes, etag: factsOf(url, headers, bytes).etag }
}

function wholeAnswer (url: URL, { headers, body }: Response, range: RangeRequest): RangeBody | undefined {
  const { bytes, etag } = factsOf(url, headers, lengthOf(headers))
  const end = Math.min(range.end ?? bytes, bytes)
  if (range.start === 0 && end === bytes) return { body, end, bytes, etag }
  if (bytes > MAX_UNRANGED_BYTES) {
    throw new GemlineError('store-failed', `${url.href}: the server ignores Range and would send all ${bytes} bytes; download the file first`)
  }
  if (range.start > bytes) throw tooShort(url.href, bytes, range.start)
  return { body: sliceBody(body, range.start, end), end, bytes, etag }
}

function factsOf (url: URL, headers: IncomingHttpHeaders, bytes: number | undefined): Facts {
  if (bytes === undefined) throw new GemlineError('store-failed', `${url.href}: the server does not say how long the file is`)
  const modified = headers['last-modified']
  return { bytes, etag: headers.etag ?? (modified === undefined ? `length:${bytes}` : `modified:${modified}:${bytes}`) }
}

function lengthOf (headers: IncomingHttpHeaders): number | undefined {
  const length = headers['content-length']
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined
}

async function exchange (client: HttpClient, url: URL, wanted: Exchange): Promise<Response> {
  return await tryAgain(() => attempt(client, url, wanted), client.backOff, { where: url.href, signal: wanted.signal })
}

async function attempt (client: HttpClient, url: URL, wanted: Exchange): Promise<Try<Response>> {
  try {
    const response = await follow(client, url, wanted)
    if (!TRANSIENT.has(response.statusCode)) return { done: true, value: response }
    await response.body.dump()
    const seconds = Number(response.headers['retry-after'] ?? 0)
    return { done: false, failure: failed(url, response), afterMs: Number.isFinite(seconds) ? seconds * 1_000 : 0 }
  } catch (thrown) {
    if (thrown instanceof GemlineError) throw thrown
    if (wanted.signal?.aborted) throw cancelled(wanted.signal, url.href)
    const failure = unreachable(url, thrown)
    if (PERMANENT.test(String((thrown as NodeJS.ErrnoException).code))) throw failure
    return { done: false, failure }
  }
}

async function follow (client: HttpClient, url: URL, { method, headers, signal }: Exchange): Promise<Response> {
  let at = url
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    throwIfCancelled(signal, url.href)
    const response = await client.dispatcher.request({
      origin: at.origin, path: at.pathname + at.search, method, signal,
      headers: { ...client.headers, 'accept-encoding': 'identity', ...headers }
    })
    const location = response.headers.location
    if (response.statusCode < 300 || response.statusCode >= 400 || location === undefined) return response
    await response.body.dump()
    at = checkRedirect(url, at, String(location))
  }
  throw new GemlineError('store-failed', `${url.href}: more than ${MAX_REDIRECTS} redirects`)
}

function checkRedirect (url: URL, at: URL, location: string): URL {
  const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined
  if (next?.origin === url.origin) return next
  throw new GemlineError('store-failed', `${url.href} redirects to ${next?.origin ?? 'no valid URL'}, another host, which is not followed; download the file, or name its final address`)
}

function unreachable (url: URL, thrown: unknown): GemlineError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new GemlineError('store-failed', `${url.href} cannot be reached: ${reason}`, { cause: thrown })
}

function failed (url: URL, { statusCode }: Response): GemlineError {
  const hint = statusCode === 401 || statusCode === 403 ? ': the server wants credentials, or refuses these' : ''
  return new GemlineError('store-failed', `${url.href}: the server answered ${statusCode}${hint}`, { detail: { status: statusCode } })
}
