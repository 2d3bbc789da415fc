import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the fake server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Readonly<Record<string, unknown>>
  /** Number of this request among the POSTs, from 0. */
  readonly number: number
  /** Settles when the client closed the connection before it had its answer. */
  readonly left: Promise<void>
}

/** What the server does with a request. */
export type Behaviour =
  /** A right completion; `message`, `choice` and `top` replace or add members at their level. */
  | { readonly kind: 'answer', readonly text?: string, readonly message?: object, readonly choice?: object, readonly top?: object, readonly delayMs?: number }
  | { readonly kind: 'status', readonly status: number, readonly body?: string, readonly headers?: Readonly<Record<string, string>> }
  /** Breaks the connection: before a byte, after the headers, or in the middle of the body. */
  | { readonly kind: 'cut', readonly where: 'start' | 'headers' | 'body' }
  /** A whole answer whose JSON ends in the middle. */
  | { readonly kind: 'half-json' }
  /** Never answers. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'huge', readonly bytes: number }

export interface MisbehavingServer {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** What `/health` and `/v1/models` say; 200 until set. */
  health: number
  models: readonly string[]
  close (): Promise<void>
}

/** A completion body as vLLM sends it. */
export function completionBody (text: string, parts: { readonly message?: object, readonly choice?: object, readonly top?: object } = {}): object {
  return {
    id: 'chatcmpl-1', object: 'chat.completion', model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text, reasoning: null, ...parts.message }, finish_reason: 'stop', ...parts.choice }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 }, ...parts.top
  }
}

/** A server on the loopback that does to each POST what it is told. */
export async function startMisbehavingServer (behave: (request: SeenRequest) => Behaviour, port = 0): Promise<MisbehavingServer> {
  const requests: SeenRequest[] = []
  const server = createServer((request, response) => {
    readJson(request).then(body => {
      if (request.method === 'GET') return replyToGet(self, request, response)
      const left = new Promise<void>(resolve => response.on('close', () => { if (!response.writableEnded) resolve() }))
      const seen: SeenRequest = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, number: requests.length, left }
      requests.push(seen)
      reply(behave(seen), response)
    }, () => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const self: MisbehavingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, health: 200, models: ['m'],
    close: () => new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
  return self
}

async function readJson (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? {} : JSON.parse(text) as Record<string, unknown>
}

function replyToGet (self: MisbehavingServer, request: IncomingMessage, response: ServerResponse): void {
  response.statusCode = self.health
  response.end(request.url === '/v1/models'
    ? JSON.stringify({ object: 'list', data: self.models.map(id => ({ id, object: 'model', owned_by: 'vllm', max_model_len: 4096 })) })
    : '')
}

function reply (behaviour: Behaviour, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'answer': {
      const body = JSON.stringify(completionBody(behaviour.text ?? 'fine', behaviour))
      if (behaviour.delayMs === undefined) response.end(body)
      else setTimeout(() => response.end(body), behaviour.delayMs)
      return
    }
    case 'status':
      response.writeHead(behaviour.status, behaviour.headers)
      response.end(behaviour.body ?? '')
      return
    case 'cut':
      if (behaviour.where === 'start') {
        response.destroy()
        return
      }
      response.writeHead(200, { 'content-length': '1000' })
      response.write(behaviour.where === 'headers' ? '' : '{"choices":[{"index":0,"mess')
      response.flushHeaders()
      setTimeout(() => response.destroy(), 10)
      return
    case 'half-json':
      response.end(JSON.stringify(completionBody('fine')).slice(0, 60))
      return
    case 'stall':
      return
    case 'huge':
      response.end(JSON.stringify(completionBody('x'.repeat(behaviour.bytes))))
  }
}
