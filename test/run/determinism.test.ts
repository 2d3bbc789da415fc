import { join } from 'node:path'
import t from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import { startEmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { readOutput, type RunOutput } from '../support/manifest.js'
import { runArgs, runGemline } from '../support/run-child.js'
import { inFolder, writeCorpus } from '../support/run-corpus.js'

// Catches results that hang on timing, on the size of the window. Cannot catch what differs between machines.

t.setTimeout(240_000)

const VARIANTS = [
  { title: 'one at a time', set: ['concurrency=1', 'window=8'] },
  { title: 'many, narrow window', set: ['concurrency=128', 'window=8'] },
  { title: 'many, wide window', set: ['concurrency=128', 'window=1000'] },
  { title: 'finished results in a file', set: ['concurrency=64', 'window=1000', 'heldMegabytes=0.05'] }
]

for (const pipeline of ['synthesizer', 'teacher'] as const) {
  t.test(`${pipeline} at any concurrency and window -> the same bytes`, t => inFolder(async folder => {
    const source = join(folder, 'corpus')
    await writeCorpus(source, { documents: pipeline === 'teacher' ? 60 : 120, rowsPerGroup: 12, files: 2 })
    let step = 0
    // Answers overtake one another: each takes another time, by a row that does not repeat with the documents.
    const server = await startEmbeddedServer({ countBodies: true, clock: { schedule: async () => { await new Promise(resolve => setTimeout(resolve, (step++ * 7) % 5)) }, load: () => ({ running: 0, waiting: 0, steps: 0 }) } })
    t.teardown(() => server.close())
    let first: RunOutput | undefined
    for (const [at, { title, set }] of VARIANTS.entries()) {
      const out = join(folder, `out-${at}`)
      server.reset()
      const ended = await runGemline(runArgs({ pipeline, source, out, url: server.url }, ...set))
      t.same({ code: ended.code, stderr: ended.stderr }, { code: 0, stderr: '' }, title)
      const output = await readOutput(createFileStore(out))
      first ??= output
      t.same(output, first, `${title}: the results`)
      const { distinctBodies, received } = server.stats()
      t.equal(received['/v1/chat/completions'], distinctBodies, `${title}: no request twice`)
    }
    t.match(first?.totals, { books: { stages: { seen: { dropped: { 'duplicate-text': Number } } } } }, 'there was something to deduplicate')
  }))
}
