/**
 * gemline inside a highland job: JSON lines of your own ▸ rules ▸ synthesizer ▸ batches by time or count ▸ file.
 * Run: npx tsx examples/etl-highland.ts [IN.jsonl [OUT.jsonl]]
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Pipeline } from '../lib/engine/pipeline.js'
import type { TrajectoryCandidate } from '../lib/schema/candidate.js'
import { documentSchema, type Document } from '../lib/schema/document.js'
import { filter } from '../operators/filter.js'
import { synthesize } from '../operators/synthesize.js'
import { validate } from '../operators/validate.js'
import { openSynthesizer } from './etl-synthesizer.js'

// highland is CommonJS, and its types name the constructor by a global.
const highland = createRequire(import.meta.url)('highland') as HighlandStatic

const SAMPLE = fileURLToPath(new URL('data/docs.jsonl', import.meta.url))
const BATCH_MS = 50
const BATCH_RECORDS = 4

/** Runs the job and gives how many trajectories were written, in how many batches. Rejects with the first error of any part. */
export async function runJob (input: string, out: string): Promise<{ readonly written: number, readonly batches: number }> {
  const synthesizer = await openSynthesizer()
  const trajectories = Pipeline.of<Document>().through(filter()).through(synthesize(synthesizer.stage)).through(validate())
  let written = 0
  let batches = 0
  try {
    await writeFile(out, '')
    // `toHighland` lets the source go when the consumer stops and hands errors on; a stream made by highland alone does neither.
    await highland<string>(createReadStream(input, 'utf8'))
      .split()
      .filter(line => line.trim() !== '')
      .map(toDocument)
      .through(trajectories.toHighland({ concurrency: 8 }))
      .batchWithTimeOrCount(BATCH_MS, BATCH_RECORDS)
      .flatMap(batch => highland(append(batch)))
      .collect()
      .toPromise(Promise)
    return { written, batches }
  } finally {
    await synthesizer.close()
  }

  // Your own code: one write for each batch, and the next batch is pulled when it is done.
  async function append (batch: readonly TrajectoryCandidate[]): Promise<void> {
    await appendFile(out, batch.map(({ trajectory }) => `${JSON.stringify(trajectory)}\n`).join(''))
    written += batch.length
    batches++
  }
}

/** A line of yours as a document: equal texts get equal keys, and with them equal seeds. */
function toDocument (line: string): Document {
  const { text, title } = JSON.parse(line) as { readonly text: string, readonly title?: string }
  const composed = text.normalize('NFC')
  return documentSchema.parse({ text: composed, title, textKey: createHash('sha256').update(composed).digest('hex') })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [input = SAMPLE, out = join(tmpdir(), 'gemline-etl-highland.jsonl')] = process.argv.slice(2)
  const { written, batches } = await runJob(input, out)
  console.log(`${written} trajectories in ${batches} batches in ${out}`)
}
