import { GemlineError, toGemlineError } from '../lib/engine/errors.js'
import type { ChatRequest, Result, SendOptions, ServerModel, TokenCounter } from '../lib/model/chat-model.js'
import { isObject, tryParseJson } from '../lib/schema/json-value.js'
import { statusError, type ComplaintContext } from './vllm-errors.js'
import type { HttpAnswer, HttpClient } from './vllm-http.js'
import { chatBody, objectionTo, type Dialect } from './vllm-request.js'
import { failed, readChoice, readCompletion, type ReadCompletion } from './vllm-response.js'

/** Timings of one exchange, for people and limiters; never part of a record. */
export interface VllmExchange {
  readonly url: string
  readonly status: number
  readonly requests: number
  readonly firstByteMs: number
  readonly durationMs: number
  readonly answerBytes: number
  /** False where the server sent no usage that can be true; it is then counted as 0. */
  readonly usage: boolean
  /** vLLM's own `metrics` of the request, milliseconds, with `--enable-per-request-metrics`. */
  readonly server?: Readonly<Record<string, unknown>>
}

/** What one exchange needs to know of its server. */
export interface VllmLine {
  readonly http: HttpClient
  readonly dialect: Dialect
  readonly tokens: TokenCounter | undefined
  /** Names under which the server answers for one another. */
  readonly aliases: Set<string>
  /** Cleared by the first server that has no such path. */
  batches: boolean
  readonly onExchange: ((exchange: VllmExchange) => void) | undefined
}

/** Where chats go, below the base. */
export const CHAT_PATH = '/v1/chat/completions'
const MODELS_MS = 30_000

/** One request, one exchange. Never rejects. */
export async function sendOne (line: VllmLine, request: ChatRequest, options: SendOptions): Promise<Result> {
  const objection = objectionTo(request, line.dialect)
  if (objection !== undefined) return failed(new GemlineError('config-invalid', `${line.http.address.url}: ${objection}`))
  try {
    const completion = await post(line, { path: CHAT_PATH, body: chatBody(request, options, line.dialect), requests: 1 }, options)
    await checkModel(line, request.model, completion.model)
    const usage = completion.usage ?? { promptTokens: 0, completionTokens: 0 }
    return readChoice(completion.choices.get(0), { usage, author: completion.author, context: contextOf(line, CHAT_PATH) })
  } catch (error) {
    return failed(toGemlineError(error, 'response-invalid', `${line.http.address.url}${CHAT_PATH}`))
  }
}

/** Posts JSON and reads the completion. Rejects with the error of network, status or body. */
export async function post (line: VllmLine, { path, body, requests }: { path: string, body: object, requests: number }, options: SendOptions): Promise<ReadCompletion> {
  const { signal, deadlineMs, requestId } = options
  const answer = await line.http.call({
    method: 'POST', path, body: JSON.stringify(body), signal, deadlineMs,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId }
  })
  const completion = isSuccess(answer) ? readCompletion(answer.body, contextOf(line, path)) : undefined
  line.onExchange?.({
    url: line.http.address.url, status: answer.status, requests, firstByteMs: answer.firstByteMs, durationMs: answer.durationMs,
    answerBytes: answer.body.length, usage: completion?.usage !== undefined, server: completion?.metrics
  })
  if (completion === undefined) throw refusal(line, answer, path)
  return completion
}

/** A name for each of several requests that go out together. */
export function numbered (options: SendOptions, at: number): SendOptions {
  return at === 0 ? options : { ...options, requestId: `${options.requestId}-b${at}` }
}

/** What errors of this path may say. */
export function contextOf ({ http: { address } }: VllmLine, path: string): ComplaintContext {
  return { where: address.url + path, redact: address.redact }
}

/** A server may answer by its first name to any of its names; an answer by a model that it does not list is somebody else's. */
export async function checkModel (line: VllmLine, asked: string, answered: string | undefined): Promise<void> {
  if (answered === undefined || answered === asked || line.aliases.has(answered)) return
  // A hosted model answers by its dated name.
  if (line.dialect === 'openai' && answered.startsWith(asked)) return
  const listed = (await listModels(line, AbortSignal.timeout(MODELS_MS))).map(({ id }) => id)
  if (!listed.includes(asked) || !listed.includes(answered)) {
    throw new GemlineError('model-missing', `${line.http.address.url}: asked ${asked}, and ${line.http.address.redact(answered).slice(0, 100)} answered`)
  }
  line.aliases.add(answered)
}

/** What the server says it serves. Rejects with a GemlineError. */
export async function listModels (line: VllmLine, signal: AbortSignal): Promise<readonly ServerModel[]> {
  const path = '/v1/models'
  const answer = await line.http.call({ method: 'GET', path, signal, deadlineMs: MODELS_MS })
  if (!isSuccess(answer)) throw refusal(line, answer, path)
  const parsed = tryParseJson(answer.body)
  if (!isObject(parsed) || !Array.isArray(parsed.data)) throw new GemlineError('response-invalid', `${line.http.address.url}${path}: no list of models`)
  return parsed.data.filter(isObject).flatMap(({ id, max_model_len: length, owned_by: owner }) => {
    if (typeof id !== 'string') return []
    const maxModelLength = typeof length === 'number' && Number.isInteger(length) && length > 0 ? length : undefined
    return [{ id, maxModelLength, ownedBy: typeof owner === 'string' ? owner : undefined }]
  })
}

function isSuccess ({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300
}

function refusal ({ http: { address } }: VllmLine, answer: HttpAnswer, path: string): GemlineError {
  return statusError(answer, address.url + path, address.redact)
}
