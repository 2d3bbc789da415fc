import { GemlineError } from '../engine/errors.js'
import { drop, type OperatorContext, type Outcome } from '../engine/operator.js'
import type { ModelFact } from '../schema/lineage.js'
import type { ChatMessage, ChatModel, ChatRequest, Completion, Thinking, TokenCounter } from './chat-model.js'
import { countPrompt } from './count-prompt.js'
import { seedOf } from './seed.js'

/** What `ask` needs of a prompt; `lib/prompt` makes them. */
export interface AskPrompt {
  /** `name@version#hash`, for lineage and plan. */
  readonly ref: string
  /** Puts the values in; they can forge neither roles nor tags. */
  render (values: Readonly<Record<string, string>>): readonly ChatMessage[]
}

/** How a stage asks: everything that the config says about it. */
export interface AskSettings {
  readonly thinking: Thinking
  readonly temperature: number
  readonly topP: number
  readonly topK: number
  /** Budget of the answer in tokens, reasoning included. */
  readonly maxTokens: number
  /** Less room than this, and the document is dropped as `too-long` without a call. */
  readonly minTokens: number
  /** At least this temperature when an answer is asked for again. */
  readonly retryTemperature: number
  readonly stop: readonly string[]
  /** Asks the server to enforce this schema; the parser checks the answer all the same. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>
}

/** A model with the prompt and settings of one stage. */
export interface StageModel {
  readonly model: ChatModel
  readonly revision?: string
  /** For a synthesizer: whether the config says that the model was trained for it. */
  readonly trained?: boolean
  readonly tokens: TokenCounter
  /** Context of the model in tokens. */
  readonly maxModelLength: number
  readonly prompt: AskPrompt
  readonly settings: AskSettings
}

/** Tokens kept free beside prompt and answer: chat template and counting error. */
const MARGIN_TOKENS = 64

/**
 * Asks the model of a stage and gives its text, or the drop that the caller must return.
 * Drops `too-long` if prompt and answer do not fit, `answer-too-long` if twice the budget did not do either.
 * Rejects with `answer-truncated` after the first cut answer, `answer-malformed` for a looping one, and with what the model rejects with.
 */
export async function ask (
  stage: StageModel, values: Readonly<Record<string, string>>, context: OperatorContext
): Promise<Completion & { readonly kind: 'answer' } | Extract<Outcome<never>, { kind: 'drop' }>> {
  const messages = stage.prompt.render(values)
  const promptTokens = countPrompt(stage.tokens, messages)
  const room = stage.maxModelLength - promptTokens - MARGIN_TOKENS
  if (room < stage.settings.minTokens) {
    return drop('too-long', { promptTokens, maxModelLength: stage.maxModelLength }) as Extract<Outcome<never>, { kind: 'drop' }>
  }
  const request: ChatRequest = { ...sampling(stage, context), messages, maxTokens: Math.min(room, budgetOf(stage, context)) }
  const completion = await stage.model.complete(request, context)
  noteCall(stage, completion, context)
  if (completion.finishReason === 'stop') return { kind: 'answer', ...completion }
  if (completion.finishReason === 'repetition') throw new GemlineError('answer-malformed', 'the answer repeats itself without end')
  if (context.attempt === 0) throw new GemlineError('answer-truncated', `the answer did not end within ${request.maxTokens} tokens`)
  return drop('answer-too-long', { maxTokens: request.maxTokens }) as Extract<Outcome<never>, { kind: 'drop' }>
}

function budgetOf ({ settings }: StageModel, { failure }: OperatorContext): number {
  return failure?.code === 'answer-truncated' ? settings.maxTokens * 2 : settings.maxTokens
}

function sampling ({ model, revision, settings }: StageModel, context: OperatorContext): Omit<ChatRequest, 'messages' | 'maxTokens'> {
  const { thinking, temperature, topP, topK, retryTemperature, stop, jsonSchema } = settings
  return {
    model: model.name, revision, thinking, topP, topK, stop, jsonSchema,
    temperature: context.attempt === 0 ? temperature : Math.max(temperature, retryTemperature),
    seed: seedOf(context)
  }
}

function noteCall (stage: StageModel, completion: Completion, context: OperatorContext): void {
  const { text, reasoning, finishReason, usage, requestKey, author } = completion
  const fact: Omit<ModelFact, 'stage'> = {
    kind: 'model', attempt: context.attempt, prompt: stage.prompt.ref, model: stage.model.name, revision: stage.revision,
    author, trained: stage.trained, requestKey, finishReason, usage, text, reasoning
  }
  context.note(fact)
}
