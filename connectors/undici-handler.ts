import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'

/** What the AWS SDK asks of a handler; structurally the `HttpRequest` of smithy. */
export interface SmithyRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | Readable
}

/** What the AWS SDK is answered; the body must be read or let go of. */
export interface SmithyResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Readable
}

/**
 * Sends the requests of the AWS SDK through undici, which takes half the CPU of its own handler. Idle connections keep no
 * process alive. Retries nothing and rejects with undici's errors.
 */
export function createUndiciHandler (dispatcher: Dispatcher = createAgent()) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle (request: SmithyRequest, options: { readonly abortSignal?: unknown } = {}): Promise<{ response: SmithyResponse }> {
      const { statusCode, headers, body } = await dispatcher.request({
        origin: originOf(request),
        path: request.path + queryOf(request.query),
        method: request.method as Dispatcher.HttpMethod,
        headers: sendable(request.headers),
        body: request.method === 'GET' || request.method === 'HEAD' ? null : request.body,
        signal: options.abortSignal as AbortSignal | undefined
      })
      return { response: { statusCode, headers: received(headers), body } }
    },
    updateHttpClientConfig () {},
    httpHandlerConfigs () { return {} },
    destroy () { dispatcher.destroy().catch(() => {}) }
  }
}

function createAgent (): Agent {
  return new Agent({ connections: 64, connect: { timeout: 10_000 }, headersTimeout: 120_000, bodyTimeout: 60_000 })
}

function originOf ({ protocol, hostname, port }: SmithyRequest): string {
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`
}

/** In the escaping that the signature was made over. */
function queryOf (query: SmithyRequest['query'] = {}): string {
  const parts = Object.keys(query).sort().flatMap(name => {
    const value = query[name]
    if (value === null || value === undefined) return [escape(name)]
    return (typeof value === 'string' ? [value] : value).map(each => `${escape(name)}=${escape(each)}`)
  })
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function escape (text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** undici refuses `expect`, which the SDK sets for large bodies and does not sign. */
function sendable (headers: SmithyRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'expect'))
}

function received (headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? ''])
  return Object.fromEntries(entries) as Record<string, string>
}
