import { z } from 'zod'
import type { AuthorMessage } from '../author/port.js'
import type { Exchange, Reply, ServerContext } from './context.js'
import { badFields, errorReply, refuseModel } from './errors.js'
import { refuseSampling, samplingFields, streamFields, type Sampling } from './fields.js'
import { prepare, run, usageOf } from './generate.js'
import { sendCut } from './send.js'
import type { SequencePlan } from './sequence.js'
import { stream, type StreamShape } from './stream.js'

const ids = z.array(z.int().min(0)).min(1)
const completionSchema = z.looseObject({
  ...samplingFields, ...streamFields,
  prompt: z.union([z.string().min(1), z.array(z.string().min(1)).min(1), ids, z.array(ids).min(1)])
})

const MAX_PROMPTS = 1024
const DEFAULT_MAX_TOKENS = 16

/** `POST /v1/completions`: a prompt or a list of them, as text or token ids. Choice `p × n + k` is sample k of prompt p. */
export async function completions (exchange: Exchange, context: ServerContext): Promise<Reply | undefined> {
  const parsed = completionSchema.safeParse(exchange.body, { reportInput: true })
  if (!parsed.success) return badFields(parsed.error)
  const body = parsed.data
  const prompts = readPrompts(body.prompt)
  const crowd = prompts.length > MAX_PROMPTS ? errorReply(400, `At most ${MAX_PROMPTS} prompts are allowed, got ${prompts.length}.`, 'prompt') : undefined
  const refusal = refuseModel(body.model, context.options.models) ?? crowd ?? refuseSampling(body)
  if (refusal !== undefined) return refusal
  const samples = body.n ?? 1
  const plans = prompts.flatMap(prompt => samplesOf(planOf(prompt, body, context), samples))
  const generation = await prepare(plans, exchange, context)
  if (generation === undefined || 'status' in generation) return generation
  if (body.stream === true) return await stream(generation, { exchange, context, streaming: body, shape: TEXT_STREAM, samples })
  await Promise.all(generation.sequences.map(sequence => run(sequence, { signal: exchange.signal }, context)))
  const answer = {
    id: `cmpl-${generation.id}`,
    object: 'text_completion',
    created: generation.created,
    model: generation.model,
    choices: generation.sequences.map(({ text, finishReason, stopReason, tokenIds }, index) => ({
      index, text, logprobs: null, finish_reason: finishReason, stop_reason: stopReason, token_ids: tokenIds, prompt_logprobs: null, prompt_token_ids: null
    })),
    service_tier: null,
    system_fingerprint: context.fingerprint,
    usage: usageOf(generation.sequences, samples),
    kv_transfer_params: null
  }
  return generation.cut ? sendCut(exchange, answer) : { status: 200, body: answer }
}

function readPrompts (prompt: z.output<typeof completionSchema>['prompt']): ReadonlyArray<string | number[]> {
  if (typeof prompt === 'string') return [prompt]
  return typeof prompt[0] === 'number' ? [prompt as number[]] : prompt as ReadonlyArray<string | number[]>
}

/** Token ids cannot be read back to text here: they count, and the author is given none. */
function planOf (prompt: string | number[], sampling: Sampling, { tokens }: ServerContext): SequencePlan {
  const text = typeof prompt === 'string' ? prompt : ''
  return {
    sampling,
    messages: readTemplate(text),
    promptTokens: typeof prompt === 'string' ? tokens.count(prompt) : prompt.length,
    maxTokens: sampling.max_tokens ?? DEFAULT_MAX_TOKENS,
    seed: sampling.seed ?? 0
  }
}

function samplesOf (plan: SequencePlan, samples: number): SequencePlan[] {
  return Array.from({ length: samples }, (_, index) => ({ ...plan, seed: plan.seed + index }))
}

/** Turns of a ChatML prompt; a prompt without the template is one user turn. */
function readTemplate (prompt: string): AuthorMessage[] {
  const turns = prompt.split('<|im_start|>').slice(1)
  if (turns.length === 0) return [{ role: 'user', content: prompt }]
  return turns.map(turn => {
    const line = turn.indexOf('\n')
    const end = turn.lastIndexOf('<|im_end|>')
    return { role: turn.slice(0, line === -1 ? undefined : line).trim(), content: line === -1 ? '' : turn.slice(line + 1, end === -1 ? undefined : end) }
  }).filter(message => message.content !== '')
}

const TEXT_STREAM: StreamShape = {
  idPrefix: 'cmpl',
  object: 'text_completion',
  opening: undefined,
  piece: (index, { text }, end) => ({
    index, text, logprobs: null, finish_reason: end?.finishReason ?? null, stop_reason: end?.stopReason ?? null
  })
}
