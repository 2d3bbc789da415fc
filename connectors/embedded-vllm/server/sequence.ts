import type { AuthorMessage, AuthorStage } from '../author/port.js'
import { cutToTokens, pieceId, splitPieces } from '../tokens.js'
import type { ServerContext } from './context.js'
import { readConstraint, readStops, type Sampling } from './fields.js'

/** One prompt with everything that its answer depends on. */
export interface SequencePlan {
  readonly messages: readonly AuthorMessage[]
  readonly promptTokens: number
  /** Most tokens of the answer; undefined is all the rest of the context. */
  readonly maxTokens: number | undefined
  readonly seed: number
  readonly sampling: Sampling
}

/** An answer that is written but not yet told. */
export interface Sequence {
  readonly stage: AuthorStage
  readonly text: string
  readonly reasoning: string | undefined
  readonly finishReason: 'stop' | 'length' | 'abort'
  readonly stopReason: string | null
  readonly promptTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  /** As many as output tokens, where they were asked for and the server's own counter counts. */
  readonly tokenIds: readonly number[] | null
}

/** Tokens that the chat template adds to each turn, and once for the turn that the model begins. */
const TURN_TOKENS = 4
const LEAD_TOKENS = 3

/** Tokens of a conversation as the model would see it. */
export function countMessages (messages: readonly AuthorMessage[], { tokens }: Pick<ServerContext, 'tokens'>): number {
  return messages.reduce((sum, message) => sum + tokens.count(message.content) + TURN_TOKENS, LEAD_TOKENS)
}

/** Has the author write the answer, then cuts it by stop strings and budget as a server would. */
export function compose (plan: SequencePlan, context: ServerContext): Sequence {
  const { messages, seed, sampling, promptTokens } = plan
  const constraint = readConstraint(sampling)
  const thinking = sampling.chat_template_kwargs?.enable_thinking === true
  const answer = context.author({ messages, seed, thinking, constraint })
  const room = Math.min(plan.maxTokens ?? Infinity, context.options.maxModelLength - promptTokens)
  const stopped = cutAtStop(answer.text, sampling)
  const reasoning = answer.reasoning === undefined ? undefined : cutToTokens(answer.reasoning, room, context.tokens)
  const reasoningTokens = reasoning === undefined ? 0 : context.tokens.count(reasoning)
  const text = cutToTokens(stopped.text, room - reasoningTokens, context.tokens)
  const outputTokens = Math.max(1, reasoningTokens + context.tokens.count(text))
  const wantsIds = sampling.return_token_ids === true && context.options.tokens === undefined
  const cut = text.length < stopped.text.length || (reasoning?.length ?? 0) < (answer.reasoning?.length ?? 0)
  return {
    stage: answer.stage, text, reasoning, reasoningTokens, promptTokens,
    outputTokens,
    tokenIds: wantsIds ? idsOf([reasoning ?? '', text], outputTokens) : null,
    finishReason: cut ? 'length' : 'stop',
    stopReason: cut ? null : stopped.stop
  }
}

function idsOf (parts: readonly string[], outputTokens: number): number[] {
  const ids = parts.flatMap(part => splitPieces(part)).map(pieceId)
  // An empty answer still took the token that ended it.
  return ids.length === 0 ? Array(outputTokens).fill(0) : ids
}

function cutAtStop (text: string, sampling: Sampling): { readonly text: string, readonly stop: string | null } {
  let found: { readonly at: number, readonly stop: string } | undefined
  for (const stop of readStops(sampling)) {
    const at = text.indexOf(stop)
    if (at !== -1 && (found === undefined || at < found.at)) found = { at, stop }
  }
  if (found === undefined) return { text, stop: null }
  const end = sampling.include_stop_str_in_output === true ? found.at + found.stop.length : found.at
  return { text: text.slice(0, end), stop: found.stop }
}

/** The same answer as a server gives it that is told to stop half-way. */
export function halve (sequence: Sequence, { tokens }: ServerContext): Sequence {
  const text = cutToTokens(sequence.text, Math.floor(tokens.count(sequence.text) / 2), tokens)
  return {
    ...sequence, text, finishReason: 'abort', stopReason: null,
    outputTokens: Math.max(1, sequence.reasoningTokens + tokens.count(text)),
    tokenIds: null
  }
}
