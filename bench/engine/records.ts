import type { Envelope, SettledItem, SourceItem } from '../../lib/engine/envelope.js'

const BATCH = 256
const SPLIT = 'bench'

/** Records in batches of 256 as a source gives them, made as they are pulled. */
export async function * makeBatches<T> (count: number, valueOf: (sequence: number) => T): AsyncGenerator<ReadonlyArray<SourceItem<T>>> {
  for (let from = 0; from < count; from += BATCH) {
    yield Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => makeEnvelope(from + at, valueOf(from + at)))
  }
}

/** One record with the identity that its number gives. */
export function makeEnvelope<T> (sequence: number, value: T): Envelope<T> {
  const origin = { source: SPLIT, path: '-', rowGroup: 0, row: sequence }
  return { kind: 'envelope', id: String(sequence), sequence, split: SPLIT, origin, key: String(sequence), value }
}

/** Takes what comes and gives how many documents settled and how many values were accepted. */
export async function countSettled (items: AsyncIterable<ReadonlyArray<SettledItem<unknown>>>): Promise<{ readonly documents: number, readonly accepted: number }> {
  let documents = 0
  let accepted = 0
  for await (const batch of items) {
    for (const item of batch) {
      if (item.kind !== 'settlement') continue
      documents++
      accepted += item.accepted.length
    }
  }
  return { documents, accepted }
}
