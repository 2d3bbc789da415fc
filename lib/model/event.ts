import type { ErrorCode } from '../engine/errors.js'
import type { Usage } from '../schema/lineage.js'

/** What observers of a model are told. Each is small, frequent and never carries a text. */
export type ModelEvent =
  | { readonly kind: 'call-start', readonly model: string, readonly stage: string, readonly url: string, readonly waitMs: number, readonly batch: number }
  | {
    readonly kind: 'call-end', readonly model: string, readonly stage: string, readonly url: string
    readonly outcome: 'answer' | ErrorCode, readonly usage?: Usage, readonly durationMs: number, readonly batch: number
  }
  | { readonly kind: 'retry', readonly model: string, readonly stage: string, readonly code: ErrorCode, readonly tries: number, readonly delayMs: number }
  | { readonly kind: 'replica-down', readonly model: string, readonly url: string, readonly reason: string }
  | { readonly kind: 'replica-up', readonly model: string, readonly url: string }
  | { readonly kind: 'paused', readonly model: string }
  | { readonly kind: 'resumed', readonly model: string }
  /** `joined`: the same request was in flight already and its answer was shared. */
  | { readonly kind: 'journal-hit', readonly model: string, readonly stage: string, readonly joined: boolean }

/** Receives events synchronously; must not throw and must be quick. */
export type ModelListener = (event: ModelEvent) => void
