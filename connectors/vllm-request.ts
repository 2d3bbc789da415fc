import type { ChatRequest, SendOptions } from '../lib/model/chat-model.js'

/** `vllm` knows vLLM's own fields; `openai` sends only what every OpenAI-like server knows. */
export type Dialect = 'vllm' | 'openai'

/** `stop` strings that a server of this dialect takes; vLLM's own limit comes with an error of its own. */
const OPENAI_STOPS = 4

/** Why this dialect cannot carry the request; undefined if it can. */
export function objectionTo (request: ChatRequest, dialect: Dialect): string | undefined {
  if (dialect === 'openai' && request.stop.length > OPENAI_STOPS) return `${request.stop.length} stop strings, and this dialect takes ${OPENAI_STOPS}`
  return undefined
}

/** Body of `POST /v1/chat/completions` for one request. */
export function chatBody (request: ChatRequest, { priority }: Pick<SendOptions, 'priority'>, dialect: Dialect): object {
  return { ...fieldsOf(request, priority, dialect), messages: request.messages.map(({ role, content }) => ({ role, content })) }
}

/** Body of `POST /v1/chat/completions/batch`: one set of fields, many conversations. */
export function batchBody (requests: readonly ChatRequest[], { priority }: Pick<SendOptions, 'priority'>): object {
  return {
    ...fieldsOf(requests[0]!, priority, 'vllm'),
    messages: requests.map(({ messages }) => messages.map(({ role, content }) => ({ role, content }))),
    // The usage of a batch is one sum; the tokens of each answer are counted by their ids.
    return_token_ids: true
  }
}

/** Requests with equal keys can share a batch: everything but the messages is equal. */
export function batchKeyOf (request: ChatRequest): string {
  return JSON.stringify(fieldsOf(request, 0, 'vllm'))
}

function fieldsOf (request: ChatRequest, priority: number, dialect: Dialect): Record<string, unknown> {
  const { model, temperature, topP, maxTokens, stop, jsonSchema } = request
  return {
    model,
    temperature,
    top_p: topP,
    ...stop.length === 0 ? {} : { stop },
    // Greedy decoding has no use for a seed, and without it the requests of a stage can share a batch.
    ...temperature === 0 ? {} : { seed: request.seed },
    ...jsonSchema === undefined ? {} : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: jsonSchema, strict: true } } },
    ...dialect === 'openai' ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens, ...vllmFields(request, priority) }
  }
}

function vllmFields ({ thinking, topK }: ChatRequest, priority: number): Record<string, unknown> {
  return {
    // Said even when off: the server would fill it from the model's generation_config.json.
    top_k: topK,
    ...priority === 0 ? {} : { priority },
    chat_template_kwargs: { enable_thinking: thinking !== 'off' },
    ...typeof thinking === 'string' ? {} : { thinking_token_budget: thinking.budget }
  }
}
