import type { GemlineError } from '../engine/errors.js'
import type { OperatorContext } from '../engine/operator.js'
import type { Usage } from '../schema/lineage.js'

/** One turn of a prompt. */
export interface ChatMessage { readonly role: 'system' | 'user' | 'assistant', readonly content: string }

/** Whether the model reasons before it answers: not, freely, or within a number of tokens. */
export type Thinking = 'off' | 'on' | { readonly budget: number }

/** What may be asked of a model: everything that can change its answer, and nothing else. It is hashed into the journal's key. */
export interface ChatRequest {
  /** Name as the server lists it. */
  readonly model: string
  /** Revision of the weights, if the config names one; part of the key only. */
  readonly revision?: string
  readonly messages: readonly ChatMessage[]
  readonly thinking: Thinking
  readonly temperature: number
  readonly topP: number
  /** 0 is off. */
  readonly topK: number
  /** Most tokens of the answer, reasoning included. */
  readonly maxTokens: number
  /** 0 … 2³¹−1. */
  readonly seed: number
  readonly stop: readonly string[]
  /** Asks the server for JSON of this schema. The answer is validated again by who asked. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>
}

/** Why an answer ended. `abort` never gets here: it is a failed transport. */
export type FinishReason = 'stop' | 'length' | 'repetition'

/** An answer, its reasoning kept apart. */
export interface Completion {
  readonly text: string
  readonly reasoning?: string
  readonly finishReason: FinishReason
  readonly usage: Usage
  /** `rule-based` where the server says that it is no language model (the embedded author). */
  readonly author: 'model' | 'rule-based'
  /** sha256 of the request as the model sees it, hex. */
  readonly requestKey: string
}

/** What an operator may ask of a language model. */
export interface ChatModel {
  readonly name: string
  /**
   * Resolves with a complete answer. Waits while no server is alive. Rejects with `request-refused`, `context-exceeded`,
   * a transport code once its tries are used up, or `run-cancelled`.
   */
  complete (request: ChatRequest, context: OperatorContext): Promise<Completion>
}

/** The same answer as the transport gives it, before the journal names it. */
export type TransportAnswer = Omit<Completion, 'requestKey'>

/** One result for one request: an answer, or an error that only this request met. */
export type Result =
  | { readonly kind: 'answer', readonly answer: TransportAnswer }
  | { readonly kind: 'error', readonly error: GemlineError }

/** Patience, urgency and name of one exchange with a server; none of it changes the answer. */
export interface SendOptions {
  readonly signal: AbortSignal
  /** Most milliseconds until the whole answer is there. */
  readonly deadlineMs: number
  /** Lower is sooner, for servers that schedule by it. Not part of any key. */
  readonly priority: number
  /** For the server's log: document, stage, attempt. */
  readonly requestId: string
}

/** What a server says of itself. */
export interface ServerModel { readonly id: string, readonly maxModelLength?: number, readonly ownedBy?: string }

/** What a connector gives: one HTTP exchange for one request, or for several where the server can. Retries nothing. */
export interface Transport {
  /** Base URL without credentials, for logs and errors. */
  readonly url: string
  /** Never rejects for what a server does: each request gets its Result, in order. */
  send (requests: readonly ChatRequest[], options: SendOptions): Promise<readonly Result[]>
  /** True if the server is there and says it is well. */
  healthy (signal: AbortSignal): Promise<boolean>
  /** What it serves. Rejects with a GemlineError. */
  models (signal: AbortSignal): Promise<readonly ServerModel[]>
  close (): Promise<void>
}

/** Counts tokens of a prompt before it is sent. Counts high rather than low where it does not know the model. */
export interface TokenCounter {
  /** `exact` when it has the model's own vocabulary. */
  readonly kind: 'exact' | 'estimate'
  count (text: string): number
}
