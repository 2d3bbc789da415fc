import type { Ended, Envelope, Settlement } from './envelope.js'
import { GemlineError, toGemlineError } from './errors.js'
import type { EventListener } from './event.js'
import { createLimit, type Limit } from './limit.js'
import type { Places } from './map-concurrent.js'
import { silent, type Logger, type Operator, type Outcome } from './operator.js'
import { SettlementInMaking, type Item } from './settlement-in-making.js'
import { StageContext, type Step, type WalkScope } from './stage-context.js'

/** An operator with its place in the pipeline. */
export interface Stage {
  readonly operator: Operator<unknown, unknown>
  /** Records in this stage at once; default no limit of its own. */
  readonly concurrency?: number
  /** How often a malformed or cut answer is asked for again. Default 1. */
  readonly answerRetries?: number
  /** Whether what a record was when it ended here stays with its dead letter. */
  readonly keepInput?: boolean
}

/** The stages that a record goes through, in order, and how many children it may have in one. */
export interface SettleOptions {
  readonly stages: readonly Stage[]
  readonly log?: Logger
  readonly onEvent?: EventListener
  /** Most values that one record may become in one stage; what is over is counted, not run. Default 64. */
  readonly maxChildren?: number
}

/**
 * What ends a walk early, and the places in which children run side by side; without `places` they run one after the
 * other.
 */
export interface SettleWork { readonly signal: AbortSignal, readonly places?: Places }

/** Walks one record through all stages. Synchronous as long as all operators are. Throws (or rejects) only what ends the run. */
export type Settle<In, Out> = (envelope: Envelope<In>, work: SettleWork) => Settlement<Out> | Promise<Settlement<Out>>

type End = Outcome<unknown> | { readonly kind: 'reject', readonly error: GemlineError }

/**
 * Makes the function that takes one document through the stages to its Settlement: asks again after an answer that could not
 * be used, turns errors into rejects by the table of codes, runs the children of a record side by side where places are free.
 */
export function createSettle<In, Out> (options: SettleOptions): Settle<In, Out> {
  const shared = {
    stages: options.stages,
    limits: options.stages.map(stage => stage.concurrency === undefined ? undefined : createLimit(stage.concurrency)),
    log: options.log ?? silent,
    onEvent: options.onEvent,
    maxChildren: options.maxChildren ?? 64
  }
  return (envelope, work) => new Walk<Out>(shared, envelope, work).settle()
}

interface Shared {
  readonly stages: readonly Stage[]
  readonly limits: ReadonlyArray<Limit | undefined>
  readonly log: Logger
  readonly onEvent: EventListener | undefined
  readonly maxChildren: number
}

/** One document on its way. A class because a closure for each record would cost more than the walk. */
class Walk<Out> implements WalkScope {
  readonly envelope: Envelope<unknown>
  readonly signal: AbortSignal
  readonly log: Logger
  readonly record: SettlementInMaking<Out>
  readonly #shared: Shared
  readonly #places: Places | undefined

  constructor (shared: Shared, envelope: Envelope<unknown>, work: SettleWork) {
    this.envelope = envelope
    this.signal = work.signal
    this.log = shared.log
    this.record = new SettlementInMaking<Out>(envelope, shared.stages.length)
    this.#shared = shared
    this.#places = work.places
  }

  settle (): Settlement<Out> | Promise<Settlement<Out>> {
    const { id, value } = this.envelope
    const walked = this.#walk({ id, value, trail: [] }, 0)
    return walked === undefined ? this.record.finish() : walked.then(() => this.record.finish())
  }

  #walk (item: Item, from: number): Promise<void> | undefined {
    let current = item
    for (let index = from; index < this.#shared.stages.length; index++) {
      this.record.received[index]!++
      const stage = (this.#shared.stages[index] as Stage).operator.name
      const step = { item: current, index, stage, attempt: 0, failure: undefined }
      const end = this.#enter(step)
      if (end instanceof Promise) return this.#walkLater(step, end)
      const next = this.#conclude(step, end)
      if (next === undefined) return undefined
      if (Array.isArray(next)) return this.#walkChildren(next, index + 1)
      current = next as Item
    }
    this.record.accepted.push({ id: current.id, value: current.value as Out, trail: current.trail })
    return undefined
  }

  async #walkLater (step: Step, end: Promise<End>): Promise<void> {
    const next = this.#conclude(step, await end)
    if (next === undefined) return
    await (Array.isArray(next) ? this.#walkChildren(next, step.index + 1) : this.#walk(next as Item, step.index + 1))
  }

  /** The first child goes on in the place of its parent; the others take places as they come free. */
  async #walkChildren (children: readonly Item[], from: number): Promise<void> {
    const places = this.#places
    const line = children.values()
    const beside: Array<Promise<void>> = []
    const workThroughLine = async (): Promise<void> => {
      for (const child of line) {
        if (places?.tryAcquire() === true) beside.push(workThroughLine().finally(() => places.release()))
        await this.#walk(child, from)
      }
    }
    beside.push(workThroughLine())
    for (let i = 0; i < beside.length; i++) await beside[i]
  }

  #enter (step: Step): End | Promise<End> {
    const limit = this.#shared.limits[step.index]
    return limit === undefined ? this.#attempt(step) : limit.run(() => this.#attempt(step))
  }

  #attempt (step: Step): End | Promise<End> {
    const { operator } = this.#shared.stages[step.index] as Stage
    if (step.attempt === 0) this.#shared.onEvent?.({ kind: 'stage-start', stage: step.index })
    try {
      const outcome = operator.process(step.item.value, new StageContext(this, step))
      return outcome instanceof Promise ? outcome.then(undefined, error => this.#recover(step, error)) : outcome
    } catch (error) {
      return this.#recover(step, error)
    }
  }

  #recover (step: Step, thrown: unknown): End | Promise<End> {
    const { operator, answerRetries = 1 } = this.#shared.stages[step.index] as Stage
    const error = toGemlineError(thrown, 'operator-failed', `operator ${operator.name}`)
    if (this.signal.aborted) throw new GemlineError('run-cancelled', 'the run was stopped', { cause: error })
    if (error.scope !== 'record') throw error
    if (error.retry !== 'answer' || step.attempt >= answerRetries) return { kind: 'reject', error }
    this.#shared.onEvent?.({ kind: 'answer-retry', stage: step.index, code: error.code })
    return this.#attempt({ ...step, attempt: step.attempt + 1, failure: error })
  }

  /** Enters the end of a stage in the books; gives what goes on, if anything does. */
  #conclude ({ item, index, stage }: Step, end: End): Item | readonly Item[] | undefined {
    this.#shared.onEvent?.({ kind: 'stage-end', stage: index, outcome: end.kind })
    if (end.kind !== 'emit') {
      this.record.ended.push(endedOf(item, this.#shared.stages[index] as Stage, end))
      return undefined
    }
    this.record.emitted[index]!++
    const count = Math.min(end.values.length, this.#shared.maxChildren)
    this.record.values[index]! += count
    if (end.values.length === 1) return { id: item.id, value: end.values[0], trail: item.trail }
    if (end.values.length > count) this.record.count(stage, 'children-over-cap', end.values.length - count)
    this.record.branched = true
    return end.values.slice(0, count).map((value, child) => ({ id: `${item.id}.${child}`, value, trail: [...item.trail] }))
  }
}

function endedOf ({ id, trail, value: input }: Item, { operator, keepInput }: Stage, end: Exclude<End, { kind: 'emit' }>): Ended {
  const value = keepInput === true ? input : undefined
  const stage = operator.name
  if (end.kind === 'drop') return { id, stage, trail, value, kind: 'drop', reason: end.reason, detail: end.detail }
  const { code, message, detail } = end.error
  return { id, stage, trail, value, kind: 'reject', reason: code, message, detail }
}
