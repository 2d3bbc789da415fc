import { GemlineError } from '../lib/engine/errors.js'
import type { FinishReason, Result, TokenCounter, TransportAnswer } from '../lib/model/chat-model.js'
import { splitReasoning } from '../lib/model/parse/split-reasoning.js'
import { isObject, tryParseJson } from '../lib/schema/json-value.js'
import type { Usage } from '../lib/schema/lineage.js'
import { complaintError, readComplaint, type ComplaintContext } from './vllm-errors.js'

type Json = Readonly<Record<string, unknown>>

/** A completion as the server sent it, with as many choices as were asked for. */
export interface ReadCompletion {
  /** Name of the model that answered, if it says. */
  readonly model: string | undefined
  readonly choices: ReadonlyMap<number, Json>
  /** Undefined where the server sent none, or figures that cannot be. */
  readonly usage: Usage | undefined
  readonly author: TransportAnswer['author']
  /** vLLM's own timings, milliseconds, where it is told to give them. */
  readonly metrics: Json | undefined
}

const EMBEDDED = 'gemline-embedded'
/** More tokens than this in one answer are no count. */
const ABSURD_TOKENS = 100_000_000

/** Reads the body of a 200. Throws `response-invalid` for what is no completion, and the error that a body carries in spite of its status. */
export function readCompletion (body: string, context: ComplaintContext): ReadCompletion {
  const parsed = tryParseJson(body)
  if (!isObject(parsed)) throw invalid(context, `no JSON object but ${JSON.stringify(context.redact(body.slice(0, 80)))}`)
  const { choices, error, model, system_fingerprint: fingerprint, metrics } = parsed
  if (error !== undefined && error !== null) throw complaintError(readComplaint(body), context)
  if (!Array.isArray(choices) || choices.length === 0) throw invalid(context, 'an answer without choices')
  return {
    model: typeof model === 'string' ? model : undefined,
    choices: new Map(choices.filter(isObject).map((choice, at) => [typeof choice.index === 'number' ? choice.index : at, choice])),
    usage: readUsage(parsed.usage),
    author: typeof fingerprint === 'string' && fingerprint.startsWith(EMBEDDED) ? 'rule-based' : 'model',
    metrics: isObject(metrics) ? metrics : undefined
  }
}

/** The result of one choice. `usage` is what this choice alone used. */
export function readChoice (choice: Json | undefined, { usage, author, context }: { usage: Usage, author: TransportAnswer['author'], context: ComplaintContext }): Result {
  if (choice === undefined) return failed(invalid(context, 'an answer without the choice of this request'))
  const message = isObject(choice.message) ? choice.message : {}
  const content = message.content ?? ''
  const finish = finishOf(choice.finish_reason, context)
  if (finish instanceof GemlineError) return failed(finish)
  if (!isObject(choice.message) || typeof content !== 'string') return failed(invalid(context, 'a choice without a text'))
  const reasoning = message.reasoning ?? message.reasoning_content
  const answer: TransportAnswer = {
    ...splitReasoning(content, typeof reasoning === 'string' && reasoning !== '' ? reasoning : undefined),
    finishReason: finish, usage, author
  }
  return { kind: 'answer', answer }
}

/** Tokens that one choice of several took: by their ids where the server gives them, else as the local counter finds them in its text. */
export function countChoice (choice: Json | undefined, tokens: TokenCounter | undefined): number {
  if (Array.isArray(choice?.token_ids)) return choice.token_ids.length
  const { content, reasoning } = isObject(choice?.message) ? choice.message : {}
  return [content, reasoning].reduce<number>((sum, text) => sum + (typeof text === 'string' ? tokens?.count(text) ?? 0 : 0), 0)
}

/** A Result of an error. */
export function failed (error: GemlineError): Result {
  return { kind: 'error', error }
}

function finishOf (reason: unknown, context: ComplaintContext): FinishReason | GemlineError {
  if (reason === 'stop' || reason === 'length' || reason === 'repetition') return reason
  if (reason === 'abort') return new GemlineError('answer-aborted', `${context.where}: the server aborted the answer`, { detail: { finishReason: reason } })
  if (reason === 'content_filter') return new GemlineError('request-refused', `${context.where}: the server's content filter cut the answer`, { detail: { finishReason: reason } })
  return invalid(context, `an answer that ended with finish_reason ${JSON.stringify(reason)?.slice(0, 40)}`)
}

function readUsage (usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens, completion_tokens_details: details } = usage
  if (!isCount(promptTokens) || !isCount(completionTokens)) return undefined
  const reasoningTokens = isObject(details) ? details.reasoning_tokens : undefined
  return isCount(reasoningTokens) && reasoningTokens <= completionTokens ? { promptTokens, completionTokens, reasoningTokens } : { promptTokens, completionTokens }
}

function isCount (value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= ABSURD_TOKENS
}

function invalid ({ where }: ComplaintContext, what: string): GemlineError {
  return new GemlineError('response-invalid', `${where}: ${what}`)
}
