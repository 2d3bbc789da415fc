import { z } from 'zod'
import { isObject, tryParseJson } from '../../../lib/schema/json-value.js'
import type { AuthorMessage, Constraint } from '../author/port.js'
import type { Reply } from './context.js'
import { errorReply } from './errors.js'

const jsonSchema = z.record(z.string(), z.unknown())
const part = z.looseObject({ type: z.string(), text: z.string().optional() })

/** A turn as chat clients write it: text, or parts of which only text is read. */
export const messageSchema = z.looseObject({
  role: z.string().min(1),
  content: z.union([z.string(), z.array(part)]).nullish()
})

/** Fields that chat, batch and completions share. Unknown ones are accepted and ignored, as vLLM does (extra="allow"). */
export const samplingFields = {
  model: z.string().nullish(),
  max_tokens: z.int().nullish(),
  n: z.int().min(1).max(128).nullish(),
  seed: z.int().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  include_stop_str_in_output: z.boolean().nullish(),
  return_token_ids: z.boolean().nullish(),
  request_id: z.string().nullish(),
  response_format: z.looseObject({ type: z.string(), json_schema: z.looseObject({ schema: jsonSchema.optional() }).nullish() }).nullish(),
  structured_outputs: z.looseObject({
    choice: z.array(z.string()).min(1).nullish(),
    json: z.union([z.string(), jsonSchema]).nullish(),
    json_object: z.boolean().nullish(),
    regex: z.string().nullish(),
    grammar: z.string().nullish(),
    structural_tag: z.unknown().optional()
  }).nullish(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish()
}

/** Fields of a request that may stream. */
export const streamFields = {
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish(), continuous_usage_stats: z.boolean().nullish() }).nullish(),
  stream_interval: z.int().min(1).nullish()
}

/** A checked body, as far as it says how to generate. */
export type Sampling = z.output<z.ZodObject<typeof samplingFields, z.core.$loose>>
/** A checked body, as far as it says how to stream. */
export type Streaming = z.output<z.ZodObject<typeof streamFields, z.core.$loose>>

/** The text of turns; parts are joined, what is no text is left out. */
export function readMessages (messages: ReadonlyArray<z.output<typeof messageSchema>>): AuthorMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : (content ?? []).map(item => item.text ?? '').join('')
  }))
}

/** The stop strings of a request, as a list; empty ones stop nothing. */
export function readStops ({ stop }: Sampling): readonly string[] {
  return (typeof stop === 'string' ? [stop] : stop ?? []).filter(text => text !== '')
}

/** Refuses combinations that vLLM refuses. */
export function refuseSampling (sampling: Sampling & Partial<Streaming>): Reply | undefined {
  if (readStops(sampling).length > 4) return errorReply(400, 'stop must contain at most 4 strings.', 'stop')
  if (sampling.stream_options && sampling.stream !== true) {
    return errorReply(400, 'Stream options can only be defined when `stream=True`.', 'stream_options')
  }
  const structured = sampling.structured_outputs
  if (!structured) return undefined
  const kinds = ['choice', 'json', 'json_object', 'regex', 'grammar', 'structural_tag'].filter(kind => structured[kind] !== undefined && structured[kind] !== null)
  if (kinds.length !== 1) {
    return errorReply(400, `You can only use one kind of structured outputs constraint but multiple or none are specified: ${kinds.join(', ')}`, 'structured_outputs')
  }
  const foreign = kinds.find(kind => ['regex', 'grammar', 'structural_tag'].includes(kind))
  return foreign === undefined ? undefined : errorReply(400, `structured_outputs.${foreign} is not supported by the embedded server.`, 'structured_outputs')
}

/** What the answer must look like, from `structured_outputs` or `response_format`. */
export function readConstraint ({ structured_outputs: structured, response_format: format }: Sampling): Constraint | undefined {
  if (structured?.choice) return { kind: 'choice', choices: structured.choice }
  if (structured?.json_object === true || format?.type === 'json_object') return { kind: 'json', schema: { type: 'object' } }
  const schema = structured?.json ?? (format?.type === 'json_schema' ? format.json_schema?.schema : undefined)
  if (schema === undefined || schema === null) return undefined
  return { kind: 'json', schema: typeof schema === 'string' ? parseSchema(schema) : schema }
}

function parseSchema (text: string): Record<string, unknown> {
  const parsed = tryParseJson(text)
  return isObject(parsed) ? parsed : {}
}
