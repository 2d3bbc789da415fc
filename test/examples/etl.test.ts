import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { runJob as runHighland } from '../../examples/etl-highland.js'
import { runJob as runStreams } from '../../examples/etl-node-streams.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DOCS = join(ROOT, 'examples/data/docs.jsonl')

interface Ended { readonly code: number, readonly stdout: string, readonly stderr: string }

async function run (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return await new Promise(resolve => {
    execFile(command, args, { cwd: ROOT, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

async function readLines<T> (path: string): Promise<readonly T[]> {
  return (await readFile(path, 'utf8')).trim().split('\n').map(line => JSON.parse(line) as T)
}

function file (t: Test, name: string): string {
  return join(t.testdir(), name)
}

t.test('node streams: the shipped Parquet -> a line for each trajectory, the others by reason, the same twice', async t => {
  const out = file(t, 'out.jsonl')
  const { written, ended } = await runStreams(out)
  const first = await readFile(out, 'utf8')
  const lines = await readLines<{ messages: Array<{ role: string }>, tools: unknown[], textKey: string }>(out)
  t.ok(written > 50, `${written} were written`)
  t.equal(lines.length, written)
  t.ok(lines.every(({ messages, tools, textKey }) => messages[0]?.role === 'system' && tools.length > 0 && textKey.length === 64))
  t.ok((ended['filter/no-steps'] ?? 0) > 0 && (ended['filter/too-short'] ?? 0) > 0, 'documents ended at the filter')
  t.strictSame(await runStreams(out), { written, ended })
  t.equal(await readFile(out, 'utf8'), first)
})

t.test('node streams: a place that cannot be written, or nothing to read -> the job rejects', async t => {
  const folder = t.testdir()
  await t.rejects(runStreams(join(folder, 'missing', 'out.jsonl')), { code: 'ENOENT' })
  await t.rejects(runStreams(join(folder, 'out.jsonl'), pathToFileURL(`${folder}/`)), { name: 'GemlineError' })
})

t.test('highland: twelve lines, six of them procedures -> six trajectories in order, in batches', async t => {
  const out = file(t, 'out.jsonl')
  const { written, batches } = await runHighland(DOCS, out)
  t.equal(written, 6)
  t.ok(batches >= 2 && batches <= 6, `${batches} batches of at most four`)
  const first = await readFile(out, 'utf8')
  t.equal((await readLines(out)).length, 6)
  await runHighland(DOCS, out)
  t.equal(await readFile(out, 'utf8'), first, 'the same texts, the same trajectories')
})

t.test('highland: a broken line, a missing file -> the job rejects', async t => {
  const folder = t.testdir()
  const broken = join(folder, 'broken.jsonl')
  await writeFile(broken, `${(await readFile(DOCS, 'utf8')).split('\n')[0] ?? ''}\n{"text": \n`)
  await t.rejects(runHighland(broken, join(folder, 'out.jsonl')), /JSON/)
  await t.rejects(runHighland(join(folder, 'missing.jsonl'), join(folder, 'out.jsonl')), /ENOENT/)
})

t.test('as commands -> counts and exit code 0; an error ends with 1', async t => {
  const folder = t.testdir()
  const out = join(folder, 'out.jsonl')
  const cases = [
    { args: ['examples/etl-node-streams.ts', out], code: 0, says: /^\d+ trajectories in [\s\S]+ filter\/no-steps/ },
    { args: ['examples/etl-highland.ts', DOCS, out], code: 0, says: /^6 trajectories in \d batches/ },
    { args: ['examples/etl-highland.ts', join(folder, 'missing.jsonl'), out], code: 1, says: /^$/ }
  ]
  for (const { args, code, says } of cases) {
    const ended = await run(process.execPath, ['--import=tsx', ...args])
    t.equal(ended.code, code, `${args[0]}: ${ended.stderr.slice(0, 200)}`)
    t.match(ended.stdout, says)
  }
})

t.test('jq.sh without jq -> says so, exit code 127', async t => {
  const ended = await run('/bin/sh', ['examples/jq.sh'], { PATH: t.testdir() })
  t.equal(ended.code, 127)
  t.equal(ended.stdout, '')
  t.match(ended.stderr, /needs jq/)
})
