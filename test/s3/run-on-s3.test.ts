import { join } from 'node:path'
import t from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import { startEmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { createS3Store } from '../../connectors/s3-store.js'
import { readOutput } from '../support/manifest.js'
import { runArgs, runGemline, startGemline, type RunCommand } from '../support/run-child.js'
import { inFolder, writeCorpus } from '../support/run-corpus.js'
import { startS3Gateway } from '../support/s3-gateway.js'

// Catches answers lost and splits doubled where nothing can be appended and every object is one put. The run here is killed;
// the gateway never is.

t.setTimeout(240_000)

const CHAT = '/v1/chat/completions'
const CONCURRENCY = 8
const KILLS = [0.1, 0.3, 0.5, 0.7, 0.9]
/** Slow enough that a run has several journal segments between two kills. */
const TTFT_MS = 200
/** A segment is open for a second; then it is put, which takes a while on a busy machine. */
const OPEN_MS = 1500

const gateway = await startS3Gateway()
t.teardown(() => gateway.stop())
const { endpoint, accessKeyId, secretAccessKey, bucket } = gateway
const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: 'us-east-1' }
Object.assign(process.env, env)

const storeAt = (prefix: string) => createS3Store({ bucket, prefix, endpoint, credentials: { accessKeyId, secretAccessKey } })
const s3 = `{endpoint: "${endpoint}"}`

t.test('a run from and to S3, killed five times and continued -> the results of an unbroken run on disk', t => inFolder(async folder => {
  const corpus = join(folder, 'corpus')
  await writeCorpus(corpus, { documents: 150, rowsPerGroup: 25 })
  const there = storeAt('corpus')
  const here = createFileStore(corpus)
  for await (const { path } of here.list('')) await there.put(path, await here.read(path))

  let onRequest = (_: number): void => {}
  let arrivals: number[] = []
  const server = await startEmbeddedServer({
    countBodies: true, clock: { ttftMs: TTFT_MS, itlMs: 0 },
    faults: () => { arrivals.push(performance.now()); onRequest(server.stats().received[CHAT] as number); return undefined }
  })
  t.teardown(() => server.close())
  const command = (place: Pick<RunCommand, 'source' | 'out'>, ...more: string[]): string[] =>
    runArgs({ pipeline: 'synthesizer', url: server.url, ...place }, `concurrency=${CONCURRENCY}`, ...more)
  const onS3 = (out: string): string[] => command({ source: `s3://${bucket}/corpus`, out: `s3://${bucket}/${out}` }, `source.s3=${s3}`, `sink.s3=${s3}`)

  t.equal((await runGemline(command({ source: corpus, out: join(folder, 'disk') }))).code, 0, 'on disk')
  const disk = await readOutput(createFileStore(join(folder, 'disk')))
  const distinct = server.stats().distinctBodies as number
  t.equal((await runGemline(onS3('whole'))).code, 0, 'on S3')
  t.same(await readOutput(storeAt('whole')), disk, 'S3 -> what the disk holds, object by object')

  server.reset()
  let open = 0
  for (const share of KILLS) {
    arrivals = []
    let killed = false
    const child = startGemline(onS3('killed'), env)
    onRequest = received => {
      if (received < share * distinct || killed) return
      killed = child.process.kill('SIGKILL')
      open += arrivals.filter(at => at > performance.now() - OPEN_MS).length
    }
    t.match(await child.ended, { signal: 'SIGKILL' }, `killed at ${share}`)
    onRequest = () => {}
  }
  t.equal((await runGemline(onS3('killed'))).code, 0)
  t.same(await readOutput(storeAt('killed')), disk)
  const { received, distinctBodies } = server.stats()
  t.equal(distinctBodies, distinct, 'the same requests as the unbroken run')
  const paidAgain = (received[CHAT] as number) - distinct
  t.comment(`${received[CHAT]} requests for ${distinct} different ones: ${paidAgain} were paid again in ${KILLS.length} kills`)
  t.ok(paidAgain <= open, `${paidAgain} of ${open} that were in flight or in the open segment`)
}))

t.test('result keys changed on S3 -> refused by name', t => inFolder(async folder => {
  const corpus = join(folder, 'corpus')
  await writeCorpus(corpus, { documents: 20, rowsPerGroup: 10 })
  const server = await startEmbeddedServer()
  t.teardown(() => server.close())
  const run = (...more: string[]) => runGemline(runArgs({ pipeline: 'synthesizer', source: corpus, out: `s3://${bucket}/keys`, url: server.url }, `sink.s3=${s3}`, ...more))
  t.equal((await run()).code, 0)
  const { code, stderr } = await run('stages.judge.temperature=0.3')
  t.equal(code, 2)
  t.match(stderr, /s3:\/\/gemline\/keys was planned .*stages\.judge\.temperature: planned 0, now 0\.3/s)
}))
