import t from 'tap'
import { createKeyIndex } from '../../lib/dedup/key-index.js'
import { dropSeenTexts, dropTwinResults } from '../../lib/dedup/members.js'
import type { Accepted, Envelope, SettledItem, Settlement, SourceItem, SplitEnd } from '../../lib/engine/envelope.js'

const KEYS = { a: 'a'.repeat(32), b: 'b'.repeat(32), c: 'c'.repeat(32) }
type Key = keyof typeof KEYS

/** Splits of a text file of 20 million lines and more: rows count in the file, far beyond those of one split. */
const PLACES: Readonly<Record<string, { readonly ordinal: number, readonly from: number }>> = {
  early: { ordinal: 0, from: 0 }, middle: { ordinal: 1, from: 2 ** 24 - 10_000 }, late: { ordinal: 2, from: 2 ** 24 }
}
const placeOf = (split: string) => PLACES[split]!

const envelope = (split: string, row: number, key: Key): Envelope<string> =>
  ({ kind: 'envelope', id: `${split}-${row}`, sequence: row, split, origin: { source: 's', path: 'p', rowGroup: 0, row: placeOf(split).from + row }, key: KEYS[key], value: key })
const settled = (split: string, row: number, values: readonly Key[]): Settlement<Key> => ({
  ...envelope(split, row, 'a'), kind: 'settlement', ended: [], received: [1], emitted: [1], values: [values.length], counts: {},
  accepted: values.map((value, child): Accepted<Key> => ({ id: `${split}-${row}.${child}`, value, trail: [{ kind: 'f', stage: 's' }] }))
})
const end = (split: string): SplitEnd => ({ kind: 'split-end', split, rows: 1 })

async function through<In, Out> (member: (items: AsyncIterable<readonly In[]>) => AsyncIterable<readonly Out[]>, ...batches: ReadonlyArray<readonly In[]>): Promise<Out[]> {
  const out: Out[] = []
  async function * feed () { yield * batches }
  for await (const batch of member(feed())) out.push(...batch)
  return out
}

const fateOf = (item: SourceItem<string> | SettledItem<Key>): string => {
  if (item.kind === 'split-end') return `end ${item.split}`
  if (item.kind === 'envelope') return `${item.id} goes on`
  return `${item.id} ${[...item.accepted.map(({ id, value }) => `${id}=${value}`), ...item.ended.map(({ id, stage, kind, reason }) => `${id} ${stage} ${kind} ${reason}`)].join(', ')}`
}

t.test('texts in reading order -> the first goes on, the others are dropped, ends pass', async t => {
  const member = dropSeenTexts<string>(createKeyIndex({ maxKeys: 9 }), placeOf)
  const items = await through(member, [envelope('early', 0, 'a'), envelope('early', 1, 'b'), envelope('early', 2, 'a')], [end('early'), envelope('middle', 0, 'b'), envelope('late', 0, 'c')])
  t.same(items.map(fateOf), ['early-0 goes on', 'early-1 goes on', 'early-2 early-2 seen drop duplicate-text', 'end early', 'middle-0 middle-0 seen drop duplicate-text', 'late-0 goes on'])
})

t.test('a split that is read again -> no duplicate of itself, and its texts take their keys back from later ones', async t => {
  const member = dropSeenTexts<string>(createKeyIndex({ maxKeys: 9 }), placeOf)
  const first = await through(member, [envelope('middle', 9999, 'a'), envelope('late', 0, 'a')])
  const again = await through(member, [envelope('middle', 9999, 'a'), envelope('late', 0, 'a'), envelope('early', 5, 'a'), envelope('middle', 9999, 'a')])
  t.same([...first, ...again].map(fateOf), [
    'middle-9999 goes on', 'late-0 late-0 seen drop duplicate-text',
    'middle-9999 goes on', 'late-0 late-0 seen drop duplicate-text', 'early-5 goes on', 'middle-9999 middle-9999 seen drop duplicate-text'
  ])
})

t.test('results -> twins among children, documents and splits are dropped with their trail, the rest stays in order', async t => {
  const member = dropTwinResults<Key>(createKeyIndex({ maxKeys: 9 }), placeOf, value => KEYS[value])
  const items = await through<SettledItem<Key>, SettledItem<Key>>(member, [settled('early', 0, ['a', 'a', 'b'])], [settled('early', 1, []), end('early'), settled('late', 0, ['b', 'c'])])
  t.same(items.map(fateOf), [
    'early-0 early-0.0=a, early-0.2=b, early-0.1 dedup drop duplicate-trajectory', 'early-1 ', 'end early',
    'late-0 late-0.1=c, late-0.0 dedup drop duplicate-trajectory'
  ])
  t.match(items[0], { ended: [{ trail: [{ kind: 'f', stage: 's' }] }] })
})
