import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import { createHttpStore, type HttpStoreOptions } from '../../connectors/http-store.js'
import { bytesOf, testStore, toBytes, toList, type Objects } from '../support/store-conformance.js'

interface Habits {
  readonly etags?: 'strong' | 'weak' | 'none'
  readonly ranges?: boolean
  readonly head?: boolean
  /** Answers instead of the server where it gives true. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean
}

const MODIFIED = 'Tue, 04 Nov 2025 10:00:00 GMT'
const etagOf = (bytes: Uint8Array): string => `"${createHash('md5').update(bytes).digest('hex')}"`

/** A file server as they are: ranges, conditions, and the habits that some have. */
async function serve (t: Test, objects: Map<string, Uint8Array>, habits: Habits = {}) {
  const requests: Array<{ method: string, path: string, range: string | undefined }> = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice('/base/'.length))
    requests.push({ method: request.method ?? '', path, range: request.headers.range })
    if (habits.before?.(request, response) !== true) answer(objects.get(path), habits, { request, response })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`, requests }
}

function answer (bytes: Uint8Array | undefined, habits: Habits, { request, response }: { request: IncomingMessage, response: ServerResponse }): void {
  if (bytes === undefined) { response.writeHead(404).end('no'); return }
  const etag = habits.etags === 'weak' ? `W/${etagOf(bytes)}` : etagOf(bytes)
  const headers: Record<string, string> = habits.etags === 'none' ? { 'last-modified': MODIFIED } : { etag }
  const wanted = request.headers['if-match']
  if (wanted !== undefined && (wanted !== etag || etag.startsWith('W/'))) { response.writeHead(412).end(); return }
  const since = request.headers['if-unmodified-since']
  if (since !== undefined && since !== MODIFIED) { response.writeHead(412).end(); return }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (range === null || habits.ranges === false) {
    response.writeHead(200, { ...headers, 'content-length': bytes.byteLength })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return
  }
  const start = Number(range[1])
  const end = Math.min(range[2] === '' ? bytes.byteLength : Number(range[2]) + 1, bytes.byteLength)
  if (start >= bytes.byteLength) { response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` }).end(); return }
  response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end - 1}/${bytes.byteLength}`, 'content-length': end - start })
  response.end(bytes.subarray(start, end))
}

const quick = { random: () => 0, sleep: async () => {}, retries: 3 }

async function makeStore (t: Test, objects: Objects, habits?: Habits) {
  const held = new Map(objects)
  const { base, requests } = await serve(t, held, habits)
  const store = (options: HttpStoreOptions = {}) => createHttpStore(base, { files: [...held.keys()], backOff: quick, ...options })
  return { store: store(), storeWith: store, requests, held, base }
}

testStore(t, 'http-store, strong etags', async (t, objects) => (await makeStore(t, objects)).store)
testStore(t, 'http-store, weak etags', async (t, objects) => (await makeStore(t, objects, { etags: 'weak' })).store)

t.test('no etag -> Last-Modified and length stand in, as a condition too', async t => {
  const { store, held } = await makeStore(t, new Map([['a', bytesOf('0123456789')]]), { etags: 'none' })
  t.same(await store.stat('a'), { path: 'a', bytes: 10, etag: `modified:${MODIFIED}:10` })
  t.equal(Buffer.from(await store.read('a', { start: 1, end: 3, ifMatch: `modified:${MODIFIED}:10` })).toString(), '12')
  await t.rejects(store.read('a', { start: 1, end: 3, ifMatch: 'modified:Mon, 03 Nov 2025 10:00:00 GMT:10' }), { code: 'object-changed' })
  held.set('a', bytesOf('01234567'))
  await t.rejects(store.read('a', { start: 1, end: 3, ifMatch: `modified:${MODIFIED}:10` }), { code: 'object-changed' })
})

t.test('a server that ignores Range -> small files are cut here, large ones refused', async t => {
  const large = Buffer.alloc(8_388_609)
  const { store } = await makeStore(t, new Map([['small', bytesOf('0123456789')], ['large', large]]), { ranges: false })
  t.equal(Buffer.from(await store.read('small', { start: 3, end: 7 })).toString(), '3456')
  t.equal((await toBytes(await store.stream('small', { start: 4 }))).toString(), '456789')
  t.equal((await store.read('small', { start: 10 })).byteLength, 0)
  await t.rejects(store.read('small', { start: 3, end: 11 }), { code: 'store-failed' })
  await t.rejects(store.read('large', { start: 3, end: 7 }), { code: 'store-failed', message: /large: the server ignores Range/ })
  t.equal((await store.read('large')).byteLength, large.length, 'the whole file needs no range')
})

t.test('a connection that breaks in the middle -> taken up where it broke', async t => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251))
  let cuts = 0
  const before = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || cuts >= 2) return false
    cuts++
    const start = Number(/=(\d+)-/.exec(request.headers.range ?? '=0-')?.[1])
    const range = request.headers.range === undefined ? {} : { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
    response.writeHead(request.headers.range === undefined ? 200 : 206, { etag: etagOf(content), 'content-length': content.length - start, ...range })
    response.write(content.subarray(start, start + 100_000), () => setImmediate(() => response.destroy()))
    return true
  }
  const { store, requests } = await makeStore(t, new Map([['a', content]]), { before })
  t.ok(Buffer.compare(await toBytes(await store.stream('a')), content) === 0)
  t.equal(cuts, 2)
  t.equal(requests.length, 3)
  cuts = 0
  t.ok(Buffer.compare(await store.read('a'), content) === 0)
})

t.test('another file after the break -> object-changed, never two halves joined', async t => {
  const content = Buffer.alloc(200_000, 'a')
  const held = new Map<string, Uint8Array>([['a', content]])
  let cuts = 0
  const { base } = await serve(t, held, {
    before (_request, response) {
      if (cuts++ > 0) return false
      response.writeHead(200, { etag: etagOf(content), 'content-length': content.length })
      response.write(content.subarray(0, 50_000), () => setImmediate(() => response.destroy()))
      held.set('a', Buffer.alloc(200_000, 'b'))
      return true
    }
  })
  await t.rejects(createHttpStore(base, { backOff: quick }).read('a'), { code: 'object-changed' })
})

t.test('503, 429 and resets -> tried again with full jitter, then given up', async t => {
  const faults: Array<number | 'reset'> = [503, 'reset', 429]
  let left: Array<number | 'reset'> = []
  const before = (_request: IncomingMessage, response: ServerResponse): boolean => {
    const fault = left.shift()
    if (fault === 'reset') response.destroy()
    else if (fault !== undefined) response.writeHead(fault, fault === 429 ? { 'retry-after': '2' } : {}).end('busy')
    return fault !== undefined
  }
  const { storeWith, requests } = await makeStore(t, new Map([['a', bytesOf('content')]]), { before })
  const slept: number[] = []
  const store = storeWith({ backOff: { retries: 3, baseMs: 100, capMs: 20_000, random: () => 0.5, sleep: async ms => { slept.push(ms) } } })
  left = [...faults]
  t.equal(Buffer.from(await store.read('a')).toString(), 'content')
  t.same(slept, [50, 100, 2_000])
  left = [...faults, 500]
  await t.rejects(store.stat('a'), { code: 'store-failed', message: /\/base\/a: the server answered 500/ })
  t.equal(requests.length, 8)
})

t.test('answers that are not what was asked for -> store-failed that says what', async t => {
  const cases: Array<{ answer: string, status: number, headers: Record<string, string>, body?: string, message: RegExp }> = [
    { answer: 'another range', status: 206, headers: { 'content-range': 'bytes 0-2/10' }, body: '012', message: /Content-Range is bytes 0-2\/10/ },
    { answer: 'no Content-Range', status: 206, headers: {}, body: '123', message: /Content-Range is undefined/ },
    { answer: 'compressed', status: 206, headers: { 'content-range': 'bytes 1-3/10', 'content-encoding': 'gzip' }, body: '123', message: /sent as gzip/ },
    { answer: '401', status: 401, headers: {}, message: /answered 401: the server wants credentials/ },
    { answer: '418', status: 418, headers: {}, message: /answered 418/ },
    { answer: 'a redirect elsewhere', status: 302, headers: { location: 'http://elsewhere.invalid/x?signature=abc' }, message: /redirects to http:\/\/elsewhere.invalid, another host/ },
    { answer: 'a shorter range', status: 206, headers: { 'content-range': 'bytes 1-2/3' }, body: '12', message: /has 3 bytes, but byte 4/ }
  ]
  for (const { answer, status, headers, body, message } of cases) {
    const before = (_request: IncomingMessage, response: ServerResponse): boolean => { response.writeHead(status, headers).end(body); return true }
    const { store } = await makeStore(t, new Map(), { before })
    await t.rejects(store.read('a', { start: 1, end: 4 }), { code: 'store-failed', message }, answer)
  }
})

t.test('a redirect on the same host -> followed, but not without end', async t => {
  const before = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url?.endsWith('/loop')) response.writeHead(302, { location: '/base/loop' }).end()
    else if (request.url?.endsWith('/old')) response.writeHead(301, { location: 'new' }).end()
    else return false
    return true
  }
  const { store } = await makeStore(t, new Map([['new', bytesOf('moved')]]), { before })
  t.equal(Buffer.from(await store.read('old')).toString(), 'moved')
  await t.rejects(store.read('loop'), { code: 'store-failed', message: /more than 5 redirects/ })
})

t.test('urls with secrets, of another kind, or none -> config-invalid without the secret', async t => {
  for (const url of ['http://user:hunter2@h/x', 'https://:hunter2@h/', 'https://h/x?token=hunter2', 'https://h/x#hunter2', 'ftp://h/x', 'nonsense hunter2']) {
    try {
      createHttpStore(url)
      t.fail(url)
    } catch (thrown) {
      t.match(thrown, { code: 'config-invalid' }, url)
      t.notMatch(inspect(thrown), /hunter2/)
    }
  }
})

t.test('headers with a token -> sent, and in no error', async t => {
  const seen: Array<string | undefined> = []
  const before = (request: IncomingMessage, response: ServerResponse): boolean => {
    seen.push(request.headers.authorization)
    response.writeHead(403).end()
    return true
  }
  const { storeWith } = await makeStore(t, new Map(), { before })
  const error: unknown = await storeWith({ headers: { authorization: 'Bearer hunter2' } }).read('a').catch((thrown: unknown) => thrown)
  t.same(seen, ['Bearer hunter2'])
  t.notMatch(inspect(error, { depth: 9, showHidden: true }), /hunter2/)
})

t.test('no list of files -> source-missing; a listed file that is not there -> object-missing', async t => {
  const { base } = await serve(t, new Map())
  await t.rejects(toList(createHttpStore(base), ''), { code: 'source-missing', message: /name the files/ })
  await t.rejects(toList(createHttpStore(base, { files: ['x/a.parquet'], backOff: quick }), 'x/'), { code: 'object-missing', message: /x\/a.parquet/ })
})

t.test('nobody listens, or the name does not resolve -> store-failed that names the url', async t => {
  const { base } = await serve(t, new Map())
  const dead = base.replace(/:\d+\//, ':1/')
  const tries: number[] = []
  const backOff = { ...quick, sleep: async (ms: number) => { tries.push(ms) } }
  await t.rejects(createHttpStore(dead, { backOff }).stat('a'), { code: 'store-failed', message: /:1\/base\/a cannot be reached/ })
  t.equal(tries.length, 3)
})

t.test('aborted while it waits to try again -> run-cancelled at once', async t => {
  const before = (_request: IncomingMessage, response: ServerResponse): boolean => { response.writeHead(503).end(); return true }
  const { storeWith } = await makeStore(t, new Map(), { before })
  const controller = new AbortController()
  const sleep = (_ms: number, signal?: AbortSignal) => new Promise<void>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')))
    controller.abort()
  })
  await t.rejects(storeWith({ backOff: { ...quick, sleep } }).read('a', { signal: controller.signal }), { code: 'run-cancelled' })
})
