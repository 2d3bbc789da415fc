import type { CountFact, Envelope, Fact } from './envelope.js'
import type { GemlineError } from './errors.js'
import type { Logger, OperatorContext } from './operator.js'
import type { Item, SettlementInMaking } from './settlement-in-making.js'

/** What all contexts of one document share. */
export interface WalkScope {
  readonly envelope: Envelope<unknown>
  readonly signal: AbortSignal
  readonly log: Logger
  readonly record: SettlementInMaking<unknown>
}

/** Where an item is: which stage, which try of the answer, and what was wrong with the one before. */
export interface Step {
  readonly item: Item
  readonly index: number
  readonly stage: string
  readonly attempt: number
  readonly failure: GemlineError | undefined
}

/** The context of one record in one stage. A class because one is made for each: getters cost nothing where nobody asks. */
export class StageContext implements OperatorContext {
  readonly #scope: WalkScope
  readonly #step: Step

  constructor (scope: WalkScope, step: Step) {
    this.#scope = scope
    this.#step = step
  }

  get id (): string { return this.#step.item.id }
  get sequence (): number { return this.#scope.envelope.sequence }
  get split (): string { return this.#scope.envelope.split }
  get key (): string { return this.#scope.envelope.key }
  get stage (): string { return this.#step.stage }
  get stageIndex (): number { return this.#step.index }
  get attempt (): number { return this.#step.attempt }
  get failure (): GemlineError | undefined { return this.#step.failure }
  get signal (): AbortSignal { return this.#scope.signal }
  get log (): Logger { return this.#scope.log }
  get trail (): readonly Fact[] { return this.#step.item.trail }

  note (fact: Omit<Fact, 'stage'> | CountFact): void {
    if (isCount(fact)) this.#scope.record.count(this.stage, fact.name, fact.value)
    else this.#step.item.trail.push({ ...fact, stage: this.stage })
  }
}

function isCount (fact: Omit<Fact, 'stage'> | CountFact): fact is CountFact {
  return fact.kind === 'count'
}
