import { z } from 'zod'
import type { TokenCounter, Transport } from '../lib/model/chat-model.js'
import { parseAddress } from './vllm-address.js'
import { sendBatches } from './vllm-batch.js'
import { createHttpClient } from './vllm-http.js'
import { listModels, numbered, sendOne, type VllmExchange, type VllmLine } from './vllm-line.js'

const isFunction = (value: unknown): boolean => typeof value === 'function'
const isCounter = (value: unknown): boolean => typeof value === 'object' && value !== null && 'count' in value

/** Everything that can be said about a server. */
export const vllmOptionsSchema = z.strictObject({
  /** Base URL, with or without `/v1`. */
  url: z.string(),
  apiKey: z.string().optional(),
  dialect: z.enum(['vllm', 'openai']).default('vllm'),
  /** Sockets; a few more than requests at once. */
  connections: z.int().min(1).default(258),
  maxResponseBytes: z.int().min(1).default(8 * 1024 * 1024),
  /** Counts the members of a batch, of which the server tells only the sum; 0 without it, except where it gives token ids. */
  tokens: z.custom<TokenCounter>(isCounter).optional(),
  onExchange: z.custom<(exchange: VllmExchange) => void>(isFunction).optional()
})

/** Address, key and limits of one server; only `url` must be given. */
export type VllmOptions = z.input<typeof vllmOptionsSchema>

const HEALTH_MS = 10_000

/**
 * Transport to a vLLM server, or to one that is like it. One prompt a request; several in one `send` share an exchange
 * where the server has `/v1/chat/completions/batch` and their sampling is equal. Errors by status and body, vLLM's or a gateway's.
 * Throws `config-invalid` for a URL that is none. Connects with the first request.
 */
export function createVllmTransport (options: VllmOptions): Transport {
  const { url, apiKey, dialect, connections, maxResponseBytes, tokens, onExchange } = vllmOptionsSchema.parse(options)
  const http = createHttpClient(parseAddress(url, apiKey), connections, maxResponseBytes)
  const line: VllmLine = { http, dialect, tokens, onExchange, aliases: new Set(), batches: dialect === 'vllm' }
  return {
    url: http.address.url,
    send: (requests, sendOptions) => requests.length > 1 && line.batches
      ? sendBatches(line, requests, sendOptions)
      : Promise.all(requests.map((request, at) => sendOne(line, request, numbered(sendOptions, at)))),
    healthy: signal => isHealthy(line, signal),
    models: signal => listModels(line, signal),
    close: () => http.close()
  }
}

/** An answer below 500 is well: a gateway that does not pass `/health` on answers 404, and a call will tell the rest. */
async function isHealthy ({ http, dialect }: VllmLine, signal: AbortSignal): Promise<boolean> {
  try {
    const { status } = await http.call({ method: 'GET', path: dialect === 'vllm' ? '/health' : '/v1/models', signal, deadlineMs: HEALTH_MS })
    return status < 500
  } catch {
    return false
  }
}
