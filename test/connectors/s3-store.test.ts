import { inspect } from 'node:util'
import { execFileSync } from 'node:child_process'
import t, { type Test } from 'tap'
import { createS3Store, type S3StoreOptions } from '../../connectors/s3-store.js'
import { probeCreateOnly } from '../../connectors/probe-create-only.js'
import { bytesOf, fillStore, testWritableStore, toBytes, toList } from '../support/store-conformance.js'
import { startS3Fake, type FakeFault, type FakeReply, type FakeRequest } from '../support/s3-fake.js'

const quick = { random: () => 0, sleep: async () => {}, retries: 3 }

async function start (t: Test, options: Partial<S3StoreOptions> = {}) {
  const fake = await startS3Fake()
  t.teardown(() => fake.stop())
  const { endpoint, accessKeyId, secretAccessKey, bucket } = fake
  const store = createS3Store({ bucket, prefix: 'run/one', endpoint, credentials: { accessKeyId, secretAccessKey }, pageSize: 100, backOff: quick, ...options })
  return { fake, store }
}

/** Gives the faults one after the other to the requests that match. */
function inTurn (faults: readonly FakeFault[], matches: (request: FakeRequest) => boolean): (request: FakeRequest) => FakeFault {
  const left = [...faults]
  return request => matches(request) ? left.shift() : undefined
}

const isPut = ({ method }: FakeRequest): boolean => method === 'PUT'

testWritableStore(t, 's3-store', async (t, objects) => {
  const { store } = await start(t)
  await fillStore(store, objects)
  return store
})

t.test('prefixes in any spelling -> one url, one place', async t => {
  for (const prefix of ['run/one', '/run/one/', 'run/one/']) {
    const { fake, store } = await start(t, { prefix })
    await store.put('a', bytesOf('x'))
    t.equal(store.url, 's3://fake-bucket/run/one')
    t.same([...fake.objects.keys()], ['run/one/a'])
  }
  const { fake, store } = await start(t, { prefix: '' })
  await store.put('a', bytesOf('x'))
  t.equal(store.url, 's3://fake-bucket')
  t.same([...fake.objects.keys()], ['a'])
})

t.test('folder markers and neighbours of the prefix -> not listed', async t => {
  const { fake, store } = await start(t)
  for (const key of ['run/one/', 'run/one/dir/', 'run/one/dir/a', 'run/one-more/b', 'run/one//c']) fake.objects.set(key, { bytes: Buffer.from('x'), etag: '"x"' })
  t.same((await toList(store, '')).map(({ path }) => path), ['/c', 'dir/a'])
  t.equal(Buffer.from(await store.read('/c')).toString(), 'x', 'a key that no store of ours would write can be read')
})

t.test('the answer to a create lost, then refused -> true if the object is ours, false if not', async t => {
  const { fake, store } = await start(t)
  fake.fault = inTurn(['lose-answer'], isPut)
  t.equal(await store.create('commit/a', bytesOf('ours')), true)
  t.equal(fake.requests.filter(isPut).length, 2)
  fake.fault = inTurn(['cut'], request => {
    if (!isPut(request)) return false
    fake.objects.set('run/one/commit/b', { bytes: Buffer.from('theirs'), etag: '"t"' })
    return true
  })
  t.equal(await store.create('commit/b', bytesOf('ours, longer')), false)
  fake.fault = inTurn(['cut'], request => {
    if (!isPut(request)) return false
    fake.objects.set('run/one/commit/c', { bytes: Buffer.from('them'), etag: '"t"' })
    return true
  })
  t.equal(await store.create('commit/c', bytesOf('ours')), false, 'as long, but not the same')
})

t.test('409 while creators race -> asked again, and the same bytes of another are not taken for ours', async t => {
  const { fake, store } = await start(t)
  const conflict = { status: 409, code: 'ConditionalRequestConflict' }
  fake.fault = inTurn([conflict, conflict], isPut)
  t.equal(await store.create('commit/a', bytesOf('same')), true)
  fake.fault = inTurn([conflict], isPut)
  t.equal(await store.create('commit/a', bytesOf('same')), false)
  fake.fault = request => isPut(request) ? conflict : undefined
  await t.rejects(store.create('commit/b', bytesOf('x')), { code: 'store-failed', message: /commit\/b.*ConditionalRequestConflict \(409\)/ })
})

t.test('503, 500 and cut connections -> tried again; used up -> store-failed that names object and service', async t => {
  const { fake, store } = await start(t)
  await store.put('a', bytesOf('content'))
  const faults: FakeFault[] = [{ status: 503, code: 'SlowDown' }, 'cut', { status: 500, code: 'InternalError' }]
  for (const work of [() => store.read('a'), () => store.stat('a'), () => toList(store, ''), () => store.put('b', bytesOf('x')), () => store.remove('b')]) {
    fake.fault = inTurn(faults, () => true)
    await work()
  }
  fake.fault = () => ({ status: 503, code: 'SlowDown' })
  await t.rejects(store.read('a'), { code: 'store-failed', message: `s3://fake-bucket/run/one/a: ${fake.endpoint} failed: SlowDown (503): SlowDown it is` })
  fake.fault = () => 'cut'
  await t.rejects(store.put('a', bytesOf('x')), { code: 'store-failed', message: /run\/one\/a: http/ })
})

t.test('a body cut half way -> taken up where it broke; changed meanwhile -> object-changed', async t => {
  const { fake, store } = await start(t)
  const content = Buffer.from(Array.from({ length: 400_000 }, (_, n) => n % 251))
  await store.put('a', content)
  fake.fault = inTurn(['half-body', 'half-body'], ({ method }) => method === 'GET')
  t.ok(Buffer.compare(await store.read('a', { start: 7 }), content.subarray(7)) === 0)
  t.same(fake.requests.slice(1).map(({ headers }) => headers['if-match'] === undefined), [true, false, false], 'what goes on is bound to the etag')
  fake.fault = inTurn(['half-body', undefined], ({ method }) => {
    if (method === 'GET' && fake.requests.at(-1)?.headers['if-match'] !== undefined) fake.objects.set('run/one/a', { bytes: Buffer.alloc(400_000), etag: '"other"' })
    return method === 'GET'
  })
  await t.rejects(toBytes(await store.stream('a')), { code: 'object-changed' })
})

t.test('the body of a listing cut half way -> asked again, no page lost', async t => {
  const { fake, store } = await start(t)
  for (let n = 100; n < 350; n++) fake.objects.set(`run/one/${n}`, { bytes: Buffer.from('x'), etag: '"x"' })
  fake.fault = inTurn([undefined, 'half-body'], ({ query }) => query.has('list-type'))
  t.equal((await toList(store, '')).length, 250)
})

t.test('a large upload -> parts of equal size, none left, faults mended', async t => {
  const { fake, store } = await start(t)
  fake.fault = inTurn([{ status: 503, code: 'SlowDown' }, undefined, 'cut', 'lose-answer'], ({ query, method }) => query.has('uploadId') && method !== 'DELETE')
  const content = Buffer.alloc(20 * 1024 * 1024, 'abcdefg')
  const writer = await store.open('data/shard')
  for (let at = 0; at < content.length; at += 1_000_000) await writer.write(content.subarray(at, at + 1_000_000))
  await writer.close()
  t.ok(fake.objects.get('run/one/data/shard')?.bytes.equals(content))
  t.match(fake.objects.get('run/one/data/shard')?.etag, /-3"$/)
  t.equal(fake.uploads.size, 0)
})

t.test('a service that does not answer -> the writer stops after two parts, and goes on with the answer', async t => {
  const { fake, store } = await start(t)
  let answer = (): void => {}
  const held = new Promise<void>(resolve => { answer = resolve })
  fake.delay = async ({ query }) => { if (query.has('partNumber')) await held }
  const writer = await store.open('data/shard')
  let taken = 0
  const writing = (async () => {
    for (; taken < 40; taken++) await writer.write(Buffer.alloc(1024 * 1024))
  })()
  while (!fake.requests.some(({ query }) => query.has('partNumber'))) await new Promise(resolve => setImmediate(resolve))
  for (let turn = 0; turn < 200; turn++) await new Promise(resolve => setImmediate(resolve))
  t.equal(taken, 16, 'MiB: one part on its way, one full')
  t.equal(fake.requests.filter(({ query }) => query.has('partNumber')).length, 1)
  answer()
  await writing
  await writer.close()
  t.equal(fake.objects.get('run/one/data/shard')?.bytes.length, 40 * 1024 * 1024)
})

t.test('the answer to a completion lost -> the object tells that it was done', async t => {
  const { fake, store } = await start(t)
  fake.fault = inTurn(['lose-answer'], ({ query, method }) => method === 'POST' && query.has('uploadId'))
  const writer = await store.open('data/shard')
  await writer.write(Buffer.alloc(9 * 1024 * 1024))
  await writer.close()
  t.equal(fake.objects.get('run/one/data/shard')?.bytes.length, 9 * 1024 * 1024)
})

t.test('a part that fails for good -> store-failed, upload taken back, nothing visible, no unhandled rejection', async t => {
  const { fake, store } = await start(t)
  fake.fault = ({ query }) => query.get('partNumber') === '1' ? { status: 403, code: 'AccessDenied' } : undefined
  const writer = await store.open('data/shard')
  await t.rejects((async () => {
    for (let n = 0; n < 30; n++) await writer.write(Buffer.alloc(1024 * 1024))
    await writer.close()
  })(), { code: 'store-failed', message: /data\/shard.*AccessDenied: these credentials may not do this/ })
  await writer.abort()
  t.equal(fake.uploads.size, 0)
  t.equal(fake.objects.size, 0)
})

t.test('bucket, credentials and region that are wrong -> what to do, and no secret anywhere', async t => {
  const { fake } = await start(t)
  const { endpoint, accessKeyId, secretAccessKey, bucket } = fake
  const right = { bucket, endpoint, credentials: { accessKeyId, secretAccessKey }, backOff: quick }
  const cases: Array<{ wrong: string, options: S3StoreOptions, fault?: FakeFault, error: object }> = [
    { wrong: 'bucket', options: { ...right, bucket: 'absent' }, error: { code: 'source-missing', message: new RegExp(`the bucket absent does not exist at ${endpoint}; check`) } },
    { wrong: 'key', options: { ...right, credentials: { accessKeyId: 'AKWRONG', secretAccessKey } }, error: { code: 'store-failed', message: /InvalidAccessKeyId: the credentials are not/ } },
    { wrong: 'secret', options: { ...right, credentials: { accessKeyId, secretAccessKey: 'hunter2' } }, error: { code: 'store-failed', message: /SignatureDoesNotMatch: the credentials/ } },
    { wrong: 'policy', options: right, fault: { status: 403, code: 'AccessDenied' }, error: { code: 'store-failed', message: /may not do this/ } },
    { wrong: 'region', options: right, fault: { status: 400, code: 'AuthorizationHeaderMalformed' }, error: { code: 'store-failed', message: /set region/ } },
    { wrong: 'token', options: right, fault: { status: 400, code: 'ExpiredToken' }, error: { code: 'store-failed', message: /have expired/ } }
  ]
  for (const { wrong, options, fault, error } of cases) {
    fake.fault = () => fault
    const thrown: unknown = await toList(createS3Store(options), '').catch((thrown: unknown) => thrown)
    t.match(thrown, error, wrong)
    const shown = inspect(thrown, { depth: 12, showHidden: true }) + JSON.stringify(thrown)
    for (const secret of [secretAccessKey, accessKeyId, 'hunter2', 'AKWRONG', 'Signature=']) t.notOk(shown.includes(secret), `${wrong}: without ${secret.slice(0, 2)}…`)
  }
  fake.fault = () => undefined
  await t.rejects(createS3Store({ ...right, bucket: 'absent' }).put('a', bytesOf('x')), { code: 'store-failed', message: /bucket absent does not exist/ })
})

t.test('a listing without end, or out of order -> store-failed', async t => {
  const { fake, store } = await start(t)
  const contents = (key: string): string => `<Contents><Key>run/one/${key}</Key><ETag>"x"</ETag><Size>1</Size></Contents>`
  const answers = [
    { body: '<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>', message: /goes on, but not where/ },
    { body: '<IsTruncated>true</IsTruncated>', message: /goes on, but not where/ },
    { body: `<IsTruncated>false</IsTruncated>${contents('b')}${contents('a')}`, message: /not in byte order/ },
    { body: `<IsTruncated>false</IsTruncated>${contents('a')}${contents('a')}`, message: /not in byte order/ }
  ]
  for (const { body, message } of answers) {
    fake.answer = ({ query }) => query.has('list-type') ? { status: 200, body: `<ListBucketResult>${body}</ListBucketResult>` } : undefined
    await t.rejects(toList(store, ''), { code: 'store-failed', message })
  }
})

t.test('ranges answered with another range or none -> store-failed', async t => {
  const { fake, store } = await start(t)
  const answers: FakeReply[] = [
    { status: 200, headers: { etag: '"x"' }, body: '0123456789' },
    { status: 206, headers: { etag: '"x"', 'content-range': 'bytes 0-2/10' }, body: '012' },
    { status: 206, headers: { 'content-range': 'bytes 3-5/10' }, body: '345' }
  ]
  for (const answer of answers) {
    fake.answer = () => answer
    await t.rejects(store.read('a', { start: 3, end: 6 }), { code: 'store-failed', message: /bytes from 3 were asked for/ })
  }
  fake.answer = () => ({ status: 206, headers: { etag: '"y"', 'content-range': 'bytes 3-5/10' }, body: '345' })
  await t.rejects(store.read('a', { start: 3, end: 6, ifMatch: '"x"' }), { code: 'object-changed' }, 'a service that ignores If-Match')
})

t.test('a service that overwrites -> the probe says store-unsafe and leaves nothing', async t => {
  const { fake, store } = await start(t)
  fake.safe = false
  await t.rejects(probeCreateOnly(store, 'commit'), { code: 'store-unsafe', message: 's3://fake-bucket/run/one: the second create was not refused; commits cannot be trusted there' })
  t.equal(fake.objects.size, 0)
})

t.test('a service that lets two racers win -> store-unsafe', async t => {
  const { fake, store } = await start(t)
  let creates = 0
  fake.fault = request => {
    if (isPut(request)) fake.safe = ++creates <= 2
    return undefined
  }
  await t.rejects(probeCreateOnly(store, ''), { code: 'store-unsafe', message: /2 of 2 creates at once/ })
  t.equal(fake.objects.size, 0)
})

t.test('credentials from the environment -> found by the standard chain', async t => {
  const { fake } = await start(t)
  const script = `
    import { createS3Store } from './connectors/s3-store.ts'
    const store = createS3Store({ bucket: '${fake.bucket}', endpoint: '${fake.endpoint}' })
    process.stdout.write(String(await store.create('a', new Uint8Array(1))))`
  const env = { ...process.env, AWS_ACCESS_KEY_ID: fake.accessKeyId, AWS_SECRET_ACCESS_KEY: fake.secretAccessKey, AWS_REGION: 'eu-central-1' }
  const { spawn } = await import('node:child_process')
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.equal((await toBytes(child.stdout)).toString(), 'true')
  t.match(fake.requests[0]?.headers.authorization, /\/eu-central-1\/s3\//)
})

t.test('a store nobody has used -> the SDK is not loaded', async t => {
  const script = `
    import { createRequire } from 'node:module'
    import { createS3Store } from './connectors/s3-store.ts'
    createS3Store({ bucket: 'b' })
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some(file => file.includes('client-s3'))
    const before = loaded()
    await import('@aws-sdk/client-s3')
    process.stdout.write(JSON.stringify([before, loaded()]))`
  t.equal(execFileSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', script]).toString(), '[false,true]')
})
