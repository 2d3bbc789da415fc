import { createHash, randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { ByteStore, ObjectInfo, WritableStore } from '../../lib/engine/connector.js'
import { probeCreateOnly } from '../../connectors/probe-create-only.js'
import { compareBytes } from '../../connectors/store-support.js'

/** Objects that a fresh store starts with, by path. */
export type Objects = ReadonlyMap<string, Uint8Array>

/** Makes a fresh store that holds exactly the given objects. Cleans up by `t.teardown`. */
export type MakeStore<S extends ByteStore> = (t: Test, objects: Objects) => Promise<S>

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Puts the objects into a writable store, a few at a time. */
export async function fillStore (store: WritableStore, objects: Objects): Promise<void> {
  const waiting = [...objects]
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await store.put(...next)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

export async function toList (store: ByteStore, prefix: string): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = []
  for await (const info of store.list(prefix)) found.push(info)
  return found
}

export async function toBytes (stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What every store must do. Catches wrong order, pages, ranges and codes; cannot catch what only real faults show. */
export function testStore (t: Test, name: string, makeStore: MakeStore<ByteStore>): void {
  t.test(`${name}: reading`, async t => {
    testList(t, makeStore)
    testRanges(t, makeStore)
    testIdentity(t, makeStore)
    testCancel(t, makeStore)
  })
}

/** `testStore`, and what every store that can be written to must do. */
export function testWritableStore (t: Test, name: string, makeStore: MakeStore<WritableStore>): void {
  testStore(t, name, makeStore)
  t.test(`${name}: writing`, async t => {
    testCreate(t, makeStore)
    testPut(t, makeStore)
    testWriter(t, makeStore)
    testRefusedPaths(t, makeStore)
    t.test('probe -> safe, and nothing left behind', async t => {
      const store = await makeStore(t, new Map())
      await probeCreateOnly(store, 'commit/')
      t.same(await toList(store, ''), [])
    })
  })
}

const UNUSUAL = [
  'a', 'a b/ü ñ/日本語.txt', 'a-b', 'a/b', 'a/b/c', 'a0', 'ab', 'dir+plus/%41&x=1?y#z.parquet', 'q\'uo"te/<&>.txt', 'z/\u{1f600}', 'z/\uff5e'
]

function testList (t: Test, makeStore: MakeStore<ByteStore>): void {
  t.test('more objects than a page -> all, once, in byte order', async t => {
    const paths = Array.from({ length: 1_005 }, (_, n) => `part/${n % 3}/${String(n * 7919 % 1_005).padStart(4, '0')}`)
    const store = await makeStore(t, new Map(paths.map(path => [path, bytesOf(path)])))
    const found = await toList(store, 'part/')
    t.same(found.map(({ path }) => path), paths.toSorted(compareBytes))
    t.same((await toList(store, 'part/1/')).map(({ path }) => path), paths.filter(path => path.startsWith('part/1/')).toSorted(compareBytes))
    t.ok(found.every(({ path, bytes, etag }) => bytes === path.length && etag !== ''))
  })
  t.test('prefixes -> what starts with them, files and folders alike', async t => {
    // A disk cannot hold both the file `a` and the folder `a/`.
    const paths = ['a b', 'a-b', 'a.b', 'a/b', 'a/b-c', 'a/b.c/d', 'a0', 'ab/c', 'z/\u{1f600}', 'z/\uff5e']
    const store = await makeStore(t, new Map(paths.map(path => [path, bytesOf('x')])))
    const listed = async (prefix: string): Promise<string[]> => (await toList(store, prefix)).map(({ path }) => path)
    t.same(await listed(''), ['a b', 'a-b', 'a.b', 'a/b', 'a/b-c', 'a/b.c/d', 'a0', 'ab/c', 'z/\uff5e', 'z/\u{1f600}'])
    t.same(await listed('a/'), ['a/b', 'a/b-c', 'a/b.c/d'])
    t.same(await listed('a/b'), ['a/b', 'a/b-c', 'a/b.c/d'])
    t.same(await listed('ab'), ['ab/c'])
    t.same(await listed('a/b.'), ['a/b.c/d'])
    t.same(await listed('none/'), [])
  })
  t.test('spaces, unicode and what an url must escape -> found, described and read under the same name', async t => {
    const paths = UNUSUAL.filter(path => path !== 'a' && path !== 'a/b')
    const store = await makeStore(t, new Map(paths.map(path => [path, bytesOf(path)])))
    t.same((await toList(store, '')).map(({ path }) => path), paths.toSorted(compareBytes))
    for (const path of paths) {
      t.same(Buffer.from(await store.read(path)).toString(), path)
      t.equal((await store.stat(path))?.path, path)
    }
  })
}

function testRanges (t: Test, makeStore: MakeStore<ByteStore>): void {
  const text = '0123456789'
  const cases: Array<{ range: string, start?: number, end?: number, expected: string }> = [
    { range: 'none', expected: text },
    { range: '[0, 10)', start: 0, end: 10, expected: text },
    { range: '[3, 7)', start: 3, end: 7, expected: '3456' },
    { range: '[9, 10)', start: 9, end: 10, expected: '9' },
    { range: '[4, end)', start: 4, expected: '456789' },
    { range: '[0, 4)', end: 4, expected: '0123' },
    { range: '[5, 5), empty', start: 5, end: 5, expected: '' },
    { range: '[10, end), at the end', start: 10, expected: '' },
    { range: '[10, 10), empty at the end', start: 10, end: 10, expected: '' }
  ]
  t.test('ranges -> exactly their bytes, read or streamed', async t => {
    const store = await makeStore(t, new Map([['dir/ten', bytesOf(text)], ['dir/zero', new Uint8Array()]]))
    for (const { range, start, end, expected } of cases) {
      t.equal(Buffer.from(await store.read('dir/ten', { start, end })).toString(), expected, `read ${range}`)
      t.equal((await toBytes(await store.stream('dir/ten', { start, end }))).toString(), expected, `stream ${range}`)
    }
    t.equal((await store.read('dir/zero')).byteLength, 0, 'an empty object')
    t.equal((await toBytes(await store.stream('dir/zero'))).byteLength, 0, 'an empty object as a stream')
  })
  t.test('ranges that the object has not -> store-failed, never fewer bytes', async t => {
    const store = await makeStore(t, new Map([['ten', bytesOf(text)], ['zero', new Uint8Array()]]))
    for (const range of [{ end: 11 }, { start: 5, end: 11 }, { start: 11 }, { start: 11, end: 12 }, { start: 5, end: 4 }, { start: -1 }]) {
      await t.rejects(store.read('ten', range), { code: 'store-failed' }, `read ${JSON.stringify(range)}`)
      await t.rejects(readStream(store, 'ten', range), { code: 'store-failed' }, `stream ${JSON.stringify(range)}`)
    }
    await t.rejects(store.read('zero', { end: 1 }), { code: 'store-failed' })
  })
  t.test('a large object -> the same bytes, whole and in pieces', async t => {
    const large = randomBytes(20 * 1024 * 1024 + 13)
    const store = await makeStore(t, new Map([['large.bin', large]]))
    const hash = createHash('sha256')
    for await (const chunk of await store.stream('large.bin')) hash.update(chunk as Uint8Array)
    t.equal(hash.digest('hex'), createHash('sha256').update(large).digest('hex'))
    const middle = await store.read('large.bin', { start: 7_000_001, end: 9_000_002 })
    t.ok(Buffer.compare(middle, large.subarray(7_000_001, 9_000_002)) === 0)
  })
}

async function readStream (store: ByteStore, path: string, range: object): Promise<Buffer> {
  return await toBytes(await store.stream(path, range))
}

function testIdentity (t: Test, makeStore: MakeStore<ByteStore>): void {
  t.test('missing -> object-missing, stat undefined, nothing listed', async t => {
    const store = await makeStore(t, new Map([['dir/there', bytesOf('x')]]))
    for (const path of ['dir/absent', 'dir', 'none/at/all', 'dir/there/below']) {
      t.equal(await store.stat(path), undefined, path)
      await t.rejects(store.read(path), { code: 'object-missing', message: /\// }, path)
      await t.rejects(store.read(path, { start: 2, end: 4 }), { code: 'object-missing' }, path)
      await t.rejects(store.read(path, { start: 2, end: 2 }), { code: 'object-missing' }, path)
      await t.rejects(store.stream(path), { code: 'object-missing' }, path)
    }
  })
  t.test('stat and list -> the same facts', async t => {
    const store = await makeStore(t, new Map([['dir/there', bytesOf('content')]]))
    const info = await store.stat('dir/there')
    t.match(info, { path: 'dir/there', bytes: 7, etag: /./ })
    t.same(await toList(store, 'dir/'), [info])
  })
  t.test('ifMatch -> read where it holds, object-changed where it does not', async t => {
    const store = await makeStore(t, new Map([['one', bytesOf('content')], ['two', bytesOf('another')]]))
    const etag = (await store.stat('one'))?.etag
    const other = (await store.stat('two'))?.etag
    t.not(etag, other)
    t.equal(Buffer.from(await store.read('one', { start: 1, end: 3, ifMatch: etag })).toString(), 'on')
    t.equal((await readStream(store, 'one', { ifMatch: etag })).toString(), 'content')
    for (const range of [{}, { start: 1, end: 3 }, { start: 2, end: 2 }, { start: 7 }]) {
      await t.rejects(store.read('one', { ...range, ifMatch: other }), { code: 'object-changed', message: /one/ })
      await t.rejects(readStream(store, 'one', { ...range, ifMatch: other }), { code: 'object-changed' })
    }
  })
}

function testCancel (t: Test, makeStore: MakeStore<ByteStore>): void {
  t.test('aborted -> run-cancelled, at once and in the middle', async t => {
    const store = await makeStore(t, new Map([['large', randomBytes(4 * 1024 * 1024)]]))
    const early = AbortSignal.abort()
    await t.rejects(store.read('large', { signal: early }), { code: 'run-cancelled' })
    await t.rejects(store.stat('large', early), { code: 'run-cancelled' })
    const controller = new AbortController()
    const stream = await store.stream('large', { signal: controller.signal })
    await t.rejects(toBytes(stream.on('data', () => controller.abort())), { code: 'run-cancelled' })
    const unread = await store.stream('large')
    unread.destroy()
    t.equal(unread.destroyed, true, 'a stream nobody reads can be let go of')
  })
}

function testCreate (t: Test, makeStore: MakeStore<WritableStore>): void {
  t.test('create twice -> true, then false, and the first content stays', async t => {
    const store = await makeStore(t, new Map())
    t.equal(await store.create('commit/a.json', bytesOf('first')), true)
    t.equal(await store.create('commit/a.json', bytesOf('second')), false)
    t.equal(await store.create('commit/a.json', bytesOf('first')), false, 'the same content is refused too')
    t.equal(Buffer.from(await store.read('commit/a.json')).toString(), 'first')
    t.same((await toList(store, '')).map(({ path }) => path), ['commit/a.json'])
  })
  t.test('eight create at once, ten times -> exactly one wins and its content stands', async t => {
    const store = await makeStore(t, new Map())
    for (let round = 0; round < 10; round++) {
      const racers = Array.from({ length: 8 }, (_, racer) => `racer ${racer}`)
      const won = await Promise.all(racers.map(racer => store.create(`race/${round}`, bytesOf(racer))))
      t.same(racers.filter((_, index) => won[index]), [Buffer.from(await store.read(`race/${round}`)).toString()])
    }
    t.equal((await toList(store, '')).length, 10)
  })
  t.test('eight create the same bytes at once -> exactly one wins', async t => {
    const store = await makeStore(t, new Map())
    const won = await Promise.all(Array.from({ length: 8 }, () => store.create('race', bytesOf('equal'))))
    t.equal(won.filter(Boolean).length, 1)
  })
  t.test('an empty object -> created', async t => {
    const store = await makeStore(t, new Map())
    t.equal(await store.create('_SUCCESS', new Uint8Array()), true)
    t.match(await store.stat('_SUCCESS'), { bytes: 0 })
  })
}

function testPut (t: Test, makeStore: MakeStore<WritableStore>): void {
  t.test('put twice, remove twice -> replaced with another etag, then gone', async t => {
    const store = await makeStore(t, new Map())
    await store.put('report.json', bytesOf('one'))
    const before = await store.stat('report.json')
    await store.put('report.json', bytesOf('two'))
    const after = await store.stat('report.json')
    t.not(before?.etag, after?.etag)
    t.equal(Buffer.from(await store.read('report.json')).toString(), 'two')
    await t.rejects(store.read('report.json', { ifMatch: before?.etag }), { code: 'object-changed' })
    await store.remove('report.json')
    await store.remove('report.json')
    await store.remove('never/was')
    t.equal(await store.stat('report.json'), undefined)
  })
}

function testWriter (t: Test, makeStore: MakeStore<WritableStore>): void {
  const sizes = [0, 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1, 17 * 1024 * 1024 + 5]
  for (const size of sizes) {
    t.test(`a writer given ${size} bytes in pieces -> invisible until close, then exactly them`, async t => {
      const store = await makeStore(t, new Map())
      const content = randomBytes(size)
      const writer = await store.open('data/shard')
      const piece = Buffer.alloc(700_001)
      for (let at = 0; at < size; at += piece.length) {
        // The same buffer each time: a store may not keep what it was lent.
        const length = content.copy(piece, 0, at, at + piece.length)
        await writer.write(piece.subarray(0, length))
      }
      t.equal(await store.stat('data/shard'), undefined)
      t.same(await toList(store, ''), [])
      await writer.close()
      t.equal((await store.stat('data/shard'))?.bytes, size)
      t.ok(Buffer.compare(await store.read('data/shard'), content) === 0)
      t.equal((await toList(store, '')).length, 1)
    })
  }
  for (const size of [0, 10, 9 * 1024 * 1024]) {
    t.test(`a writer aborted after ${size} bytes -> nothing left, and abort again is quiet`, async t => {
      const store = await makeStore(t, new Map())
      const writer = await store.open('data/shard')
      await writer.write(randomBytes(size))
      await writer.abort()
      await writer.abort()
      t.same(await toList(store, ''), [])
      t.equal(await store.stat('data/shard'), undefined)
      await t.rejects(writer.close(), { code: 'store-failed' })
      t.equal(await store.create('data/shard', bytesOf('x')), true)
    })
  }
  t.test('abort after close -> the object stays', async t => {
    const store = await makeStore(t, new Map())
    const writer = await store.open('data/shard')
    await writer.write(bytesOf('kept'))
    await writer.close()
    await writer.abort()
    t.equal(Buffer.from(await store.read('data/shard')).toString(), 'kept')
  })
}

function testRefusedPaths (t: Test, makeStore: MakeStore<WritableStore>): void {
  t.test('hostile paths -> store-failed before anything is written', async t => {
    const store = await makeStore(t, new Map())
    for (const path of ['', '/etc/x', '../x', 'a/../../x', 'a/..', './a', 'a//b', 'a/', 'a\\b', 'a\0b', 'a/\ud800']) {
      await t.rejects(store.create(path, bytesOf('x')), { code: 'store-failed' }, JSON.stringify(path))
      await t.rejects(store.put(path, bytesOf('x')), { code: 'store-failed' })
      await t.rejects(store.open(path), { code: 'store-failed' })
      await t.rejects(store.remove(path), { code: 'store-failed' })
    }
    t.same(await toList(store, ''), [])
  })
}
