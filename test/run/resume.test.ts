import { chmod, mkdir, readFile, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import { startEmbeddedServer, type EmbeddedServer, type Fault } from '../../connectors/embedded-vllm/index.js'
import { findOrphans, readOutput } from '../support/manifest.js'
import { runArgs, runGemline, startGemline, type Ended } from '../support/run-child.js'
import { inFolder, writeCorpus, type CorpusOptions } from '../support/run-corpus.js'

// Whole runs that are changed, damaged or left alone, and then go on. Catches a resume that does more or less than what is missing.

t.setTimeout(240_000)

const CHAT = '/v1/chat/completions'
const SMALL: CorpusOptions = { documents: 36, rowsPerGroup: 6, files: 3 }

interface Bench {
  readonly folder: string
  readonly source: string
  readonly server: EmbeddedServer
  /** Faults to come, taken by one request each. */
  readonly faults: Fault[]
  at (name: string): string
  run (name: string, ...more: readonly string[]): Promise<Ended>
}

async function onBench (t: Test, work: (bench: Bench) => Promise<void>, corpus: CorpusOptions = SMALL): Promise<void> {
  await inFolder(async folder => {
    const source = join(folder, 'corpus')
    await writeCorpus(source, corpus)
    const faults: Fault[] = []
    const server = await startEmbeddedServer({ countBodies: true, faults: () => faults.shift() })
    t.teardown(() => server.close())
    const at = (name: string): string => join(folder, name)
    await work({
      folder, source, server, faults, at,
      run: (name, ...more) => runGemline(runArgs({ pipeline: 'synthesizer', source, out: at(name), url: server.url }, ...more))
    })
  })
}

const OK = { code: 0, signal: null, stdout: '', stderr: '' }
const output = (folder: string) => readOutput(createFileStore(folder))

t.test('a finished run, again -> nothing is asked, nothing is changed', t => onBench(t, async ({ run, at, server }) => {
  t.same(await run('out'), OK)
  const before = await output(at('out'))
  server.reset()
  t.same(await run('out'), OK)
  t.same(await output(at('out')), before)
  t.equal(server.stats().received[CHAT], undefined)
  t.same(await findOrphans(createFileStore(at('out'))), [])
}))

t.test('result keys changed -> refused by name, with old and new', t => onBench(t, async ({ run, at }) => {
  t.equal((await run('out')).code, 0)
  const before = await output(at('out'))
  const cases = [
    { set: ['stages.judge.temperature=0.5'], says: [/stages\.judge\.temperature: planned 0, now 0\.5/] },
    { set: ['stages.judge.mode=report', 'source.maxTextBytes=1000'], says: [/stages\.judge\.mode: planned "drop", now "report"/, /source\.maxTextBytes: planned 1048576, now 1000/] },
    { set: ['stages.judge.enabled=false'], says: [/stages\.judge\.prompt: planned "judge\/grounding@v1#[^"]+", now nothing/] },
    { set: ['dedup.texts=false'], says: [/dedup\.texts: planned true, now false/] },
    { set: ['sink.format=parquet'], says: [/sink\.format: planned "jsonl", now "parquet"/] }
  ]
  for (const { set, says } of cases) {
    const { code, stderr } = await run('out', ...set)
    t.equal(code, 2, set.join())
    for (const pattern of says) t.match(stderr, pattern)
    t.match(stderr, /choose another output.*--journal/)
  }
  t.equal((await run('out', '--pipeline=teacher')).code, 2, 'the other pipeline')
  t.same(await output(at('out')), before, 'nothing was touched')
}))

t.test('running keys changed on resume -> it goes on, with the same results', t => onBench(t, async ({ run, at, source, server, folder }) => {
  t.equal((await run('whole')).code, 0)
  const copy = join(folder, 'moved')
  await rename(source, copy)
  await writeCorpus(source, SMALL)
  const other = await startEmbeddedServer({})
  t.teardown(() => other.close())
  t.match(await run('out', 'concurrency=2', 'window=4', 'models.default.apiKey=old'), { code: 0 })
  await dropCommits(at('out'), 3)
  t.match(await run('out', 'concurrency=64', 'window=900', 'heldMegabytes=0.1', 'log=error', 'drainSeconds=1', `source.uri=${copy}`,
    'models.default.maxInFlight=3', 'models.default.deadlineSeconds=9', 'models.default.dialect=openai', `models.default.endpoints=["${server.url}", "${other.url}"]`), OK)
  t.same(await output(at('out')), await output(at('whole')))
}))

/** Makes the last splits undone, as if the run had ended before them. */
async function dropCommits (out: string, count: number): Promise<void> {
  const { splits } = await output(out)
  for (const { split } of splits.slice(-count)) await rm(join(out, 'commit', `${split}.json`))
  await rm(join(out, 'manifest.json'))
  await rm(join(out, '_SUCCESS'))
}

t.test('splits done again without their journal -> paid again, the same results', t => onBench(t, async ({ run, at, server }) => {
  t.equal((await run('out')).code, 0)
  const before = await output(at('out'))
  await dropCommits(at('out'), 2)
  await rm(at('out/journal'), { recursive: true })
  server.reset()
  t.equal((await run('out')).code, 0)
  t.same(await output(at('out')), before)
  t.ok(server.stats().received[CHAT] as number > 0)
}))

t.test('a new output that changes the judge alone, with the old journal -> the judge alone is asked', t => onBench(t, async ({ run, at, server }) => {
  for (const pipeline of ['synthesizer', 'teacher']) {
    t.equal((await run(`old-${pipeline}`, `--pipeline=${pipeline}`)).code, 0)
    const { stages } = server.stats()
    server.reset()
    t.same(await run(`new-${pipeline}`, `--pipeline=${pipeline}`, `--journal=${at(`old-${pipeline}`)}`, 'stages.judge.temperature=0.2'), OK)
    const now = server.stats()
    t.same({ stages: now.stages, received: now.received[CHAT] }, { stages: { judge: stages['judge'] }, received: stages['judge'] }, pipeline)
    t.ok(stages['judge'] as number > 5)
    server.reset()
    t.equal((await run(`same-${pipeline}`, `--pipeline=${pipeline}`, `--journal=${at(`old-${pipeline}`)}`)).code, 0)
    t.equal(server.stats().received[CHAT], undefined, 'nothing is asked where nothing changed')
    t.same(await output(at(`same-${pipeline}`)), await output(at(`old-${pipeline}`)))
    server.reset()
  }
}))

t.test('a file that is no longer the planned one -> its splits fail, the others are done; restored, the run completes', t => onBench(t, async ({ run, at, source }) => {
  const file = join(source, 'part-2.parquet')
  t.equal((await run('whole', 'dedup.texts=false', 'dedup.trajectories=false')).code, 0)
  const original = await readFile(file)
  const cases = [
    { title: 'changed', spoil: async () => { await writeFile(file, Buffer.concat([original.subarray(0, -1), Buffer.from('x')])) }, code: 'source-changed' },
    { title: 'half of it', spoil: async () => { await truncate(file, original.length >> 1) }, code: 'source-changed' },
    { title: 'deleted', spoil: async () => { await rm(file) }, code: 'source-changed' },
    { title: 'a folder', spoil: async () => { await rm(file); await mkdir(file) }, code: 'source-changed' }
  ]
  for (const { title, spoil, code } of cases) {
    const out = title.replaceAll(' ', '-')
    t.equal((await run(out, 'dedup.texts=false', 'dedup.trajectories=false')).code, 0)
    await dropCommits(at(out), 2)
    await spoil()
    const ended = await run(out, 'dedup.texts=false', 'dedup.trajectories=false', 'log=error')
    t.equal(ended.code, 3, title)
    t.match(ended.stderr, new RegExp(`"code":"${code}","msg":"[^"]*part-2\\.parquet row group [0-9]`), title)
    await t.rejects(output(at(out)), { code: 'object-missing' }, `${title}: no manifest`)
    await rm(file, { recursive: true, force: true })
    await writeFile(file, original)
    t.same(await run(out, 'dedup.texts=false', 'dedup.trajectories=false'), OK)
    t.same(await output(at(out)), await output(at('whole')), `${title}: restored`)
  }
}))

t.test('half a Parquet file at planning -> its one split fails, the others are done', t => onBench(t, async ({ run, source }) => {
  await truncate(join(source, 'part-0.parquet'), 4000)
  const { code, stdout, stderr } = await run('out', '--json')
  t.equal(code, 3)
  const report = JSON.parse(stdout) as { complete: boolean, splits: object }
  t.match(report, { complete: false, splits: { planned: 5, done: 4, failed: [{ path: 'part-0.parquet', code: 'split-unreadable' }] } })
  t.match(stderr, /part-0\.parquet/)
}))

t.test('outputs that are damaged or somebody else\'s -> said by name', t => onBench(t, async ({ run, at }) => {
  t.equal((await run('out')).code, 0)
  const { splits } = await output(at('out'))
  const commit = `commit/${splits[1]?.split}.json`
  const [part] = await readdir(at('out/plan'))
  const [keys] = await readdir(at('out/keys'))
  const cases = [
    { title: 'commit record cut', path: commit, bytes: (old: Buffer) => old.subarray(0, 40), code: 4 },
    { title: 'commit record of another version', path: commit, bytes: (old: Buffer) => Buffer.from(old.toString().replace('"version":1', '"version":7')), code: 4 },
    { title: 'plan of something else', path: 'plan.json', bytes: () => Buffer.from('{"name":"floor plan"}'), code: 4 },
    { title: 'plan that is no JSON', path: 'plan.json', bytes: () => Buffer.from('rooms: 3'), code: 4 },
    { title: 'part of the plan that is no gzip', path: `plan/${part}`, bytes: () => Buffer.from('rooms: 3'), code: 4 },
    { title: 'part of the plan cut', path: `plan/${part}`, bytes: (old: Buffer) => old.subarray(0, 60), code: 4 },
    { title: 'keys cut', path: `keys/${keys}`, bytes: (old: Buffer) => old.subarray(0, -1), code: 4 }
  ]
  for (const { title, path, bytes, code } of cases) {
    const old = await readFile(at(`out/${path}`))
    await writeFile(at(`out/${path}`), bytes(old))
    const ended = await run('out')
    t.equal(ended.code, code, title)
    t.match(ended.stderr, `out/${path}`, title)
    t.match(ended.stderr, '(plan-invalid)', title)
    await writeFile(at(`out/${path}`), old)
  }
  t.same(await run('out'), OK)
}))

t.test('commits of splits that are not in the plan -> do not make the run complete', t => onBench(t, async ({ run, at, source }) => {
  t.equal((await run('out')).code, 0)
  await dropCommits(at('out'), 1)
  const [one] = await readdir(at('out/commit'))
  await writeFile(at('out/commit/0123456789abcdef.json'), await readFile(at(`out/commit/${one}`)))
  const last = join(source, 'part-2.parquet')
  await rename(last, `${last}.away`)
  t.equal((await run('out', 'log=silent')).code, 3)
  await rename(`${last}.away`, last)
  t.same(await run('out'), OK)
}))

t.test('an output whose plan is gone -> refused, as its commits may be of another config', t => onBench(t, async ({ run, at }) => {
  t.equal((await run('out')).code, 0)
  const plan = await readFile(at('out/plan.json'))
  await rm(at('out/plan.json'))
  const { code, stderr } = await run('out', 'stages.judge.temperature=0.5')
  t.equal(code, 4)
  t.match(stderr, /out holds 6 commits, but plan\.json is gone.*\(plan-invalid\)/s)
  await writeFile(at('out/plan.json'), plan)
  t.same(await run('out'), OK)
}))

t.test('an output that cannot be written to -> store-failed, naming it, exit 4', t => onBench(t, async ({ run, at, folder }) => {
  await mkdir(at('out'))
  await writeFile(at('out/plan'), 'not a folder')
  const blocked = await run('out')
  t.equal(blocked.code, 4)
  t.match(blocked.stderr, new RegExp(`cannot write ${folder}/out/plan/00000.jsonl.gz: .*\\(store-failed\\)`, 's'))
  if (process.getuid?.() === 0) return
  await mkdir(at('locked'))
  await chmod(at('locked'), 0o555)
  const locked = await run('locked/out')
  t.equal(locked.code, 4)
  t.match(locked.stderr, /locked.*permission denied/)
}))

t.test('faults of the server on the way -> no dead letter, the same results', t => onBench(t, async ({ run, at, faults }) => {
  t.equal((await run('whole')).code, 0)
  faults.push({ status: 503, body: { error: { message: 'busy', code: 503 } } }, 'reset', 'cut', 'abort', { status: 500, body: 'oh' }, 'reset')
  t.equal((await run('out', 'log=silent')).code, 0)
  t.same(faults, [], 'all of them were met')
  t.same(await output(at('out')), await output(at('whole')))
}))

t.test('a server that is away at the start, then dies in the middle -> the run waits and goes on, no dead letter', t => onBench(t, async ({ run, at, source, server }) => {
  t.equal((await run('whole')).code, 0)
  const { port } = server
  await server.close()
  const child = startGemline(runArgs({ pipeline: 'synthesizer', source, out: at('out'), url: server.url }, 'log=warn'))
  let said = ''
  await new Promise<void>(resolve => child.process.stderr?.on('data', (chunk: Buffer) => { said += chunk.toString(); if (said.includes('the run waits')) resolve() }))
  let received = 0
  let enough = (): void => {}
  const first = await startEmbeddedServer({ port, clock: { ttftMs: 20, itlMs: 0, maxNumSeqs: 2 }, faults: () => { if (++received === 15) enough(); return undefined } })
  await new Promise<void>(resolve => { enough = resolve })
  await first.close()
  const second = await startEmbeddedServer({ port })
  t.teardown(() => second.close())
  const { code, stderr } = await child.ended
  t.equal(code, 0)
  t.match(stderr, /is back, the run goes on|a model server is down/)
  t.same(await output(at('out')), await output(at('whole')))
}))
