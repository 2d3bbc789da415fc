import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import type { Appender, WritableStore } from '../../lib/engine/connector.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { silent, type Logger } from '../../lib/engine/operator.js'
import type { TransportAnswer } from '../../lib/model/chat-model.js'
import { decodePayload, encodeRecord, HEADER_BYTES, scanSegment } from '../../lib/model/journal-record.js'
import { createJournal, type JournalOptions } from '../../lib/model/journal.js'
import { createManualTimers, settle } from '../support/manual-timers.js'
import { createMemoryStore, type MemoryStore } from '../support/memory-store.js'

const keyOf = (number: number): string => number.toString(16).padStart(64, '0')
const answerOf = (text: string): TransportAnswer => ({ text, finishReason: 'stop', usage: { promptTokens: 1, completionTokens: text.length }, author: 'model' })
const open = (store: WritableStore, parts: Partial<JournalOptions> = {}) => createJournal({ store, nonce: 'n1', log: silent, ...parts })

interface AppendStore extends MemoryStore { syncs: number, failAfter: number, append (path: string): Promise<Appender> }

/** A disk: appends are in the kernel at once and durable after sync. */
function createAppendStore (): AppendStore {
  const memory = createMemoryStore()
  const store: AppendStore = {
    ...memory, syncs: 0, failAfter: Infinity,
    async append (path) {
      return {
        async append (bytes) {
          await settle()
          const before = memory.objects.get(path) ?? new Uint8Array(0)
          if (before.length + bytes.length > store.failAfter) throw new GemlineError('store-failed', 'ENOSPC: no space left on device')
          memory.objects.set(path, Buffer.concat([before, bytes]))
        },
        async sync () { store.syncs++ },
        async close () {}
      }
    }
  }
  return store
}

t.test('any answers, in chunks of any size -> the same records back', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 2000 })
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(text, fc.option(text, { nil: undefined })), { maxLength: 8 }), fc.integer({ min: 1, max: 5000 }), async (pairs, size) => {
    const answers = pairs.map(([text, reasoning]) => ({ ...answerOf(text), ...reasoning === undefined ? {} : { reasoning } }))
    const whole = Buffer.concat(await Promise.all(answers.map((answer, at) => encodeRecord(keyOf(at), answer))))
    const { records, torn } = await scanSegment(Readable.from(pieces(whole, size)))
    const found = await Promise.all(records.map(({ offset, length }) => decodePayload(whole.subarray(offset, offset + length))))
    return !torn && records.every(({ key }, at) => key === keyOf(at)) && isDeepStrictEqual(found, answers)
  }), { numRuns: 60 })
})

t.test('segment cut anywhere, or with any byte changed -> all records before the damage and nothing false', async t => {
  const parts = await Promise.all(['a', 'bb', 'ccc'].map((text, at) => encodeRecord(keyOf(at), answerOf(text))))
  const whole = Buffer.concat(parts)
  const ends = parts.map((_, at) => Buffer.concat(parts.slice(0, at + 1)).length)
  const before = (at: number) => ends.filter(end => end <= at).length
  for (let at = 0; at < whole.length; at++) {
    const cut = await scanSegment(Readable.from([whole.subarray(0, at)]))
    if (cut.records.length !== before(at) || cut.torn !== (at > 0 && !ends.includes(at))) t.fail(`cut at ${at}`)
    const damaged = Buffer.from(whole)
    damaged[at]! ^= 0x10
    const scan = await scanSegment(Readable.from([damaged]))
    if (scan.records.length !== before(at) || !scan.torn) t.fail(`damage at ${at}`)
  }
  const zeros = await scanSegment(Readable.from([Buffer.concat([whole, Buffer.alloc(4096)])]))
  t.same([zeros.records.length, zeros.torn], [3, true], 'a tail of zeros')
})

t.test('payload that is no answer of this version -> undefined', async t => {
  for (const value of [{}, { ...answerOf('x'), finishReason: 'abort' }, null]) {
    t.equal(await decodePayload((await encodeRecord(keyOf(1), value as TransportAnswer)).subarray(HEADER_BYTES)), undefined)
  }
  t.equal(await decodePayload(Buffer.from('noise')), undefined)
})

t.test('store that appends -> each answer is there at once in <nonce>-0, durable after flush', async t => {
  const store = createAppendStore()
  const journal = open(store)
  await journal.write('s', keyOf(1), answerOf('one'))
  await journal.write('s', keyOf(2), answerOf('two'))
  t.same(await journal.lookup('s', keyOf(2)), answerOf('two'), 'read back before the kernel has it')
  await settle()
  t.same([[...store.objects.keys()], store.syncs], [['journal/s/n1-0'], 0])
  await journal.flush('s')
  await journal.flush('s')
  t.equal(store.syncs, 1)
  t.same(await journal.lookup('s', keyOf(1)), answerOf('one'), 'read back from the store')
  t.equal(await journal.lookup('s', keyOf(3)), undefined)
  const { bytes, ...counts } = journal.stats()
  t.same(counts, { hits: 2, misses: 1, joined: 0, written: 2, torn: 0 })
  t.equal(bytes, store.objects.get('journal/s/n1-0')!.length)
})

t.test('answers on a disk, the process gone without a word -> all are there for the next one', async t => {
  const root = t.testdir()
  const first = open(createFileStore(root))
  await Promise.all(Array.from({ length: 20 }, (_, at) => first.write('s', keyOf(at), answerOf(`answer ${at}`))))
  await first.flush('s')
  await first.write('s', keyOf(20), answerOf('not flushed'))
  const second = open(createFileStore(root), { nonce: 'n2' })
  for (let tries = 0; await second.lookup('s', keyOf(20)) === undefined && tries < 50; tries++) await second.close('s')
  t.equal((await second.lookup('s', keyOf(20)))?.text, 'not flushed')
  t.equal((await second.lookup('s', keyOf(7)))?.text, 'answer 7')
  await Promise.all([first.end(), second.end()])
})

t.test('store without append -> a segment after 1 s, after 4 MB, or at flush', async t => {
  const store = createMemoryStore()
  const timers = createManualTimers()
  const journal = open(store, { timers })
  await journal.write('s', keyOf(1), answerOf('one'))
  await timers.advance(999)
  t.same([...store.objects.keys()], [])
  t.same(await journal.lookup('s', keyOf(1)), answerOf('one'), 'read back from the open segment')
  await timers.advance(1)
  t.same([...store.objects.keys()], ['journal/s/n1-0'])
  t.same(await journal.lookup('s', keyOf(1)), answerOf('one'), 'read back from the store')
  const noise = randomBytes(2_200_000).toString('base64')
  for (let at = 2; at < 5; at++) await journal.write('s', keyOf(at), answerOf(noise))
  await settle()
  t.ok(store.objects.has('journal/s/n1-1'), 'full')
  await journal.write('s', keyOf(9), answerOf('nine'))
  await journal.flush('s')
  const reread = open(store, { nonce: 'n2' })
  for (const at of [1, 2, 3, 4, 9]) t.ok(await reread.lookup('s', keyOf(at)), `answer ${at}`)
  t.same(timers.pending(), [], 'no timer is left')
})

t.test('torn tail, two writers, an older run -> everything whole is found, the rest counted and logged', async t => {
  const [store, from] = [createMemoryStore(), createMemoryStore()]
  const older = open(from, { nonce: 'old' })
  await older.write('s', keyOf(1), answerOf('older'))
  await older.write('s', keyOf(4), answerOf('only older'))
  await older.end()
  const writers = [open(store, { nonce: 'a' }), open(store, { nonce: 'b' })]
  await Promise.all(writers.map(async (writer, at) => {
    await writer.write('s', keyOf(1), answerOf('own'))
    await writer.write('s', keyOf(2 + at), answerOf(`writer ${at}`))
    await writer.end()
  }))
  const segment = store.objects.get('journal/s/b-0')!
  store.objects.set('journal/s/b-0', segment.subarray(0, segment.length - 1))
  const warnings: object[] = []
  const log: Logger = { ...silent, warn: facts => warnings.push(facts) }
  const journal = open(store, { nonce: 'c', from: [from], log })
  const found = await Promise.all([1, 2, 3, 4].map(async at => (await journal.lookup('s', keyOf(at)))?.text))
  t.same(found, ['own', 'writer 0', undefined, 'only older'])
  t.same(warnings, [{ path: 'journal/s/b-0', answers: 1 }])
  t.match(journal.stats(), { hits: 3, misses: 1, torn: 1 })
  t.equal(await journal.lookup('other', keyOf(1)), undefined, 'a split knows only its own')
})

t.test('several older runs -> one\'s own answer counts before theirs, the first of them before the second', async t => {
  const stores = [createMemoryStore(), createMemoryStore(), createMemoryStore()] as const
  for (const [at, store] of stores.entries()) {
    const journal = open(store)
    for (let key = at; key < 3; key++) await journal.write('s', keyOf(key), answerOf(`from ${at}`))
    await journal.write('s', keyOf(3 + at), answerOf(`from ${at} alone`))
    await journal.end()
  }
  const [own, ...from] = [stores[1], stores[2], stores[0]] as const
  const journal = open(own, { nonce: 'n2', from })
  const found = await Promise.all([0, 1, 2, 3, 4, 5].map(async at => (await journal.lookup('s', keyOf(at)))?.text))
  t.same(found, ['from 0', 'from 1', 'from 1', 'from 0 alone', 'from 1 alone', 'from 2 alone'])
  const [, , other] = stores
  t.equal((await open(createMemoryStore(), { from: [other, stores[0]] }).lookup('s', keyOf(2)))?.text, 'from 2')
})

t.test('segment that vanished -> a miss, not an error', async t => {
  const store = createMemoryStore()
  const writer = open(store)
  await writer.write('s', keyOf(1), answerOf('one'))
  await writer.end()
  const journal = open(store, { nonce: 'n2' })
  t.ok(await journal.lookup('s', keyOf(1)))
  store.objects.clear()
  t.equal(await journal.lookup('s', keyOf(1)), undefined)
})

t.test('split closed and used again -> a new segment, nothing lost', async t => {
  for (const store of [createMemoryStore(), createAppendStore()]) {
    const journal = open(store)
    for (let at = 0; at < 3; at++) {
      await journal.write('s', keyOf(at), answerOf(`answer ${at}`))
      await journal.close('s')
    }
    t.same([...store.objects.keys()], ['journal/s/n1-0', 'journal/s/n1-1', 'journal/s/n1-2'])
    for (let at = 0; at < 3; at++) t.same(await journal.lookup('s', keyOf(at)), answerOf(`answer ${at}`))
  }
})

t.test('path that is taken -> the next number; five taken -> store-failed', async t => {
  const store = createMemoryStore()
  const journal = open(store)
  await journal.write('s', keyOf(1), answerOf('one'))
  store.objects.set('journal/s/n1-0', Buffer.from('somebody else'))
  await journal.flush('s')
  t.same(await journal.lookup('s', keyOf(1)), answerOf('one'))
  await journal.write('s', keyOf(2), answerOf('two'))
  for (let at = 2; at < 9; at++) store.objects.set(`journal/s/n1-${at}`, new Uint8Array(1))
  await t.rejects(journal.flush('s'), { code: 'store-failed' })
})

t.test('disk that is full -> store-failed at flush and at the next write, and no record after the hole', async t => {
  const store = createAppendStore()
  const journal = open(store)
  await journal.write('s', keyOf(1), answerOf('one'))
  await journal.flush('s')
  store.failAfter = 0
  await journal.write('s', keyOf(2), answerOf('two'))
  await t.rejects(journal.flush('s'), { code: 'store-failed', message: /ENOSPC/ })
  store.failAfter = Infinity
  await t.rejects(journal.write('s', keyOf(3), answerOf('three')), { code: 'store-failed' })
  await t.rejects(journal.end(), { code: 'store-failed' })
  const reread = open(store, { nonce: 'n2' })
  t.same(await Promise.all([1, 2, 3].map(async at => (await reread.lookup('s', keyOf(at)))?.text)), ['one', undefined, undefined])
})

t.test('bucket that fails -> store-failed at flush, whatever it threw', async t => {
  const store = { ...createMemoryStore(), create: async () => { throw new Error('boom') } }
  const journal = open(store)
  await journal.write('s', keyOf(1), answerOf('one'))
  await t.rejects(journal.flush('s'), { code: 'store-failed', message: /journal\/s\/n1-0: boom/ })
  await t.rejects(journal.write('s', keyOf(2), answerOf('two')), { code: 'store-failed' })
})

t.test('listing that fails once -> rejects once', async t => {
  const memory = createMemoryStore()
  let failures = 1
  const journal = open({ ...memory, list (prefix) { if (failures-- > 0) throw new GemlineError('store-failed', 'no'); return memory.list(prefix) } })
  await t.rejects(journal.lookup('s', keyOf(1)), { code: 'store-failed' })
  t.equal(await journal.lookup('s', keyOf(1)), undefined)
})

t.test('the same key asked at once -> one call, everybody has its answer or its error', async t => {
  const journal = open(createMemoryStore())
  let calls = 0
  const produce = async (): Promise<TransportAnswer> => {
    calls++
    await settle()
    if (calls === 1) throw new GemlineError('server-failed', 'no')
    return answerOf('one')
  }
  const failed = await Promise.allSettled([1, 2, 3].map(() => journal.once('s', keyOf(1), produce)))
  t.same(failed.map(({ status }) => status), ['rejected', 'rejected', 'rejected'])
  const found = await Promise.all([1, 2, 3].map(() => journal.once('s', keyOf(1), produce)))
  t.same(found, ['call', 'flight', 'flight'].map(from => ({ answer: answerOf('one'), from })))
  t.same(await journal.once('s', keyOf(1), produce), { answer: answerOf('one'), from: 'journal' })
  t.equal(calls, 2)
  t.match(journal.stats(), { hits: 1, misses: 2, joined: 4, written: 1 })
})

t.test('flush while a write is being packed -> waits for it', async t => {
  const store = createMemoryStore()
  const journal = open(store)
  await journal.lookup('s', keyOf(0))
  const writes = Array.from({ length: 50 }, (_, at) => journal.write('s', keyOf(at), answerOf('x'.repeat(1000 * at))))
  await settle()
  await journal.flush('s')
  await Promise.all(writes)
  const { records } = await scanSegment(Readable.from([...store.objects.values()].map(bytes => Buffer.from(bytes))))
  t.equal(records.length, 50)
})

function * pieces (bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
