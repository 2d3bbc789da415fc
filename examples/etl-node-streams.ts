/**
 * gemline inside a job of plain Node streams: rows of a Parquet file ▸ rules ▸ synthesizer ▸ a Transform of your own ▸ file.
 * Run: npx tsx examples/etl-node-streams.ts [OUT.jsonl]
 */
import { createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline as connect } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { createFileStore } from '../connectors/file-store.js'
import { createParquetSource } from '../connectors/parquet-source.js'
import type { Settlement } from '../lib/engine/envelope.js'
import { toReadable } from '../lib/engine/interop.js'
import { Pipeline } from '../lib/engine/pipeline.js'
import type { RelevantDocument, TrajectoryCandidate } from '../lib/schema/candidate.js'
import type { Document } from '../lib/schema/document.js'
import { filter } from '../operators/filter.js'
import { synthesize } from '../operators/synthesize.js'
import { validate } from '../operators/validate.js'
import { openSynthesizer } from './etl-synthesizer.js'

const DATA = new URL('data/', import.meta.url)

/** Runs the job and gives how many trajectories were written, and how many documents ended on the way, by reason. */
export async function runJob (out: string, data: URL = DATA): Promise<{ readonly written: number, readonly ended: Record<string, number> }> {
  let written = 0
  const ended: Record<string, number> = {}
  // A Duplex gives accepted values only. What was dropped or rejected, and why, is told here.
  const onSettled = (settlement: Settlement<unknown>): void => {
    for (const { stage, reason } of settlement.ended) ended[`${stage}/${reason}`] = (ended[`${stage}/${reason}`] ?? 0) + 1
  }

  const { signal } = new AbortController()
  const source = createParquetSource({ name: 'sample', store: createFileStore(data), path: 'ultra-fineweb-sample.parquet', preset: 'ultra-fineweb' })
  const synthesizer = await openSynthesizer()

  // Two pipelines, each a Duplex: anything of yours could stand between them. Without a model the filter goes by rules alone.
  const relevant = Pipeline.of<Document>().through(filter())
  const trajectories = Pipeline.of<RelevantDocument>().through(synthesize(synthesizer.stage)).through(validate())

  // Your own code: an object in, a line out.
  const toLines = new Transform({
    writableObjectMode: true,
    transform ({ document, trajectory }: TrajectoryCandidate, _encoding, done) {
      written++
      done(null, `${JSON.stringify({ textKey: document.textKey, messages: trajectory.messages, tools: trajectory.tools })}\n`)
    }
  })

  try {
    // The file pulls: rows are read as fast as lines are written. An error of any member ends all of them and rejects here.
    await connect(
      toReadable(source.read(source.plan(signal), { signal, firstSequence: 0 }), onSettled),
      relevant.toDuplex({ onSettled }),
      trajectories.toDuplex({ onSettled, concurrency: 32, window: 1000 }),
      toLines,
      createWriteStream(out)
    )
    return { written, ended }
  } finally {
    await synthesizer.close()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const out = process.argv[2] ?? join(tmpdir(), 'gemline-etl.jsonl')
  const { written, ended } = await runJob(out)
  console.log(`${written} trajectories in ${out}`)
  for (const [reason, count] of Object.entries(ended).sort()) console.log(`${String(count).padStart(5)} ${reason}`)
}
