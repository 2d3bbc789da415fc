import type { Fact } from '../engine/envelope.js'

/** Something that an operator put aside and counted instead of ending a record for it. */
export interface CountFact extends Omit<Fact, 'stage'> {
  readonly kind: 'count'
  /** Stable kebab-case name: `unknown-label`, `workflow-not-taken`. */
  readonly name: string
  /** How many; above 0. */
  readonly value: number
}

/** The fact that `value` things called `name` were put aside. */
export function countFact (name: string, value: number): CountFact {
  return { kind: 'count', name, value }
}
