import type { ServerResponse } from 'node:http'
import type { Exchange, Reply } from './context.js'

/** Writes a whole answer. */
export function send (response: ServerResponse, { status, body }: Reply): void {
  if (response.writableEnded || response.destroyed) return
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json'
  response.writeHead(status, text === '' ? { 'content-length': 0 } : { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Promises the whole answer, sends half of it and breaks the connection. */
export function sendCut ({ response }: Exchange, body: unknown): undefined {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy())
}
