import type { IncomingMessage, ServerResponse } from 'node:http'
import { chatBatch } from './batch.js'
import { chat } from './chat.js'
import { completions } from './completions.js'
import type { Handler, Reply, ServerContext } from './context.js'
import { badBody, errorReply, METHOD_NOT_ALLOWED, NOT_FOUND, UNAUTHORIZED } from './errors.js'
import { metrics } from './metrics.js'
import { health, models, version } from './models.js'
import { send } from './send.js'
import { tokenize } from './tokenize.js'

interface Route { readonly method: 'GET' | 'POST', readonly handler: Handler }

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/v1/chat/completions', { method: 'POST', handler: chat }],
  ['/v1/chat/completions/batch', { method: 'POST', handler: chatBatch }],
  ['/v1/completions', { method: 'POST', handler: completions }],
  ['/v1/models', { method: 'GET', handler: models }],
  ['/tokenize', { method: 'POST', handler: tokenize }],
  ['/metrics', { method: 'GET', handler: metrics }],
  ['/health', { method: 'GET', handler: health }],
  ['/ping', { method: 'GET', handler: health }],
  ['/version', { method: 'GET', handler: version }]
])

/** Answers one HTTP request. Never rejects: what goes wrong inside is a 500 with vLLM's body, a lost client nothing at all. */
export async function handle (request: IncomingMessage, response: ServerResponse, context: ServerContext): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => { if (!response.writableFinished) gone.abort(CLIENT_GONE) })
  // A reset or half-sent request surfaces here and again in the body's reader; unheard it would end the process.
  response.on('error', () => {})
  try {
    const reply = await answer(request, response, { context, signal: gone.signal })
    if (reply === undefined) return
    if (reply.status >= 400) context.tally.refused()
    send(response, reply)
  } catch (error) {
    if (gone.signal.aborted || response.headersSent) {
      response.destroy()
      return
    }
    context.tally.refused()
    send(response, errorReply(500, error instanceof Error ? error.message : String(error)))
  }
}

const CLIENT_GONE = new Error('the client closed the connection')

async function answer (
  request: IncomingMessage, response: ServerResponse, { context, signal }: { readonly context: ServerContext, readonly signal: AbortSignal }
): Promise<Reply | undefined> {
  const path = (request.url ?? '/').split('?', 1)[0]!
  const route = ROUTES.get(path)
  context.tally.received(route === undefined ? 'unknown' : path)
  if (!authorized(path, request, context)) return UNAUTHORIZED
  if (route === undefined) return NOT_FOUND
  if (request.method !== route.method) return METHOD_NOT_ALLOWED
  if (route.method === 'GET') return await route.handler({ request, response, path, signal, body: undefined }, context)
  const read = await readBody(request, context)
  if ('status' in read) return read
  return await route.handler({ request, response, path, signal, body: read.json }, context)
}

/** Only `/v1` is behind the key, as with vLLM. */
function authorized (path: string, { headers }: IncomingMessage, { options }: ServerContext): boolean {
  return options.apiKey === undefined || !path.startsWith('/v1') || headers.authorization === `Bearer ${options.apiKey}`
}

async function readBody (request: IncomingMessage, { options, tally }: ServerContext): Promise<{ readonly json: unknown } | Reply> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > options.maxBodyBytes) return errorReply(413, `The request body is larger than ${options.maxBodyBytes} bytes.`)
    chunks.push(chunk)
  }
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/(?:[\w.-]{1,60}\+)?json\b/i.test(type)) {
    return badBody([{ type: 'value_error', loc: [], msg: "Unsupported Media Type: Only 'application/json' is allowed" }])
  }
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  tally.body(body)
  try {
    return { json: JSON.parse(body.toString('utf8')) as unknown }
  } catch {
    return badBody([{ type: 'json_invalid', loc: [0], msg: 'JSON decode error' }])
  }
}
