import type { CountFact, Fact } from './envelope.js'
import type { GemlineError } from './errors.js'

/** What became of one input record. A thrown error is the third outcome; see GemlineError. */
export type Outcome<T> =
  | { readonly kind: 'emit', readonly values: readonly [T, ...T[]] }
  | { readonly kind: 'drop', readonly reason: string, readonly detail?: unknown }

/** The few methods of a logger that operators and connectors may use; pino fits. */
export interface Logger {
  debug (facts: object, message: string): void
  info (facts: object, message: string): void
  warn (facts: object, message: string): void
  error (facts: object, message: string): void
}

/** Who is asking. Operators hand it on with each model call: it carries priority, seed and place in the journal. */
export interface OperatorContext {
  readonly id: string
  readonly sequence: number
  readonly split: string
  /** Content key of the document the record stems from. */
  readonly key: string
  readonly stage: string
  readonly stageIndex: number
  /** Of the answer, not of the transport: 0, then 1 after an answer that could not be used. */
  readonly attempt: number
  /** What was wrong with the answer before, when `attempt` is above 0. */
  readonly failure: GemlineError | undefined
  readonly signal: AbortSignal
  readonly log: Logger
  /** Adds a fact to the record's trail; children inherit it, lineage is made of it. */
  note (fact: Omit<Fact, 'stage'> | CountFact): void
  /** What is known of the record so far, oldest first. */
  readonly trail: readonly Fact[]
}

/** Turns one `In` into an outcome. Knows nothing of streams, retries, metrics or files. */
export interface Operator<In, Out> {
  /** A verb, unique in the pipeline; it names the stage in metrics, logs and dead letters. */
  readonly name: string
  /** A property and no method, so that the compiler refuses a wrong order of stages (methods are checked bivariantly). */
  readonly process: (input: In, context: OperatorContext) => Outcome<Out> | Promise<Outcome<Out>>
}

/** The outcome that hands on one or several values. */
export function emit<T> (...values: readonly [T, ...T[]]): Outcome<T> {
  return { kind: 'emit', values }
}

/** The outcome that ends a record by decision. `reason` is a stable kebab-case code. */
export function drop (reason: string, detail?: unknown): Outcome<never> {
  return detail === undefined ? { kind: 'drop', reason } : { kind: 'drop', reason, detail }
}

/** A logger that says nothing. */
export const silent: Logger = { debug () {}, info () {}, warn () {}, error () {} }
