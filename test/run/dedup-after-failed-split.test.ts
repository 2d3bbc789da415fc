// A split that failed before its texts were read leaves their keys to later splits, whose commits stand: they keep them.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import { startEmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { runArgs, runGemline } from '../support/run-child.js'
import { inFolder, writeCorpus } from '../support/run-corpus.js'

t.test('a file that was away for one attempt, dedup on -> no text twice', t => inFolder(async folder => {
  const [source, out] = [join(folder, 'corpus'), join(folder, 'out')]
  await writeCorpus(source, { documents: 120, rowsPerGroup: 10, files: 3 })
  const server = await startEmbeddedServer()
  t.teardown(() => server.close())
  const run = async () => (await runGemline(runArgs({ pipeline: 'synthesizer', source, out, url: server.url }, 'log=silent'))).code
  t.equal(await run(), 0)
  for (const part of ['commit', 'data', 'rejects', 'keys', 'manifest.json', '_SUCCESS']) await rm(join(out, part), { recursive: true })
  const file = join(source, 'part-0.parquet')
  const bytes = await readFile(file)
  await rm(file)
  t.equal(await run(), 3)
  await writeFile(file, bytes)
  t.equal(await run(), 0)
  const store = createFileStore(out)
  const keys: string[] = []
  for await (const { path } of store.list('data/')) keys.push(...gunzipSync(await store.read(path)).toString().trimEnd().split('\n').map(line => (JSON.parse(line) as { textKey: string }).textKey))
  t.equal(new Set(keys).size, keys.length)
}))
