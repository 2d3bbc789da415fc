import type { ChatRequest, SendOptions, Thinking, Transport } from '../../model/chat-model.js'
import { fail, ok, warn, type Check } from './check.js'

/** A value that no model writes by itself: only a server that enforces the schema gives it. */
const PROBE = 'gemline-probe-7f3a'
const SCHEMA = {
  type: 'object', properties: { probe: { type: 'string', enum: [PROBE] } }, required: ['probe'], additionalProperties: false
} as const

const TOKENS = 64
/** Reasoning counts against the budget too. */
const TOKENS_WITH_REASONING = 4096

/** Who is asked, and as which stage would ask. */
export interface StructuredProbe {
  readonly check: string
  readonly model: string
  readonly thinking: Thinking
  readonly maxModelLength: number
}

/**
 * Asks for something else than JSON under a schema that allows one value only. A server that ignores what it does not know
 * answers 200 with free text. Not enforced is a warning, since every answer is parsed and asked for again; with thinking on
 * it is a failure, since the reasoning may then come as the answer.
 */
export async function probeStructured (transport: Transport, { check, model, thinking, maxModelLength }: StructuredProbe, options: SendOptions): Promise<Check> {
  const maxTokens = Math.min(thinking === 'off' ? TOKENS : TOKENS_WITH_REASONING, Math.floor(maxModelLength / 2))
  const request: ChatRequest = {
    model, thinking, maxTokens, temperature: 0, topP: 1, topK: 0, seed: 0, stop: [], jsonSchema: SCHEMA,
    messages: [{ role: 'user', content: 'Write one short sentence about the sea. No JSON, only the sentence.' }]
  }
  const [result] = await transport.send([request], options)
  const how = thinking === 'off' ? 'structured output' : 'structured output with thinking on'
  if (result === undefined || result.kind === 'error') return fail(check, `${how}: ${result?.error.message ?? 'no answer'}`, 'The server refuses the schema; set `structured: false` for the stage, or serve with structured output.')
  const { text, finishReason } = result.answer
  if (isProbe(text)) return ok(check, `${how} is enforced`)
  if (thinking === 'off') return warn(check, `${how} is not enforced by ${transport.url}`, 'Answers are parsed all the same; set `structured: false`, or serve with a structured-output backend.')
  if (finishReason === 'length' && text === '') return warn(check, `${how} could not be told: the reasoning took all ${maxTokens} tokens`, 'Give thinking a budget, or set it off for this stage.')
  return fail(check, `${how} is not enforced by ${transport.url}`, 'Set `thinking: off` or `structured: false` for the stage, or serve with a reasoning parser, so that the schema holds for the answer after the reasoning.')
}

function isProbe (text: string): boolean {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null
    return value !== null && typeof value === 'object' && value['probe'] === PROBE && Object.keys(value).length === 1
  } catch {
    return false
  }
}
