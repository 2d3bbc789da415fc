import { Pool, type Dispatcher } from 'undici'
import { GemlineError } from '../lib/engine/errors.js'
import { networkError } from './vllm-errors.js'

/** Where a server is and how it is spoken to. */
export interface ServerAddress {
  readonly origin: string
  /** Path before `/v1` and `/health`, without a slash at its end. */
  readonly prefix: string
  /** For logs and errors: no user, no key, no query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Takes every secret of this server out of a text. */
  redact (text: string): string
}

/** An answer that was read to its end, whatever its status. */
export interface HttpAnswer {
  readonly status: number
  readonly retryAfter?: string
  readonly location?: string
  readonly body: string
  /** From sending to the first byte of the answer, and to its last. */
  readonly firstByteMs: number
  readonly durationMs: number
}

/** One request, and how many milliseconds it has until the last byte of its answer. */
export interface HttpCall {
  readonly method: 'GET' | 'POST'
  /** Below the prefix. */
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly deadlineMs: number
}

/** Kept-open connections to one server. `close` destroys them, calls in flight too. */
export interface HttpClient {
  readonly address: ServerAddress
  /** Whatever status comes. Rejects with `server-unavailable`, `connection-lost`, `deadline-exceeded`, `response-invalid` (too large) or `run-cancelled`. */
  call (call: HttpCall): Promise<HttpAnswer>
  close (): Promise<void>
}

const CONNECT_MS = 10_000
/** Below the 5 s after which vLLM's front end closes an idle connection. */
const KEEP_ALIVE_MS = 4000

/** Node fires a timer beyond this at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** HTTP/1.1 to one server; aborting closes the socket, which frees the engine. */
export function createHttpClient (address: ServerAddress, connections: number, maxResponseBytes: number): HttpClient {
  const pool = new Pool(address.origin, {
    connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connectTimeout: CONNECT_MS, keepAliveTimeout: KEEP_ALIVE_MS
  })
  return {
    address,
    call: call => exchange({ pool, address, maxResponseBytes }, call),
    close: () => pool.destroy()
  }
}

interface Line { readonly pool: Pool, readonly address: ServerAddress, readonly maxResponseBytes: number }

async function exchange (line: Line, call: HttpCall): Promise<HttpAnswer> {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  let late = false
  const timer = setTimeout(() => {
    late = true
    stop()
  }, Math.min(call.deadlineMs, LONGEST_TIMER_MS))
  call.signal.addEventListener('abort', stop, { once: true })
  if (call.signal.aborted) stop()
  const seen = { headers: false }
  try {
    return await requestOnce(line, call, { signal: controller.signal, seen })
  } catch (error) {
    throw failureOf(error, { where: `${line.address.url}${call.path}`, late, cancelled: call.signal.aborted, deadlineMs: call.deadlineMs, headers: seen.headers })
  } finally {
    clearTimeout(timer)
    call.signal.removeEventListener('abort', stop)
  }
}

async function requestOnce (
  { pool, address, maxResponseBytes }: Line, { method, path, body, headers }: HttpCall, { signal, seen }: { signal: AbortSignal, seen: { headers: boolean } }
): Promise<HttpAnswer> {
  const start = performance.now()
  const answer = await pool.request({ method, path: address.prefix + path, body, signal, headers: { ...address.headers, ...headers } })
  seen.headers = true
  const firstByteMs = performance.now() - start
  const text = await readBody(answer.body, maxResponseBytes, address.url + path)
  return {
    status: answer.statusCode, retryAfter: single(answer.headers['retry-after']), location: single(answer.headers['location']),
    body: text, firstByteMs, durationMs: performance.now() - start
  }
}

async function readBody (body: Dispatcher.ResponseData['body'], maxBytes: number, where: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop destroys the body, and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new GemlineError('response-invalid', `${where}: the answer is larger than ${maxBytes} bytes`, { detail: { maxBytes } })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes).toString()
}

interface FailedExchange { readonly where: string, readonly late: boolean, readonly cancelled: boolean, readonly deadlineMs: number, readonly headers: boolean }

function failureOf (error: unknown, { where, late, cancelled, deadlineMs, headers }: FailedExchange): GemlineError {
  if (error instanceof GemlineError) return error
  if (cancelled) return new GemlineError('run-cancelled', `${where}: the run was stopped`)
  if (late) return new GemlineError('deadline-exceeded', `${where}: no complete answer within ${deadlineMs} ms`, { detail: { deadlineMs } })
  return networkError(error, where, headers)
}

function single (value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
