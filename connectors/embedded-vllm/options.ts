import { z } from 'zod'
import type { TokenCounter } from '../../lib/model/chat-model.js'
import type { Clock } from './clock/clock.js'
import { fixedClockSchema } from './clock/fixed-clock.js'
import type { AuthorStage } from './author/port.js'

/** What a fault hook is told of a request, before it is answered. */
export interface FaultInfo {
  readonly path: string
  /** Stage of the first prompt in the request. */
  readonly stage: AuthorStage
  /** How many generating requests the server had received before this one. */
  readonly sequence: number
  readonly requestId: string
  readonly seed: number
  readonly prompts: number
}

/**
 * A fault to inject: an answer of its own; `reset` breaks the connection before a byte is sent; `stall` never answers;
 * `cut` breaks it in the middle of the answer; `abort` answers 200 with half the text and `finish_reason: "abort"`.
 */
export type Fault = { readonly status: number, readonly body: unknown } | 'reset' | 'stall' | 'cut' | 'abort'

/** Decides per request whether it fails, and how. */
export type FaultHook = (info: FaultInfo) => Fault | undefined

const isFunction = (value: unknown): boolean => typeof value === 'function'
const isClock = (value: unknown): boolean => typeof value === 'object' && value !== null && 'schedule' in value && 'load' in value
const isCounter = (value: unknown): boolean => typeof value === 'object' && value !== null && 'count' in value

/** Everything that can be said about an embedded server. */
export const embeddedServerOptionsSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes a free one. */
  port: z.int().min(0).max(65535).default(0),
  /** Names it serves; all are the same author. */
  models: z.array(z.string().min(1)).min(1).default(['gemline-embedded']),
  /** Prompt and answer together, tokens. */
  maxModelLength: z.int().min(2).default(40_960),
  /** If set, `/v1/*` wants it as a bearer token. */
  apiKey: z.string().min(1).optional(),
  /** When tokens come: at once, at a fixed pace, or as a clock of your own says. */
  clock: z.union([z.literal('none'), fixedClockSchema, z.custom<Clock>(isClock)]).default('none'),
  /** Tokens per event of a stream, after the first; a request may only raise it. */
  streamInterval: z.int().min(1).default(1),
  /** More sequences than this at once are answered with 503. Unlimited if left out, as with vLLM. */
  maxQueuedRequests: z.int().min(1).optional(),
  maxBodyBytes: z.int().min(1).default(64 * 1024 * 1024),
  /** Keeps a hash of up to a million bodies, so that `stats().distinctBodies` can tell repeated requests. */
  countBodies: z.boolean().default(false),
  /** Counts tokens instead of the counter of the server. */
  tokens: z.custom<TokenCounter>(isCounter).optional(),
  faults: z.custom<FaultHook>(isFunction).optional()
})

/** Options of `startEmbeddedServer` before their defaults. */
export type EmbeddedServerOptions = z.input<typeof embeddedServerOptionsSchema>
/** The same with every default in place. */
export type ParsedServerOptions = z.output<typeof embeddedServerOptionsSchema>
