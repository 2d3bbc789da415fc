import { z } from 'zod'
import { pieceId, splitPieces } from '../tokens.js'
import type { Exchange, Reply, ServerContext } from './context.js'
import { badFields, refuseModel } from './errors.js'
import { messageSchema, readMessages } from './fields.js'
import { countMessages } from './sequence.js'

const tokenizeSchema = z.union([
  z.looseObject({ model: z.string().nullish(), prompt: z.string(), return_token_strs: z.boolean().nullish() }),
  z.looseObject({ model: z.string().nullish(), messages: z.array(messageSchema).min(1), return_token_strs: z.boolean().nullish() })
])

/**
 * `POST /tokenize`: how many tokens the server counts. The ids are made up (hashes of word pieces); with messages, or with a
 * counter of one's own, there are none, since the count is not made of pieces then.
 */
export function tokenize ({ body }: Exchange, context: ServerContext): Reply {
  const parsed = tokenizeSchema.safeParse(body, { reportInput: true })
  if (!parsed.success) return badFields(parsed.error)
  const request = parsed.data
  const refusal = refuseModel(request.model, context.options.models)
  if (refusal !== undefined) return refusal
  const prompt = 'prompt' in request ? String(request.prompt) : undefined
  const pieces = prompt === undefined || context.options.tokens !== undefined ? [] : splitPieces(prompt)
  const count = prompt === undefined ? countMessages(readMessages((request as { messages: Parameters<typeof readMessages>[0] }).messages), context) : context.tokens.count(prompt)
  return {
    status: 200,
    body: { count, max_model_len: context.options.maxModelLength, tokens: pieces.map(pieceId), token_strs: request.return_token_strs === true ? pieces : null }
  }
}
