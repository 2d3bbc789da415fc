import { createKeyIndex } from '../../lib/dedup/key-index.js'
import { dropSeenTexts } from '../../lib/dedup/members.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import type { Document } from '../../lib/schema/document.js'
import { holdYoungGeneration } from '../../lib/app/young-generation.js'
import { filter } from '../../operators/filter.js'
import { peakMemoryBytes, report, watchMemory } from '../child.js'
import { countSettled } from '../engine/records.js'
import { openCorpus } from './corpus-source.js'

/** What this child reports. */
export interface Through {
  readonly rows: number
  readonly accepted: number
  readonly seconds: number
  readonly bytes: number
  readonly characters: number
  readonly peakBytes: number
  /** Median of the resident memory over the run. */
  readonly medianBytes: number
  /** Of the key index; 0 where dedup is off. */
  readonly keys: number
  readonly keyBytes: number
}

const [folder = '', file = '', dedup = 'off', young = 'held'] = process.argv.slice(2)
if (young === 'held') holdYoungGeneration()
const medianMemory = watchMemory()
const { signal } = new AbortController()
const start = performance.now()
const { source, splits, tally, countRows } = await openCorpus(folder, file)
const places = new Map(splits.map(split => [split.id, split]))
const index = createKeyIndex({ maxKeys: 1e8 })
const seen = dropSeenTexts<Document>(index, split => places.get(split)!)
let counted = { documents: 0, accepted: 0 }
await Pipeline.of<Document>().through(filter()).run({
  source: source.read(splits, { signal, firstSequence: 0 }),
  seen: items => dedup === 'on' ? seen(countRows(items)) : countRows(items),
  sink: async items => { counted = await countSettled(items) },
  signal
})
const seconds = (performance.now() - start) / 1000
if (counted.documents !== tally.rows) throw new Error(`${counted.documents} of ${tally.rows} rows settled`)
const through: Through = {
  ...tally, seconds, accepted: counted.accepted, peakBytes: peakMemoryBytes(), medianBytes: medianMemory(),
  keys: index.keys, keyBytes: index.keys === 0 ? 0 : index.bytes
}
report(through)
