import fc from 'fast-check'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { createJsonlSink } from '../../connectors/jsonl-sink.js'
import type { Split } from '../../lib/engine/connector.js'
import { openBooks } from '../../lib/engine/books.js'
import type { SettledItem, Settlement } from '../../lib/engine/envelope.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { silent } from '../../lib/engine/operator.js'
import { canonicalJson, sha256 } from '../../lib/run/canonical.js'
import type { Commit } from '../../lib/run/commit-record.js'
import { readCommits } from '../../lib/run/commits.js'
import { commitSplits, type CommitterOptions } from '../../lib/run/committer.js'
import { createLedger } from '../../lib/run/ledger.js'
import { checkResultKeys, readPlan, readSplits, writePlan } from '../../lib/run/plan.js'
import { createMemoryStore, type MemoryStore } from '../support/memory-store.js'

const splitOf = (id: string, more: Partial<Split> = {}): Split => ({ id, ordinal: 0, source: 's', path: 'p', etag: 'e', bytes: 9, rowGroup: 0, from: 0, to: 4, ...more })

async function * each<T> (items: Iterable<T>): AsyncGenerator<T> { yield * items }

async function toList<T> (items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

t.test('plan of any splits and keys, written and read -> the same, numbered in order', async t => {
  const split: fc.Arbitrary<Split> = fc.record({
    id: fc.string(), ordinal: fc.nat(), source: fc.string(), path: fc.string({ unit: 'binary' }), etag: fc.string(), bytes: fc.maxSafeNat(), rowGroup: fc.nat(), from: fc.nat(), to: fc.nat()
  }).chain(whole => fc.tuple(fc.option(fc.nat(), { nil: undefined }), fc.option(fc.array(fc.nat()), { nil: undefined }))
    .map(([offset, rows]) => ({ ...whole, ...(offset === undefined ? {} : { offset }), ...(rows === undefined ? {} : { rows }) })))
  await fc.assert(fc.asyncProperty(fc.array(split, { maxLength: 20 }), fc.dictionary(fc.stringMatching(/^[a-z][\w.]{0,20}$/), fc.jsonValue()), async (splits, keys) => {
    const store = createMemoryStore()
    const resultKeys = JSON.parse(JSON.stringify(keys)) as Record<string, unknown>
    const plan = await writePlan(store, resultKeys, { dedup: 'off', splits: each(splits) })
    t.same(await readPlan(store), plan)
    t.doesNotThrow(() => checkResultKeys(plan, resultKeys, 'out'))
    t.same(await toList(readSplits(store, plan)), splits.map((one, ordinal) => ({ ...one, ordinal })))
  }), { numRuns: 15 })
})

t.test('plan of more splits than a part holds -> several parts, one order', async t => {
  const store = createMemoryStore()
  const plan = await writePlan(store, {}, { dedup: 'as-it-goes', splits: each(Array.from({ length: 20_001 }, (_, n) => splitOf(`s${n}`))) })
  t.match(plan, { splits: 20_001, parts: 3, rows: 4 * 20_001 })
  t.equal((await toList(readSplits(store, plan))).findIndex(({ id, ordinal }, n) => id !== `s${n}` || ordinal !== n), -1)
})

t.test('plan that somebody else wrote first -> theirs holds', async t => {
  const store = createMemoryStore()
  const first = await writePlan(store, { a: 1 }, { dedup: 'off', splits: each([]) })
  t.same(await writePlan(store, { a: 2 }, { dedup: 'off', splits: each([]) }), first)
})

t.test('result keys -> differences by name, old and new; order and undefined do not count', async t => {
  const plan = await writePlan(createMemoryStore(), { a: { x: 1, y: 2 }, b: 'one', gone: true }, { dedup: 'off', splits: each([]) })
  t.doesNotThrow(() => checkResultKeys(plan, { gone: true, b: 'one', a: { y: 2, x: 1 }, none: undefined }, 'out'))
  t.throws(() => checkResultKeys(plan, { a: { x: 1, y: 3 }, b: 'o'.repeat(200), more: null }, 'out'), {
    code: 'config-changed',
    message: new RegExp(['a: planned {"x":1,"y":2}, now {"x":1,"y":3}', 'b: planned "one", now "o{99}…', 'gone: planned true, now nothing', 'more: planned nothing, now null'].join('\\n  '))
  })
})

t.test('damaged plans -> plan-invalid, naming the object', async t => {
  const cases = [
    { path: 'plan.json', bytes: 'no json' }, { path: 'plan.json', bytes: '[]' }, { path: 'plan.json', bytes: '{"version":2}' },
    { path: 'plan/00000.jsonl.gz', bytes: 'no gzip' }, { path: 'plan/00000.jsonl.gz', bytes: gzipSync('{"id":1}\n') }, { path: 'plan/00000.jsonl.gz', bytes: gzipSync('{}').subarray(0, 12) }
  ]
  for (const { path, bytes } of cases) {
    const store = createMemoryStore()
    await writePlan(store, {}, { dedup: 'off', splits: each([splitOf('s')]) })
    store.objects.set(path, Buffer.from(bytes))
    await t.rejects(async () => { const plan = await readPlan(store); if (plan !== undefined) await toList(readSplits(store, plan)) }, { code: 'plan-invalid', message: new RegExp(path) })
  }
})

t.test('canonical JSON -> equal for equal values whatever the order of their keys', async t => {
  fc.assert(fc.property(fc.jsonValue(), value => {
    const turned = turn(value)
    t.equal(canonicalJson(turned), canonicalJson(value))
    t.same(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
  }), { numRuns: 50 })
  t.equal(canonicalJson({ b: [{ d: 1, c: undefined }], a: null }), '{"a":null,"b":[{"d":1}]}')
})

function turn (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turn)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, turn(inner)])) : value
}

const commitOf = (split: string, nonce: string): Commit => ({
  version: 1, split, ordinal: 0, source: { name: 's', path: 'p', rowGroup: 0 },
  result: { rows: [0, 4], books: openBooks([]), usage: {} },
  attempt: { nonce, worker: 'w', startedAt: 'a', endedAt: 'b' }
})

t.test('two commits of a split -> the first holds, the second is told so', async t => {
  const ledger = createLedger(createMemoryStore())
  t.same(await ledger.commit(commitOf('s', 'one')), commitOf('s', 'one'))
  t.same(await ledger.commit(commitOf('s', 'two')), commitOf('s', 'one'))
  t.same([...await ledger.done()], ['s'])
})

t.test('a commit that can be neither created nor read -> store-failed; a damaged one -> plan-invalid', async t => {
  const store = createMemoryStore()
  await t.rejects(createLedger({ ...store, create: async () => false }).commit(commitOf('s', 'one')), { code: 'store-failed', message: /commit\/s\.json/ })
  store.objects.set('commit/s.json', Buffer.from('{"version":1}'))
  await t.rejects(createLedger(store).read('s'), { code: 'plan-invalid', message: /commit\/s\.json/ })
})

t.test('commits of many splits -> in order, at most 32 reads ahead', async t => {
  const store = createMemoryStore()
  const ledger = createLedger(store)
  const ids = Array.from({ length: 100 }, (_, n) => `s${n}`)
  for (const id of ids) await ledger.commit(commitOf(id, 'n'))
  let open = 0
  let most = 0
  const counted = { ...ledger, read: async (id: string) => { most = Math.max(most, ++open); try { await new Promise(resolve => setImmediate(resolve)); return await ledger.read(id) } finally { open-- } } }
  t.same((await toList(readCommits(counted, ids))).map(({ split }) => split), ids)
  t.ok(most > 1 && most <= 32, `${most}`)
})

const settlement = (split: string, row: number, fate: 'accept' | 'drop' | 'reject'): Settlement<string> => ({
  kind: 'settlement', id: `${split}-${row}`, sequence: row, split, origin: { source: 's', path: 'p', rowGroup: 0, row }, key: String(row).padStart(32, '0'),
  accepted: fate === 'accept' ? [{ id: `${split}-${row}`, value: `v${row}`, trail: [] }] : [],
  ended: fate === 'accept' ? [] : [{ id: `${split}-${row}`, stage: 'work', kind: fate, reason: fate === 'drop' ? 'no-use' : 'answer-malformed', trail: [] }],
  received: [1], emitted: [fate === 'accept' ? 1 : 0], values: [fate === 'accept' ? 1 : 0], counts: {}
})

function committerOn (store: MemoryStore, more: Partial<CommitterOptions<string>> = {}): { readonly options: CommitterOptions<string>, readonly told: string[] } {
  const told: string[] = []
  const options: CommitterOptions<string> = {
    store, ledger: createLedger(store), data: createJsonlSink(), rejectsSink: createJsonlSink(), rejects: 'full', operators: ['work'],
    splitOf: id => splitOf(id), toRecord: ({ value }) => ({ value }), toReject: ({ id, reason }) => ({ id, reason }), contentKeyOf: value => sha256(value),
    flushJournal: async split => { told.push(`journal ${split}`) }, worker: 'w', now: () => new Date(0), log: silent,
    onCommit: ({ split, result }) => { told.push(`commit ${split} ${JSON.stringify(result.rows)}`) },
    onSplitFailed: ({ id }, { code }) => { told.push(`failed ${id} ${code}`) }, ...more
  }
  return { options, told }
}

const ITEMS: ReadonlyArray<ReadonlyArray<SettledItem<string>>> = [
  [settlement('a', 0, 'accept'), settlement('a', 1, 'drop')],
  [settlement('a', 2, 'reject'), { kind: 'split-end', split: 'a', rows: 3 }, { kind: 'split-end', split: 'empty', rows: 0, to: 0 }, settlement('b', 0, 'accept')],
  [{ kind: 'split-end', split: 'b', rows: 1, error: new GemlineError('split-unreadable', 'half') }, settlement('c', 0, 'accept')]
]

t.test('settlements of four splits -> two commits after their journals, nothing of the one that failed and the one without an end', async t => {
  for (const { rejects, kept } of [{ rejects: 'full', kept: 2 }, { rejects: 'errors', kept: 1 }, { rejects: 'counts', kept: undefined }] as const) {
    const store = createMemoryStore()
    const { options, told } = committerOn(store, { rejects })
    await commitSplits(each(ITEMS), options)
    t.same(told, ['journal a', 'commit a [0,4]', 'journal empty', 'commit empty [0,0]', 'failed b split-unreadable'])
    const { result, attempt } = await options.ledger.read('a')
    t.match(result, { data: { rows: 1 }, books: { documents: 3, accepted: 1, stages: { work: { dropped: { 'no-use': 1 }, rejected: { 'answer-malformed': 1 } } } } })
    t.equal(result.rejects?.rows, kept, rejects)
    const names = [...store.objects.keys()].sort()
    const empty = await options.ledger.read('empty')
    t.same(names, [attempt.data, attempt.rejects, attempt.keys, empty.attempt.keys, 'commit/a.json', 'commit/empty.json'].filter(name => name !== undefined).sort(), `${rejects}: no object beside`)
  }
})

t.test('a commit -> covers the split up to its end, says how many rows were chosen, and where standard input was over', async t => {
  const cases = [
    { split: {}, end: {}, rows: [0, 4], chosen: undefined },
    { split: { from: 2, rows: [2, 3] }, end: {}, rows: [2, 4], chosen: 2 },
    { split: {}, end: { to: 1 }, rows: [0, 1], chosen: undefined }
  ]
  for (const { split, end, rows, chosen } of cases) {
    const store = createMemoryStore()
    const { options } = committerOn(store, { splitOf: id => splitOf(id, split) })
    await commitSplits(each([[settlement('a', 3, 'accept'), { kind: 'split-end' as const, split: 'a', rows: 1, ...end }]]), options)
    const { result } = await options.ledger.read('a')
    t.same([result.rows, result.chosen, result.books.documents], [rows, chosen, 1])
  }
})

t.test('a split that another worker commits first -> its commit holds, one\'s own objects are gone, theirs are not', async t => {
  const store = createMemoryStore()
  const theirs = committerOn(store)
  await commitSplits(each(ITEMS.slice(0, 2)), theirs.options)
  const before = [...store.objects.keys()].sort()
  const mine = committerOn(store)
  await commitSplits(each(ITEMS.slice(0, 2)), mine.options)
  t.same([...store.objects.keys()].sort(), before)
  t.same(mine.told, theirs.told)
})

t.test('books that do not balance, a journal or a store that fails -> the run ends, no commit', async t => {
  const lost = { ...settlement('a', 0, 'accept'), accepted: [] }
  const refuse = async (): Promise<never> => { throw new GemlineError('store-failed', 'disk full') }
  const whole = createMemoryStore()
  const cases = [
    { code: 'books-unbalanced', items: [[lost, { kind: 'split-end', split: 'a', rows: 1 } as const]], more: {} },
    { code: 'store-failed', items: ITEMS, more: { flushJournal: refuse } },
    { code: 'store-failed', items: ITEMS, more: { store: { ...whole, open: refuse } } },
    { code: 'store-failed', items: ITEMS, more: { store: { ...whole, put: refuse } } }
  ]
  for (const { code, items, more } of cases) {
    const store = createMemoryStore()
    const { options } = committerOn(store, more)
    await t.rejects(commitSplits(each(items), options), { code })
    t.same([...await options.ledger.done()], [])
  }
})
