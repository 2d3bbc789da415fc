// Catches: a form of an id that is not recognised, part of an id that is, and a text that takes a basis away. The values are
// made, so this cannot show how real texts write an id; the tasks of BFCL do (bfcl.test.ts).
import fc from 'fast-check'
import t from 'tap'
import { createBasis } from '../../../lib/rules/grounding/basis.js'
import { classify, type Classified } from '../../../lib/rules/grounding/classify.js'
import type { BasisOrigin } from '../../../lib/rules/grounding/passages.js'

const SEED = { seed: 20_260_115 }
type Said = ReadonlyArray<readonly [BasisOrigin, string]>

function classOf (said: Said, name: string, value: unknown): Classified {
  const basis = createBasis()
  for (const [origin, text] of said) basis.add(text, origin)
  return classify({ value, name, path: `/${name}` }, basis)
}

const letters = fc.stringMatching(/^[A-Z]{2,5}$/)
const digits = fc.stringMatching(/^[1-9]\d{3,8}$/)
const origin = fc.constantFrom<BasisOrigin>('user', 'observation', 'system')
const around = fc.constantFrom<(id: string) => string>(
  id => id, id => `Please cancel ${id}.`, id => `(${id})`, id => `"${id}"`, id => `{"order":{"ref":"${id}","n":3}}`, id => `id=${id};`, id => `see https://a.example/x/${id}?y=1`,
id => `It's ${id}'s turn!`, id => `{"log":"first\\n${id}\\tdone"}`, id => `**${id}**`, id => `订单${id}已发货`, id => `the order “${id}”…`)

t.test('an id anywhere in a text -> its origin, and derived in another case or with other separators', t => {
  const change = fc.constantFrom<(letters: string, digits: string) => string>(
    (letters, digits) => `${letters.toLowerCase()}-${digits}`, (letters, digits) => `${letters}_${digits}`, (letters, digits) => `${letters}${digits}`, (_, digits) => digits)
  fc.assert(fc.property(fc.record({ letters, digits, origin, around, change }), ({ letters, digits, origin, around, change }) => {
    const said: Said = [[origin, around(`${letters}-${digits}`)]]
    t.same(classOf(said, 'order_id', `${letters}-${digits}`), { class: origin })
    t.same(classOf(said, 'order_id', change(letters, digits)), { class: 'derived' })
  }), { numRuns: 400, ...SEED })
  t.end()
})

t.test('typographic hyphens, full-width digits and invisible signs -> the id that is meant', t => {
  for (const written of ['ORD‑4417', 'ORD–4417', 'ＯＲＤ－４４１７', 'ORD-\u200b4417', 'ORD\u00a04417']) t.not(classOf([['user', `Cancel ${written} now`]], 'order_id', 'ORD-4417').class, 'unexplained', written)
  t.end()
})

t.test('part of a longer id, or a longer one -> no basis', t => {
  const longer = fc.constantFrom<(id: string) => string>(id => `${id}-77`, id => `${id}7`, id => `X${id}`, id => `A-${id}`, id => `${id}_B2`)
  fc.assert(fc.property(fc.record({ letters, digits, longer, around }), ({ letters, digits, longer, around }) => {
    const id = `${letters}-${digits}`
    t.equal(classOf([['user', around(longer(id))]], 'order_id', id).suspect, 'id', longer(id))
    t.equal(classOf([['user', around(id)]], 'order_id', longer(id)).suspect, 'id', longer(id))
  }), { numRuns: 200, ...SEED })
  t.end()
})

t.test('one digit of an id changed -> no basis', t => {
  fc.assert(fc.property(fc.record({ letters, digits, around, at: fc.nat(), by: fc.integer({ min: 1, max: 9 }) }), ({ letters, digits, around, at, by }) => {
    const place = at % digits.length
    const other = `${digits.slice(0, place)}${(Number(digits[place]) + by) % 10}${digits.slice(place + 1)}`
    t.equal(classOf([['observation', around(`${letters}-${digits}`)]], 'order_id', `${letters}-${other}`).suspect, 'id')
  }), { numRuns: 200, ...SEED })
  t.end()
})

t.test('texts added before, between and after -> nothing that had a basis loses it', t => {
  const word = fc.constantFrom('order', 'ORD-4417', 'March', '14', '2025-03-14', '$12.50', '3', 'two', 'boxes', 'Mia Li', 'Tromsø', 'at 3 pm', '30 days', '15 %', '"total": 40', '"total": 2.5', 'next Friday', 'mia@post.example')
  const text = fc.array(word, { maxLength: 8 }).map(words => words.join(' '))
  const said = fc.array(fc.tuple(origin, text), { maxLength: 4 })
  const value = fc.constantFrom<readonly [string, unknown]>(
    ['order_id', 'ORD-4417'], ['order_id', 'ord4417'], ['date', '2025-03-14'], ['date', '2025-04-13'], ['date', '2025-03-21'], ['total', 37.5], ['total', 42.5], ['total', 14], ['tax', 6], ['city', 'tromsø'], ['time', '15:00'], ['name', 'Mia Li'], ['user_id', 'mia_li'], ['email', 'MIA@post.example'])
  fc.assert(fc.property(fc.record({ before: said, kept: said, after: said, value }), ({ before, kept, after, value: [name, value] }) => {
    const grounded = classOf(kept, name, value)
    if (grounded.class !== 'unexplained') t.not(classOf([...before, ...kept, ...after], name, value).class, 'unexplained')
  }), { numRuns: 1_000, ...SEED })
  t.end()
})
