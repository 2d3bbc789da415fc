import t from 'tap'
import fc from 'fast-check'
import { addBooks, checkBooks, DEDUP, enterBooks, openBooks, READ, SEEN, sumOf, type Books, type StageBooks } from '../../lib/engine/books.js'
import { settleAtOnce, type Ended, type Envelope, type SettledItem, type Settlement } from '../../lib/engine/envelope.js'
import { GemlineError } from '../../lib/engine/errors.js'
import { drop, emit, type Operator } from '../../lib/engine/operator.js'
import { createSettle } from '../../lib/engine/settle.js'

/** A record says for each stage what becomes of it there: so many children, a drop or an error. */
type Fate = number | 'drop' | 'throw'
type Fates = ReadonlyArray<Fate | readonly Fate[]>

const NAMES = ['one', 'two', 'three']

const operators = NAMES.map((name): Operator<Fates, Fates> => ({
  name,
  process ([fate = 1, ...rest]) {
    const end = fate as Fate
    if (end === 'drop') return drop('because')
    if (end === 'throw') throw new GemlineError('request-refused', 'no')
    const [first, ...more] = Array.from({ length: end }, () => rest)
    return emit(first as Fates, ...more)
  }
}))

const stages = operators.map(operator => ({ operator: operator as Operator<unknown, unknown> }))
const settle = createSettle<Fates, Fates>({ stages, maxChildren: 3 })

const envelope = (n: number, value: Fates = []): Envelope<Fates> =>
  ({ kind: 'envelope', id: `d${n}`, key: 'k', sequence: n, split: 's', origin: { source: 'x', path: 'p', rowGroup: 0, row: n }, value })

const endAt = (n: number, stage: string): Settlement<never> => settleAtOnce(envelope(n), { stage, kind: stage === READ ? 'reject' : 'drop', reason: stage === READ ? 'record-invalid' : 'duplicate-text' })

/** What dedup does: takes the first result away. */
function withoutTwin (item: Settlement<Fates>): Settlement<Fates> {
  const [twin, ...accepted] = item.accepted
  if (twin === undefined) return item
  const ended: Ended = { id: twin.id, stage: DEDUP, kind: 'drop', reason: 'duplicate-trajectory', trail: [] }
  return { ...item, accepted, ended: [...item.ended, ended] }
}

const fate = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constantFrom<Fate>('drop', 'throw'))
const record = fc.record({ how: fc.constantFrom('walk', 'walk', 'walk', READ, SEEN, 'twin', 'split-end'), fates: fc.array(fate, { maxLength: 3 }) })

async function itemsOf (records: ReadonlyArray<{ readonly how: string, readonly fates: Fates }>): Promise<Array<SettledItem<Fates>>> {
  const items: Array<SettledItem<Fates>> = []
  for (const [n, { how, fates }] of records.entries()) {
    if (how === 'split-end') items.push({ kind: 'split-end', split: 's', rows: 1 })
    else if (how === READ || how === SEEN) items.push(endAt(n, how))
    else {
      const settled = await settle(envelope(n, fates), { signal: new AbortController().signal })
      items.push(how === 'twin' ? withoutTwin(settled) : settled)
    }
  }
  return items
}

t.test('random settlements -> the books balance, whole and as sums of parts, and count every record and end', async t => {
  await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 25 }), fc.nat(25), async (records, cut) => {
    const items = await itemsOf(records)
    const whole = openBooks(NAMES)
    enterBooks(whole, items)
    checkBooks(whole)
    const parts = openBooks(NAMES)
    for (const some of [items.slice(0, cut), items.slice(cut)]) {
      const part = openBooks(NAMES)
      enterBooks(part, some)
      checkBooks(part)
      addBooks(parts, structuredClone(part))
    }
    t.strictSame(parts, whole)
    const settlements = items.filter(item => item.kind === 'settlement')
    t.equal(whole.documents, settlements.length)
    t.equal(whole.accepted, settlements.reduce((sum, item) => sum + item.accepted.length, 0))
    const ends = Object.values(whole.stages).reduce((sum, stage) => sum + sumOf(stage.dropped) + sumOf(stage.rejected), 0)
    t.equal(ends, settlements.reduce((sum, item) => sum + item.ended.length, 0))
  }), { numRuns: 100 })
})

t.test('documents of every kind -> the whole books', async t => {
  const items = await itemsOf([
    { how: 'walk', fates: [1, 5, 1] }, { how: 'walk', fates: ['drop'] }, { how: 'walk', fates: [1, 1, 'throw'] },
    { how: READ, fates: [] }, { how: SEEN, fates: [] }, { how: 'twin', fates: [2] }, { how: 'split-end', fates: [] }
  ])
  const books = openBooks(NAMES)
  enterBooks(books, items)
  const stage = (figures: readonly [received: number, emitted: number, values: number], ends: Partial<StageBooks> = {}): StageBooks =>
    ({ received: figures[0], emitted: figures[1], values: figures[2], dropped: {}, rejected: {}, ...ends })
  t.strictSame(books, {
    documents: 6,
    accepted: 4,
    stages: {
      read: stage([6, 5, 5], { rejected: { 'record-invalid': 1 } }),
      seen: stage([5, 4, 4], { dropped: { 'duplicate-text': 1 } }),
      one: stage([4, 3, 4], { dropped: { because: 1 } }),
      two: stage([4, 4, 6]),
      three: stage([6, 5, 5], { rejected: { 'request-refused': 1 } }),
      dedup: stage([5, 4, 4], { dropped: { 'duplicate-trajectory': 1 } })
    },
    counts: { 'two/children-over-cap': 2 }
  })
})

t.test('any figure changed by hand -> books-unbalanced, which names the stage', async t => {
  const open = async (): Promise<Books> => {
    const books = openBooks(NAMES)
    enterBooks(books, await itemsOf([{ how: 'walk', fates: [2, 1, 1] }, { how: 'walk', fates: ['drop'] }, { how: 'walk', fates: ['throw'] }]))
    return books
  }
  const cases: ReadonlyArray<{ readonly wrong: string, readonly change: (books: Books) => void, readonly says: RegExp }> = [
    { wrong: 'a document lost before reading', change: books => { books.documents++ }, says: /read received 3, but 4/ },
    { wrong: 'a record lost between stages', change: books => { (books.stages['one'] as StageBooks).values-- }, says: /two received 2, but 1/ },
    { wrong: 'a record that never ended', change: books => { (books.stages['one'] as StageBooks).dropped = {} }, says: /one received 3, emitted from 1 and ended 1/ },
    { wrong: 'a record that ended twice', change: books => { (books.stages['one'] as StageBooks).rejected['x'] = 1 }, says: /one received 3, emitted from 1 and ended 3/ },
    { wrong: 'a record counted twice', change: books => { const stage = books.stages['two'] as StageBooks; stage.received++; stage.emitted++; stage.values++ }, says: /two received 3, but 2/ },
    { wrong: 'an emit without a value', change: books => { const { three, dedup } = books.stages as { three: StageBooks, dedup: StageBooks }; three.values--; dedup.received--; dedup.emitted--; dedup.values--; books.accepted-- }, says: /three emitted from 2, but handed on only 1/ },
    { wrong: 'a result that was not accepted', change: books => { books.accepted-- }, says: /2 results left the last stage, 1 were accepted/ }
  ]
  checkBooks(await open())
  for (const { wrong, change, says } of cases) {
    const books = await open()
    change(books)
    t.throws(() => checkBooks(books), { code: 'books-unbalanced', message: says }, wrong)
  }
})

t.test('an end in a stage that there is not -> books-unbalanced', async t => {
  t.throws(() => enterBooks(openBooks(NAMES), [endAt(0, 'nowhere')]), { code: 'books-unbalanced', message: /unknown stage nowhere/ })
})

t.test('operators whose name is taken, doubled or a number -> TypeError', async t => {
  for (const names of [['read'], ['a', 'dedup'], ['seen'], ['a', 'b', 'a'], ['a', '7']]) t.throws(() => openBooks(names), TypeError, names.join())
})
