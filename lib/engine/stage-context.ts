import type { CountFact, Envelope, Fact } from './envelope.js'
import type { GemlineError } from './errors.js'
import type { Logger, OperatorContext } from './operator.js'
import type { Item, SettlementInMaking } from './settlement-in-making.js'

interface Place {
  readonly index: number
  readonly stage: string
  readonly attempt: number
  readonly failure?: GemlineError
  readonly signal: AbortSignal
  readonly log: Logger
  readonly record: SettlementInMaking<unknown>
}

/** The context of one record in one stage. A class because one is made for each: getters cost nothing where nobody asks. */
export class StageContext implements OperatorContext {
  readonly #envelope: Envelope<unknown>
  readonly #item: Item
  readonly #place: Place

  constructor (envelope: Envelope<unknown>, item: Item, place: Place) {
    this.#envelope = envelope
    this.#item = item
    this.#place = place
  }

  get id (): string { return this.#item.id }
  get sequence (): number { return this.#envelope.sequence }
  get split (): string { return this.#envelope.split }
  get key (): string { return this.#envelope.key }
  get stage (): string { return this.#place.stage }
  get stageIndex (): number { return this.#place.index }
  get attempt (): number { return this.#place.attempt }
  get failure (): GemlineError | undefined { return this.#place.failure }
  get signal (): AbortSignal { return this.#place.signal }
  get log (): Logger { return this.#place.log }
  get trail (): readonly Fact[] { return this.#item.trail }

  note (fact: Omit<Fact, 'stage'> | CountFact): void {
    if (isCount(fact)) this.#place.record.count(this.stage, fact.name, fact.value)
    else this.#item.trail.push({ ...fact, stage: this.stage })
  }
}

function isCount (fact: Omit<Fact, 'stage'> | CountFact): fact is CountFact {
  return fact.kind === 'count'
}
