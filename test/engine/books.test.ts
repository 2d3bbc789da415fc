import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import t from 'tap'
import { addBooks, checkBooks, enterBooks, openBooks, sumOf } from '../../lib/engine/books.js'
import { settleAtOnce, type Envelope, type Settlement } from '../../lib/engine/envelope.js'
import { ERROR_RULES, GemlineError, toGemlineError } from '../../lib/engine/errors.js'
import { createLimit } from '../../lib/engine/limit.js'
import { drop, emit } from '../../lib/engine/operator.js'
import { createSettle } from '../../lib/engine/settle.js'
import { createSpill } from '../../lib/engine/spill.js'

const envelope = (value: number): Envelope<number> =>
  ({ kind: 'envelope', id: `d${value}`, sequence: value, split: 's', key: 'k', origin: { source: 'x', path: 'p', rowGroup: 0, row: value }, value })

const OPERATORS = ['fan', 'even', 'late']
const settle = createSettle<number, number>({
  stages: [
    { operator: { name: 'fan', process: async n => (n as number) % 5 === 0 ? drop('five') : emit(n as number, ...Array.from({ length: (n as number) % 4 }, (_, i) => i)) } },
    { operator: { name: 'even', process: n => (n as number) % 7 === 3 ? drop('seven') : emit(n) } },
    { operator: { name: 'late', process: async n => { if ((n as number) % 11 === 4) throw new GemlineError('request-refused', 'no'); return emit(n) } } }
  ]
})

const settleAll = async (numbers: readonly number[]): Promise<Array<Settlement<number>>> => await Promise.all(numbers.map(async n => {
  if (n % 13 === 0) return settleAtOnce(envelope(n), { stage: n % 2 === 0 ? 'read' : 'seen', kind: 'drop', reason: 'x' })
  return await settle(envelope(n), { signal: new AbortController().signal })
}))

t.test('any settlements -> the books balance, alone and added up in any cut', async t => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 1000 }), { maxLength: 60 }), fc.nat({ max: 60 }), async (numbers, cut) => {
    const settlements = await settleAll(numbers)
    const [all, left, right] = [openBooks(OPERATORS), openBooks(OPERATORS), openBooks(OPERATORS)]
    enterBooks(all, settlements)
    enterBooks(left, settlements.slice(0, cut))
    enterBooks(right, settlements.slice(cut))
    addBooks(left, right)
    checkBooks(all)
    const ended = Object.values(all.stages).reduce((sum, stage) => sum + sumOf(stage.dropped) + sumOf(stage.rejected), 0)
    const born = Object.values(all.stages).reduce((sum, stage) => sum + stage.values - stage.emitted, 0)
    return JSON.stringify(all) === JSON.stringify(left) && all.documents === numbers.length && all.accepted + ended === all.documents + born
  }), { numRuns: 200 })
  t.pass('200 runs')
})

t.test('a figure that is off by one -> books-unbalanced names the stage', async t => {
  const settlements = await settleAll([1, 2, 3, 4, 6])
  for (const change of ['received', 'emitted', 'values'] as const) {
    const books = openBooks(OPERATORS)
    enterBooks(books, settlements)
    books.stages['even']![change]++
    t.throws(() => checkBooks(books), { code: 'books-unbalanced', message: /even|late/ }, change)
  }
  const books = openBooks(OPERATORS)
  enterBooks(books, settlements)
  books.accepted--
  t.throws(() => checkBooks(books), { code: 'books-unbalanced' })
})

t.test('an end in a stage that there is not -> books-unbalanced', async t => {
  t.throws(() => enterBooks(openBooks([]), [settleAtOnce(envelope(1), { stage: 'nowhere', kind: 'drop', reason: 'x' })]), { code: 'books-unbalanced' })
})

t.test('limit -> never more inside, those waiting in their order, a failure frees its place', async t => {
  const limit = createLimit(2)
  const open: Array<() => void> = []
  const order: number[] = []
  const runs = [0, 1, 2, 3].map(async n => await limit.run(async () => { order.push(n); await new Promise<void>(resolve => open.push(resolve)) }))
  t.same([order, limit.inside, limit.waiting], [[0, 1], 2, 2])
  open[0]!()
  await runs[0]
  t.same([order, limit.inside, limit.waiting], [[0, 1, 2], 2, 1])
  open[1]!()
  open[2]!()
  await runs[2]
  open[3]!()
  await Promise.all(runs)
  t.same([limit.inside, limit.waiting], [0, 0])
  await t.rejects(async () => await limit.run(async () => { throw new Error('x') }))
  t.throws(() => limit.run(() => { throw new Error('y') }))
  t.equal(limit.inside, 0)
  t.equal(limit.run(() => 5), 5, 'no promise where none is needed')
})

t.test('a limit whose line is never empty -> lets go of those who have left it', async t => {
  const limit = createLimit(1)
  const left: Array<WeakRef<object>> = []
  const progress = { done: 0 }
  const ask = (): void => {
    const value = { text: 'x'.repeat(1000) }
    left.push(new WeakRef(value))
    limit.run(async () => { await new Promise(resolve => setImmediate(resolve)); progress.done += value.text.length / 1000; if (progress.done < 4000) ask() })
  }
  for (let i = 0; i < 4; i++) ask()
  while (progress.done < 3000) await new Promise(resolve => setImmediate(resolve))
  t.ok(limit.waiting <= 4)
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const kept = left.filter(reference => reference.deref() !== undefined).length
  t.ok(kept < 1000, `${kept} of ${left.length} are still held`)
})

t.test('spill -> values come back equal in any order; nothing stays behind', async t => {
  const spill = createSpill()
  const values = Array.from({ length: 50 }, (_, i) => ({ i, text: 'ü\u2028'.repeat(i) }))
  const refs = values.map(value => spill.write(value))
  for (const i of [49, 0, 25, 25]) t.same(spill.read(refs[i]!), values[i])
  spill.close()
  t.throws(() => createSpill('/nowhere/at/all'), { code: 'store-failed', message: /\/nowhere\/at\/all/ })
})

t.test('errors -> scope, retry and help by code; a foreign error is wrapped with where', async t => {
  for (const [code, { scope, retry, help }] of Object.entries(ERROR_RULES)) {
    const error = new GemlineError(code as keyof typeof ERROR_RULES, 'm')
    t.same([error.scope, error.retry, error.help], [scope, retry, help])
  }
  const own = new GemlineError('store-failed', 'x')
  t.equal(toGemlineError(own, 'operator-failed', 'here'), own)
  t.match(toGemlineError('text', 'operator-failed', 'here'), { code: 'operator-failed', message: 'here: text' })
})
