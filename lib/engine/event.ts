/** What observers of a run are told. Each is small, frequent and never carries a text. */
export type EngineEvent =
  | { readonly kind: 'stage-start', readonly stage: number }
  | { readonly kind: 'stage-end', readonly stage: number, readonly outcome: 'emit' | 'drop' | 'reject' }
  | { readonly kind: 'answer-retry', readonly stage: number, readonly code: string }
  /** Told whenever settled items are handed on: what is at work, and what waits for its turn. */
  | { readonly kind: 'window', readonly running: number, readonly held: number, readonly heldBytes: number }

/** Receives events synchronously; must not throw and must be quick. */
export type EventListener = (event: EngineEvent) => void
