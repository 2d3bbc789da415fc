import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createFileStore } from '../connectors/file-store.js'
import { startEmbeddedServer } from '../connectors/embedded-vllm/index.js'
import { findOrphans, readOutput } from '../test/support/manifest.js'
import { runArgs, type RunCommand } from '../test/support/run-child.js'
import { writeCorpus } from '../test/support/run-corpus.js'
import { createRandom, describeMachine, toResult, type Measure } from './harness.js'

// Runs killed with SIGKILL at random points and continued, against unbroken ones. Prints what was paid for twice.

const KILLS = 5
const CHAT = '/v1/chat/completions'
const CLI = fileURLToPath(new URL('../lib/app/cli.ts', import.meta.url))

/** What one row of the table says. */
interface Figures {
  readonly pipeline: RunCommand['pipeline']
  readonly concurrency: number
  readonly window: number
  readonly kills: number
  /** Kills by what set them off: a request that came, or a shard that had just appeared. */
  readonly atShard: number
  /** Splits whose shard lay there without its commit after a kill. */
  readonly betweenDataAndCommit: number
  readonly requestsUnbroken: number
  readonly requestsKilled: number
  readonly distinctKilled: number
  /** requestsKilled − distinctKilled. */
  readonly paidAgain: number
  /** Of these, calls that the server was still at when the client died. */
  readonly inFlightAtKills: number
  /** Kills × concurrency: the most that can be in flight. */
  readonly bound: number
  readonly equalResults: boolean
  /** The unbroken run against one of concurrency 1 and window 8. */
  readonly equalToOneByOne: boolean
  readonly orphans: number
}

const { values: { json, documents, seed } } = parseArgs({ options: { json: { type: 'boolean', default: false }, documents: { type: 'string', default: '1500' }, seed: { type: 'string', default: '1' } } })
const random = createRandom(Number(seed))
const machine = describeMachine()
const top = await mkdtemp(join(tmpdir(), 'gemline-kill-'))
try {
  process.exitCode = await main()
} finally {
  await rm(top, { recursive: true, force: true })
}

async function main (): Promise<number> {
  const source = join(top, 'corpus')
  await writeCorpus(source, { documents: Number(documents), rowsPerGroup: 32, files: 3 })
  let wrong = 0
  for (const pipeline of ['synthesizer', 'teacher'] as const) {
    const reference = await runOneByOne(pipeline, source)
    for (const [concurrency, window] of [[16, 64], [128, 1000]] as const) {
      const figures = await measure({ pipeline, source, concurrency, window, reference })
      if (!figures.equalResults || !figures.equalToOneByOne || figures.paidAgain > figures.bound) wrong++
      if (json) for (const measure of measuresOf(figures)) console.log(JSON.stringify(toResult('kill', measure, machine)))
      else console.table([figures])
    }
  }
  return wrong === 0 ? 0 : 1
}

/** The figures as every bench prints them. */
function measuresOf (figures: Figures): Measure[] {
  const { pipeline, concurrency, window, kills, bound } = figures
  const name = `${pipeline}, concurrency ${concurrency}, window ${window}, ${kills} kills`
  return [
    { measure: `${name}: requests of an unbroken run`, unit: 'requests', samples: [figures.requestsUnbroken] },
    { measure: `${name}: requests paid again; at most ${bound} could be in flight`, unit: 'requests', samples: [figures.paidAgain], ideal: 0 },
    { measure: `${name}: results equal to those of an unbroken run, and of one document at a time`, unit: 'of 2', samples: [Number(figures.equalResults) + Number(figures.equalToOneByOne)], ideal: 2 },
    { measure: `${name}: objects left behind without a commit`, unit: 'objects', samples: [figures.orphans], ideal: 0 }
  ]
}

interface Plan { readonly pipeline: RunCommand['pipeline'], readonly source: string, readonly concurrency: number, readonly window: number, readonly reference: string }

/** What a run gives that has one document at work at a time, as text. */
async function runOneByOne (pipeline: RunCommand['pipeline'], source: string): Promise<string> {
  const server = await startEmbeddedServer()
  const out = join(top, `${pipeline}-one-by-one`)
  await succeed(startRun({ pipeline, source, out, url: server.url }, 1, 8))
  await server.close()
  return JSON.stringify(await readOutput(createFileStore(out)))
}

function startRun (command: RunCommand, concurrency: number, window: number): ChildProcess {
  return spawn(process.execPath, ['--import=tsx', CLI, ...runArgs(command, `concurrency=${concurrency}`, `window=${window}`)], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function measure ({ pipeline, source, concurrency, window, reference }: Plan): Promise<Figures> {
  let onRequest = (): void => {}
  const server = await startEmbeddedServer({ countBodies: true, clock: { ttftMs: 5, itlMs: 0 }, faults: () => { onRequest(); return undefined } })
  const outOf = (name: string): string => join(top, `${pipeline}-${concurrency}-${name}`)
  const start = (name: string): ChildProcess => startRun({ pipeline, source, out: outOf(name), url: server.url }, concurrency, window)
  await succeed(start('whole'))
  const requestsUnbroken = server.stats().received[CHAT] as number
  server.reset()
  const out = outOf('killed')
  await mkdir(join(out, 'data'), { recursive: true })
  const counts = { atShard: 0, between: 0, inFlight: 0 }
  const points = Array.from({ length: KILLS }, () => random() * 0.95 * requestsUnbroken).sort((one, other) => one - other)
  for (const [at, point] of points.entries()) {
    const child = start('killed')
    const kill = (): void => {
      if (child.killed) return
      child.kill('SIGKILL')
      counts.inFlight += server.stats().running
    }
    const reached = (): boolean => (server.stats().received[CHAT] ?? 0) >= point
    onRequest = () => { if (at % 2 === 0 && reached()) kill() }
    const watcher = watch(join(out, 'data'), (_, name) => {
      if (at % 2 === 0 || child.killed || name?.endsWith('.jsonl.gz') !== true || !reached()) return
      counts.atShard++
      kill()
    })
    await once(child, 'close')
    watcher.close()
    onRequest = () => {}
    if (await hasUncommitted(out)) counts.between++
  }
  await succeed(start('killed'))
  const { received, distinctBodies } = server.stats()
  await server.close()
  const [whole, killed] = [JSON.stringify(await readOutput(createFileStore(outOf('whole')))), JSON.stringify(await readOutput(createFileStore(out)))]
  const requestsKilled = received[CHAT] as number
  return {
    pipeline, concurrency, window, kills: KILLS, atShard: counts.atShard, betweenDataAndCommit: counts.between, requestsUnbroken, requestsKilled,
    distinctKilled: distinctBodies as number, paidAgain: requestsKilled - (distinctBodies as number), inFlightAtKills: counts.inFlight, bound: KILLS * concurrency,
    equalResults: whole === killed, equalToOneByOne: whole === reference, orphans: (await findOrphans(createFileStore(out))).length
  }
}

async function succeed (child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'close') as [number | null]
  if (code !== 0) throw new Error(`a run that nobody killed ended with ${code}`)
}

/** Whether the newest shard lies there without the commit of its split. */
async function hasUncommitted (out: string): Promise<boolean> {
  const done = new Set((await readdir(join(out, 'commit')).catch(() => [])).map(name => name.slice(0, -'.json'.length)))
  return (await readdir(join(out, 'data'))).some(name => name.endsWith('.jsonl.gz') && !done.has(name.split('-', 1)[0] as string))
}
