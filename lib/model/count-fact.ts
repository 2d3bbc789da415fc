import type { CountFact } from '../engine/envelope.js'

/** The fact that `value` things called `name` (kebab-case) were put aside and counted instead of ending a record for them. */
export function countFact (name: string, value: number): CountFact {
  return { kind: 'count', name, value }
}
