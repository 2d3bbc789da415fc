import t from 'tap'
import { checkBooks, enterBooks, openBooks } from '../../lib/engine/books.js'
import type { Envelope, Settlement } from '../../lib/engine/envelope.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { drop, emit, type Operator } from '../../lib/engine/operator.js'
import { createSettle, type Stage } from '../../lib/engine/settle.js'

const envelope = (value: unknown, id = 'doc'): Envelope<unknown> =>
  ({ kind: 'envelope', id, sequence: 0, split: 's', origin: { source: 'x', path: 'p', rowGroup: 0, row: 0 }, key: 'k', value })

const stage = (name: string, process: Operator<any, any>['process'], more: Partial<Stage> = {}): Stage => ({ operator: { name, process }, ...more })  // eslint-disable-line @typescript-eslint/no-explicit-any

const work = { signal: new AbortController().signal }
const settle = (stages: Stage[], value: unknown = 1): Settlement<unknown> | Promise<Settlement<unknown>> => createSettle({ stages })(envelope(value), work)
const ends = (settlement: Settlement<unknown>): unknown => ({
  accepted: settlement.accepted.map(({ id, value }) => [id, value]),
  ended: settlement.ended.map(({ id, stage, kind, reason }) => [id, stage, kind, reason]),
  received: settlement.received
})
const plus = stage('add', (n: number) => emit(n + 1))

t.test('outcomes -> settlement', async t => {
  const cases = [
    { title: 'emit', stages: [plus, stage('twice', (n: number) => emit(n * 2))], accepted: [['doc', 4]], ended: [], received: [1, 1] },
    { title: 'drop', stages: [stage('drop', () => drop('no-use')), plus], accepted: [], ended: [['doc', 'drop', 'drop', 'no-use']], received: [1, 0] },
    { title: 'throw', stages: [stage('throw', () => { throw new TypeError('oh') })], accepted: [], ended: [['doc', 'throw', 'reject', 'operator-failed']], received: [1] },
    { title: 'reject later', stages: [stage('later', async () => { throw new GemlineError('request-refused', 'no') })], accepted: [], ended: [['doc', 'later', 'reject', 'request-refused']], received: [1] },
    { title: 'children, in order, one dropped', stages: [stage('fan', () => emit(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), stage('odd', async (n: number) => { for (let i = n; i < 11; i++) await null; return n % 2 ? drop('odd') : emit(n) })], accepted: [['doc.0', 0], ['doc.2', 2], ['doc.4', 4], ['doc.6', 6], ['doc.8', 8], ['doc.10', 10]], ended: [1, 3, 5, 7, 9].map(n => [`doc.${n}`, 'odd', 'drop', 'odd']), received: [1, 11] }
  ]
  for (const { title, stages, ...want } of cases) {
    const settlement = await settle(stages)
    t.same(ends(settlement), want, title)
    const books = openBooks(stages.map(stage => stage.operator.name))
    enterBooks(books, [settlement])
    t.doesNotThrow(() => checkBooks(books), `${title}: books balance`)
  }
})

t.test('a stage that keeps its input -> it stays with a drop and a reject, elsewhere it is let go', async t => {
  const ending = [stage('drop', () => drop('no-use')), stage('throw', () => { throw new TypeError('oh') })]
  for (const last of ending) {
    const kept = await settle([plus, { ...last, keepInput: true }])
    t.same(kept.ended.map(({ value }) => value), [2], last.operator.name)
    t.same((await settle([plus, last])).ended.map(({ value }) => value), [undefined], last.operator.name)
  }
})

t.test('synchronous operators -> no promise', async t => { t.notOk(settle([plus, stage('same', (n: number) => emit(n))]) instanceof Promise) })

t.test('malformed answer -> asked again once with attempt 1 and the failure, then rejected', async t => {
  const seen: unknown[] = []
  const settlement = await settle([stage('ask', async (_, context) => {
    seen.push([context.attempt, context.failure?.code])
    context.note({ kind: 'try' })
    throw new GemlineError('answer-malformed', 'no tag', { detail: { answer: 'x' } })
  })])
  t.same(seen, [[0, undefined], [1, 'answer-malformed']])
  t.match(settlement.ended, [{ reason: 'answer-malformed', detail: { answer: 'x' }, trail: [{ kind: 'try', stage: 'ask' }, { kind: 'try' }] }])
})

t.test('error of scope run -> thrown', async t => {
  t.throws(() => settle([stage('boom', () => { throw new GemlineError('server-unauthorized', 'key') })]), { code: 'server-unauthorized' })
  await t.rejects(async () => await settle([stage('boom', async () => { throw new GemlineError('model-missing', 'm') })]), { code: 'model-missing' })
})

t.test('facts -> inherited by children; counts -> once in the books', async t => {
  const settlement = await settle([stage('fan', (_, context) => { context.note({ kind: 'a' }); context.note({ kind: 'count', name: 'left', value: 2 }); return emit(1, 2) }), stage('b', (n: number, context) => { context.note({ kind: 'b' }); return emit(n) })])
  t.same(settlement.accepted.map(({ trail }) => trail.map(fact => fact.kind)), [['a', 'b'], ['a', 'b']])
  const books = openBooks(['fan', 'b'])
  enterBooks(books, [settlement])
  t.same(books.counts, { 'fan/left': 2 })
})

t.test('more children than the cap -> the rest is counted', async t => {
  const settlement = await createSettle({ stages: [stage('fan', () => emit(1, 2, 3))], maxChildren: 2 })(envelope(1), work)
  t.same([settlement.accepted.length, settlement.counts], [2, { 'fan/children-over-cap': 1 }])
})

t.test('stage concurrency 1 -> one record inside at a time', async t => {
  let inside = 0
  let most = 0
  const one = createSettle({ stages: [stage('slow', async () => { most = Math.max(most, ++inside); await null; inside--; return emit(1) }, { concurrency: 1 })] })
  await Promise.all([1, 2, 3].map(async n => await one(envelope(n, String(n)), work)))
  t.equal(most, 1)
})

t.test('a record that ends twice -> books-unbalanced names the stage', async t => {
  const books = openBooks(['add'])
  enterBooks(books, [{ ...await settle([plus]), emitted: [2] }])
  t.throws(() => checkBooks(books), { code: 'books-unbalanced', message: /add/ })
})
