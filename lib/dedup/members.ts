import type { Accepted, Ended, Envelope, SettledItem, Settlement, SourceItem } from '../engine/envelope.js'
import { DEDUP, SEEN } from '../engine/books.js'
import { settleAtOnce } from '../engine/envelope.js'
import type { Member } from '../engine/pipeline.js'
import type { KeyIndex } from './key-index.js'
import { positionOf, type SplitPlace } from './position.js'

/** Where a split of this id stands in the plan. */
export type PlaceOf = (split: string) => SplitPlace

/**
 * Drops documents whose text another one has, before any stage. Runs in reading order, so the first is the owner. A twin is
 * dropped whatever became of its owner: drop `duplicate-text`.
 */
export function dropSeenTexts<T> (index: KeyIndex, placeOf: PlaceOf): Member<SourceItem<T>, SourceItem<T>> {
  return async function * (items) {
    for await (const batch of items) yield batch.map(item => item.kind === 'envelope' && isTwin(item) ? settleAtOnce(item, TWIN) : item)
  }

  function isTwin (envelope: Envelope<T>): boolean {
    const { ordinal, from } = placeOf(envelope.split)
    const position = positionOf(ordinal, envelope.origin.row - from)
    return index.claim(envelope.key, position) !== position
  }
}

const TWIN = { stage: SEEN, kind: 'drop', reason: 'duplicate-text' } as const

/**
 * Drops accepted results whose content another one has, in order, after all stages: drop `duplicate-trajectory`.
 * `contentKeyOf` gives at least 32 hex digits.
 */
export function dropTwinResults<T> (index: KeyIndex, placeOf: PlaceOf, contentKeyOf: (value: T) => string): Member<SettledItem<T>, SettledItem<T>> {
  return async function * (items) {
    for await (const batch of items) yield batch.map(item => item.kind === 'settlement' ? withoutTwins(item) : item)
  }

  function withoutTwins (settlement: Settlement<T>): Settlement<T> {
    if (settlement.accepted.length === 0) return settlement
    const { ordinal, from } = placeOf(settlement.split)
    const twins: Ended[] = []
    const accepted = settlement.accepted.filter((result: Accepted<T>, child) => {
      const position = positionOf(ordinal, settlement.origin.row - from, child)
      if (index.claim(contentKeyOf(result.value), position) === position) return true
      twins.push({ id: result.id, stage: DEDUP, kind: 'drop', reason: 'duplicate-trajectory', value: result.value, trail: result.trail })
      return false
    })
    return twins.length === 0 ? settlement : { ...settlement, accepted, ended: [...settlement.ended, ...twins] }
  }
}
