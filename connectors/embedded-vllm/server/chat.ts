import { z } from 'zod'
import type { Exchange, Reply, ServerContext } from './context.js'
import { badFields, refuseModel } from './errors.js'
import { messageSchema, readMessages, refuseSampling, samplingFields, streamFields, type Sampling } from './fields.js'
import { prepare, run, usageOf, type Generation } from './generate.js'
import { countMessages, type Sequence, type SequencePlan } from './sequence.js'
import { sendCut } from './send.js'
import { stream, type StreamShape } from './stream.js'

const chatSchema = z.looseObject({
  ...samplingFields, ...streamFields,
  messages: z.array(messageSchema).min(1),
  max_completion_tokens: z.int().nullish()
})

/** `POST /v1/chat/completions`, plain or as a stream of events. */
export async function chat (exchange: Exchange, context: ServerContext): Promise<Reply | undefined> {
  const parsed = chatSchema.safeParse(exchange.body, { reportInput: true })
  if (!parsed.success) return badFields(parsed.error)
  const body = parsed.data
  const refusal = refuseModel(body.model, context.options.models) ?? refuseSampling(body)
  if (refusal !== undefined) return refusal
  const messages = readMessages(body.messages)
  const samples = body.n ?? 1
  const plan = planOf(messages, body, context)
  const generation = await prepare(Array.from({ length: samples }, (_, index) => ({ ...plan, seed: plan.seed + index })), exchange, context)
  if (generation === undefined || 'status' in generation) return generation
  if (body.stream === true) return await stream(generation, { exchange, context, streaming: body, shape: CHAT_STREAM, samples })
  return await finish(generation, { exchange, context, samples })
}

/** The plan of one conversation. */
export function planOf (messages: ReturnType<typeof readMessages>, sampling: Sampling & { readonly max_completion_tokens?: number | null }, context: ServerContext): SequencePlan {
  return {
    messages, sampling,
    promptTokens: countMessages(messages, context),
    maxTokens: sampling.max_completion_tokens ?? sampling.max_tokens ?? undefined,
    seed: sampling.seed ?? 0
  }
}

/** Waits for all sequences and gives them as one `chat.completion`. Also the way of a batch, whose conversations are the choices. */
export async function finish (
  generation: Generation, { exchange, context, samples }: { readonly exchange: Exchange, readonly context: ServerContext, readonly samples: number }
): Promise<Reply | undefined> {
  await Promise.all(generation.sequences.map(sequence => run(sequence, { signal: exchange.signal }, context)))
  const body = {
    id: `chatcmpl-${generation.id}`,
    object: 'chat.completion',
    created: generation.created,
    model: generation.model,
    choices: generation.sequences.map(choice),
    service_tier: null,
    system_fingerprint: context.fingerprint,
    usage: usageOf(generation.sequences, samples),
    prompt_logprobs: null,
    kv_transfer_params: null
  }
  return generation.cut ? sendCut(exchange, body) : { status: 200, body }
}

function choice (sequence: Sequence, index: number): Record<string, unknown> {
  return {
    index,
    message: {
      role: 'assistant', content: sequence.text, refusal: null, annotations: null, audio: null, function_call: null,
      reasoning: sequence.reasoning ?? null
    },
    logprobs: null,
    finish_reason: sequence.finishReason,
    stop_reason: sequence.stopReason,
    token_ids: sequence.tokenIds
  }
}

const CHAT_STREAM: StreamShape = {
  idPrefix: 'chatcmpl',
  object: 'chat.completion.chunk',
  opening: index => ({ index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }),
  piece: (index, { kind, text }, end) => ({
    index, delta: kind === 'reasoning' ? { reasoning: text } : { content: text }, logprobs: null,
    finish_reason: end?.finishReason ?? null, ...(end === undefined ? {} : { stop_reason: end.stopReason })
  })
}
