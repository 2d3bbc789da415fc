import { z } from 'zod'
import { finish, planOf } from './chat.js'
import type { Exchange, Reply, ServerContext } from './context.js'
import { badFields, errorReply, refuseModel } from './errors.js'
import { messageSchema, readMessages, refuseSampling, samplingFields } from './fields.js'
import { prepare } from './generate.js'

const batchSchema = z.looseObject({
  ...samplingFields,
  messages: z.array(z.array(messageSchema).min(1)).min(1),
  max_completion_tokens: z.int().nullish()
})

/** `POST /v1/chat/completions/batch`: one choice per conversation, usage summed; `stream` and `tools` are ignored, as vLLM does. */
export async function chatBatch (exchange: Exchange, context: ServerContext): Promise<Reply | undefined> {
  const parsed = batchSchema.safeParse(exchange.body, { reportInput: true })
  if (!parsed.success) return badFields(parsed.error)
  const { messages: conversations, ...sampling } = parsed.data
  const several = (sampling.n ?? 1) === 1 ? undefined : errorReply(400, 'Batch chat completions support only n=1.', 'n')
  const refusal = refuseModel(sampling.model, context.options.models) ?? several ?? refuseSampling(sampling)
  if (refusal !== undefined) return refusal
  const plans = conversations.map(messages => planOf(readMessages(messages), sampling, context))
  const generation = await prepare(plans, exchange, context)
  if (generation === undefined || 'status' in generation) return generation
  return await finish(generation, { exchange, context, samples: 1 })
}
