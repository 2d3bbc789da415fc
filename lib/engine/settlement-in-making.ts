import type { Accepted, Ended, Envelope, Fact, Settlement } from './envelope.js'

/** A record, or a child of one, between two stages. */
export interface Item { readonly id: string, readonly value: unknown, readonly trail: Fact[] }

/** Collects what becomes of one document. Children end in any order; `finish` puts them in theirs. */
export class SettlementInMaking<Out> {
  readonly accepted: Array<Accepted<Out>> = []
  readonly ended: Ended[] = []
  readonly received: number[]
  readonly emitted: number[]
  readonly values: number[]
  branched = false
  #counts: Record<string, number> | undefined
  readonly #envelope: Envelope<unknown>

  constructor (envelope: Envelope<unknown>, stages: number) {
    this.#envelope = envelope
    this.received = new Array<number>(stages).fill(0)
    this.emitted = new Array<number>(stages).fill(0)
    this.values = new Array<number>(stages).fill(0)
  }

  count (stage: string, name: string, value: number): void {
    const counts = this.#counts ??= {}
    const key = `${stage}/${name}`
    counts[key] = (counts[key] ?? 0) + value
  }

  finish (): Settlement<Out> {
    const { id, sequence, split, origin, key } = this.#envelope
    if (this.branched) {
      this.accepted.sort(byChild)
      this.ended.sort(byChild)
    }
    const { accepted, ended, received, emitted, values } = this
    return { kind: 'settlement', id, sequence, split, origin, key, accepted, ended, received, emitted, values, counts: this.#counts ?? NO_COUNTS }
  }
}

const NO_COUNTS: Readonly<Record<string, number>> = Object.freeze({})

/** Order of `doc.2` before `doc.10` before `doc.10.0`. */
export function byChild (one: { readonly id: string }, other: { readonly id: string }): number {
  const left = one.id.split('.')
  const right = other.id.split('.')
  for (let i = 1; i < Math.max(left.length, right.length); i++) {
    const difference = Number(left[i] ?? -1) - Number(right[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}
