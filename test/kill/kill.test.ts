import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import { startEmbeddedServer, type EmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { readOutput } from '../support/manifest.js'
import { runArgs, runGemline, startGemline } from '../support/run-child.js'
import { inFolder, writeCorpus } from '../support/run-corpus.js'

// Catches answers that are paid for and lost, splits that are done twice or by half, and results that a crash changes. Cannot
// catch what a power cut does: the kernel that outlives the process here keeps everything that was written.

const CONCURRENCY = 8
/** Most that a kill can cost: the calls in flight, and as many answers that had come and were still on their way into the journal. */
const AT_STAKE = CONCURRENCY
const CHAT = '/v1/chat/completions'

interface Hooked { readonly server: EmbeddedServer, onRequest: (received: number) => void }

t.setTimeout(240_000)

/** A server outside of the process that is killed, which tells of each request as it comes, with how many there were since the last reset. */
async function startServer (t: Test, ttftMs: number): Promise<Hooked> {
  const hooked = { onRequest: (_: number) => {} } as { server: EmbeddedServer, onRequest: (received: number) => void }
  hooked.server = await startEmbeddedServer({
    countBodies: true, clock: { ttftMs, itlMs: 0 },
    faults: () => { hooked.onRequest(hooked.server.stats().received[CHAT] as number); return undefined }
  })
  t.teardown(() => hooked.server.close())
  return hooked
}

for (const { pipeline, kills } of [{ pipeline: 'synthesizer', kills: [0.15, 0.5, 0.8] }, { pipeline: 'teacher', kills: [0.4] }] as const) {
  t.test(`${pipeline} killed and continued -> the results of an unbroken run, and no answer paid for twice but those in flight`, t => inFolder(async folder => {
    const source = join(folder, 'corpus')
    await writeCorpus(source, { documents: 60, rowsPerGroup: 12 })
    const hooked = await startServer(t, 4)
    const { server } = hooked
    const command = (out: string): string[] => runArgs({ pipeline, source, out: join(folder, out), url: server.url }, `concurrency=${CONCURRENCY}`)
    t.same(await runGemline(command('whole')), { code: 0, signal: null, stdout: '', stderr: '' })
    const distinct = server.stats().distinctBodies as number
    server.reset()
    for (const share of kills) {
      const child = startGemline(command('killed'))
      hooked.onRequest = received => { if (received >= share * distinct) child.kill('SIGKILL') }
      t.match(await child.ended, { signal: 'SIGKILL', stderr: '' }, `killed at ${share}`)
      hooked.onRequest = () => {}
      await t.rejects(createFileStore(join(folder, 'killed')).read('manifest.json'), { code: 'object-missing' }, 'not done yet')
    }
    t.same(await runGemline(command('killed')), { code: 0, signal: null, stdout: '', stderr: '' })
    t.same(await readOutput(createFileStore(join(folder, 'killed'))), await readOutput(createFileStore(join(folder, 'whole'))))
    const { received, distinctBodies } = server.stats()
    t.equal(distinctBodies, distinct, 'the same requests as the unbroken run')
    const paidAgain = (received[CHAT] as number) - distinct
    t.ok(paidAgain <= kills.length * AT_STAKE, `${paidAgain} of ${distinct} requests were sent again, ${kills.length} kills with at most ${CONCURRENCY} in flight`)
  }))
}

t.test('killed when a shard appears, before its commit -> that split is done again, without a request', t => inFolder(async folder => {
  const [source, out] = [join(folder, 'corpus'), join(folder, 'killed')]
  await writeCorpus(source, { documents: 48, rowsPerGroup: 24 })
  const { server } = await startServer(t, 2)
  const command = (out: string): string[] => runArgs({ pipeline: 'synthesizer', source, out, url: server.url }, `concurrency=${CONCURRENCY}`)
  t.equal((await runGemline(command(join(folder, 'whole')))).code, 0)
  server.reset()
  await mkdir(join(out, 'data'), { recursive: true })
  const child = startGemline(command(out))
  const watcher = watch(join(out, 'data'), (_, name) => { if (name?.endsWith('.jsonl.gz') === true) child.kill('SIGKILL') })
  t.match(await child.ended, { signal: 'SIGKILL' })
  watcher.close()
  t.equal((await runGemline(command(out))).code, 0)
  t.same(await readOutput(createFileStore(out)), await readOutput(createFileStore(join(folder, 'whole'))))
  const { received, distinctBodies } = server.stats()
  t.ok((received[CHAT] as number) - (distinctBodies as number) <= AT_STAKE)
}))

t.test('SIGINT once -> no new call, those in flight are journaled, exit 130; then the same command finishes', t => inFolder(async folder => {
  const [source, out] = [join(folder, 'corpus'), join(folder, 'out')]
  await writeCorpus(source, { documents: 40, rowsPerGroup: 20 })
  const hooked = await startServer(t, 150)
  const { server } = hooked
  const command = runArgs({ pipeline: 'synthesizer', source, out, url: server.url }, `concurrency=${CONCURRENCY}`)
  const child = startGemline(command)
  hooked.onRequest = received => { if (received === 12) child.kill('SIGINT') }
  const { code, stderr } = await child.ended
  hooked.onRequest = () => {}
  t.equal(code, 130)
  t.match(stderr, /no new calls; those in flight may end.*\n.*Run the same command again to go on/s)
  const stopped = server.stats()
  t.equal(stopped.aborted, 0, 'no call in flight was given up')
  t.ok((stopped.received[CHAT] as number) <= 12 + CONCURRENCY, `${stopped.received[CHAT]} requests, the signal came with the twelfth`)
  t.equal((await runGemline(command)).code, 0)
  const { received, distinctBodies } = server.stats()
  t.equal(received[CHAT], distinctBodies, 'nothing was paid for twice')
}))

t.test('SIGINT twice -> ends at once', t => inFolder(async folder => {
  const source = join(folder, 'corpus')
  await writeCorpus(source, { documents: 40, rowsPerGroup: 20 })
  const hooked = await startServer(t, 60_000)
  const child = startGemline(runArgs({ pipeline: 'synthesizer', source, out: join(folder, 'out'), url: hooked.server.url }, `concurrency=${CONCURRENCY}`))
  await new Promise<void>(resolve => { hooked.onRequest = received => { if (received === 6) resolve() } })
  child.kill('SIGINT')
  await once(child.process.stderr!, 'data')
  const began = performance.now()
  child.kill('SIGINT')
  const { code, signal } = await child.ended
  t.same({ code, signal }, { code: 130, signal: null })
  t.ok(performance.now() - began < 5000, 'long before the calls of a minute end')
}))

t.test('a reader that closes the pipe -> quiet end, exit 0', t => inFolder(async folder => {
  const source = join(folder, 'corpus')
  await writeCorpus(source, { documents: 200, rowsPerGroup: 10 })
  const { server } = await startServer(t, 1)
  const child = startGemline(runArgs({ pipeline: 'synthesizer', source, out: '-', url: server.url }, `--state=${join(folder, 'state')}`))
  child.process.stdout!.once('data', () => child.process.stdout!.destroy())
  const { code, signal, stderr } = await child.ended
  t.same({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
}))
