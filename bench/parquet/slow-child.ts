import { setTimeout as sleep } from 'node:timers/promises'
import { emit, type Operator } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import type { RelevantDocument } from '../../lib/schema/candidate.js'
import type { Document } from '../../lib/schema/document.js'
import { filter } from '../../operators/filter.js'
import { report } from '../child.js'
import { openCorpus } from './corpus-source.js'

/** What this child reports of the time in which a stage was slow. */
export interface Slow {
  readonly rowsRead: number
  readonly rowsSettled: number
  readonly residentBefore: number
  readonly residentAfter: number
}

const FAST_MS = 1
const SLOWER = 100
const SLOTS = 32
const FAST_ROWS = 2000

const [folder = '', file = '', window = '', slowMs = ''] = process.argv.slice(2)
const aborter = new AbortController()
const { source, splits, tally, countRows } = await openCorpus(folder, file)
let delay = FAST_MS
let settled = 0
let slowDown: () => void = () => {}
const isSlow = new Promise<void>(resolve => { slowDown = resolve })
const wait: Operator<RelevantDocument, RelevantDocument> = {
  name: 'wait',
  process: async input => {
    await sleep(delay)
    return emit(input)
  }
}
const running = Pipeline.of<Document>().through(filter()).through(wait, { concurrency: SLOTS }).run({
  source: countRows(source.read(splits, { signal: aborter.signal, firstSequence: 0 })),
  sink: async items => {
    for await (const batch of items) {
      settled += batch.length
      if (settled >= FAST_ROWS) slowDown()
    }
  },
  window: Number(window), concurrency: SLOTS * 2, signal: aborter.signal
}).catch(error => { if (!aborter.signal.aborted) throw error })

await isSlow
delay = FAST_MS * SLOWER
// As long again as is measured then: a process that was fast a moment ago has not yet the heap that it will live with.
await sleep(Number(slowMs))
const before = { rows: tally.rows, settled, resident: process.memoryUsage.rss() }
await sleep(Number(slowMs))
const slow: Slow = {
  rowsRead: tally.rows - before.rows, rowsSettled: settled - before.settled,
  residentBefore: before.resident, residentAfter: process.memoryUsage.rss()
}
aborter.abort()
await running
report(slow)
