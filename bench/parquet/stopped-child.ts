import { setTimeout as sleep } from 'node:timers/promises'
import { Pipeline } from '../../lib/engine/pipeline.js'
import type { Document } from '../../lib/schema/document.js'
import { filter } from '../../operators/filter.js'
import { report } from '../child.js'
import { openCorpus } from './corpus-source.js'

/** What this child reports; `ahead` is how many rows were read beyond those that the sink took. */
export interface Stopped {
  readonly ahead: number
  readonly rowsWhileStill: number
  readonly bytesWhileStill: number
  readonly residentBefore: number
  readonly residentAfter: number
}

const TAKEN_FIRST = 5000
const SETTLE_MS = 1500

const [folder = '', file = '', window = '', stillMs = ''] = process.argv.slice(2)
const aborter = new AbortController()
const { source, splits, tally, countRows } = await openCorpus(folder, file)
let taken = 0
const settled = Pipeline.of<Document>().through(filter()).window({ window: Number(window), signal: aborter.signal })(
  countRows(source.read(splits, { signal: aborter.signal, firstSequence: 0 }))
)
for await (const batch of settled) {
  taken += batch.length
  if (taken < TAKEN_FIRST) continue
  report(await standStill())
  break
}

async function standStill (): Promise<Stopped> {
  await sleep(SETTLE_MS)
  const { rows, bytes } = tally
  const residentBefore = process.memoryUsage.rss()
  await sleep(Number(stillMs))
  return {
    ahead: rows - taken, rowsWhileStill: tally.rows - rows, bytesWhileStill: tally.bytes - bytes,
    residentBefore, residentAfter: process.memoryUsage.rss()
  }
}
