// Catches: an id that a call makes up and that an answer gives back, in whatever form, as the basis of a later call. Cannot
// catch an answer that makes a new id out of an invented one: the record is lost by the first use already.
import fc from 'fast-check'
import t from 'tap'
import { checkTrajectory } from '../../../lib/rules/index.js'
import type { Trajectory } from '../../../lib/schema/index.js'
import { dialogue, integer, list, string, tool, type Dialogue } from '../../support/dialogue.js'

const TOOLS = [
  tool('look', 'Looks.', { 'order_id?': string('Order'), 'email?': string('Mail'), 'number_id?': integer('Number'), 'city?': string('City'), 'query?': string('Words'), 'phone?': string('Phone'), 'ids?': list(string('Order'), 'Orders') }),
  tool('list_all', 'Lists.', {})
]
const start = (): Dialogue => dialogue('You help.', TOOLS).user('Where is my parcel?')
const ungrounded = (trajectory: Trajectory): string[] => checkTrajectory(trajectory).findings.filter(({ rule }) => rule === 'grounding').map(({ where }) => `${where.call ?? ''}${where.path ?? ''}`)
const ID = 'ORD-7777'

const CASES: ReadonlyArray<{ readonly title: string, readonly told: Dialogue, readonly ungrounded: string[] }> = [
  { title: 'the same call again', told: start().call('look', { order_id: ID }, { order_id: ID }).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id', 'call_1/order_id'] },
  { title: 'given back in lower case', told: start().call('look', { order_id: ID }, { id: 'ord-7777' }).call('look', { order_id: 'ord-7777' }, {}), ungrounded: ['call_0/order_id', 'call_1/order_id'] },
  { title: 'given back as a number alone', told: start().call('look', { order_id: ID }, { order: 7777 }).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id', 'call_1/order_id'] },
  { title: 'given back in a sentence, used as a number', told: start().call('look', { order_id: ID }, { message: 'Order 7777 is on its way.' }).call('look', { number_id: 7777 }, {}), ungrounded: ['call_0/order_id', 'call_1/number_id'] },
  { title: 'given back in a file name', told: start().call('look', { order_id: ID }, { file: 'ORD-7777.pdf' }).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id', 'call_1/order_id'] },
  { title: 'given back by a later answer to another call', told: start().call('look', { order_id: ID }, { found: ID }).call('list_all', {}, { last: ID }).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id', 'call_2/order_id'] },
  { title: 'refused by name, then listed', told: start().call('look', { order_id: ID }, { error: 'ORD-7777 not found' }).call('list_all', {}, { orders: [ID] }).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id'] },
  { title: 'not given back, then listed', told: start().call('look', { order_id: ID }, { done: true }).call('list_all', {}, { orders: [ID] }).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id'] },
  { title: 'given back, then said by the user', told: start().call('look', { order_id: ID }, { found: ID }).say('Which?').user(`It is ${ID}.`).call('look', { order_id: ID }, {}), ungrounded: ['call_0/order_id'] },
  { title: 'one of several in a list', told: start().call('look', { ids: [ID, 'ORD-8888'] }, { found: [{ order_id: ID }, { order_id: 'ORD-8888' }] }).call('look', { order_id: 'ORD-8888' }, {}), ungrounded: ['call_0/ids/0', 'call_0/ids/1', 'call_1/order_id'] },
  { title: 'an answer that holds another one beside the echo', told: start().call('look', { order_id: ID }, { order_id: ID, next: 'ORD-7778' }).call('look', { order_id: 'ORD-7778' }, {}), ungrounded: ['call_0/order_id'] },
  { title: 'made up inside of a text', told: start().call('look', { query: `status of ${ID} please` }, { results: [{ order_id: ID }] }).call('look', { order_id: ID }, {}), ungrounded: ['call_1/order_id'] },
  { title: 'said by the user, inside of a text', told: start().say('Which?').user(ID).call('look', { query: `status of ${ID} please` }, { results: [{ order_id: ID }] }).call('look', { order_id: ID }, {}), ungrounded: [] },
  { title: 'a mail', told: start().call('look', { email: 'mia@post.example' }, { sent_to: 'Mia@Post.example' }).call('look', { email: 'mia@post.example' }, {}), ungrounded: ['call_0/email', 'call_1/email'] },
  { title: 'a phone number, given back without its country code', told: start().call('look', { phone: '+12025550101' }, { called: '(202) 555-0101' }).call('look', { phone: '+1 202-555-0101' }, {}), ungrounded: ['call_0/phone', 'call_1/phone'] },
  { title: 'a phone number, given back with a country code', told: start().call('look', { phone: '(202) 555-0101' }, { called: '+12025550101' }).call('look', { phone: '202-555-0101' }, {}), ungrounded: ['call_0/phone', 'call_1/phone'] },
  { title: 'said by the assistant and repeated by nobody', told: start().say(`Is it ${ID}?`).user('Yes').call('look', { order_id: ID }, {}).call('list_all', {}, {}), ungrounded: ['call_0/order_id'] },
  { title: 'said by the user afterwards', told: start().call('look', { order_id: ID }, {}).say('Which?').user(`It is ${ID}.`).call('list_all', {}, {}), ungrounded: ['call_0/order_id'] },
  { title: 'grounded by the user before, given back', told: dialogue('You help.', TOOLS).user(`Where is ${ID}?`).call('look', { order_id: ID }, { order_id: ID }).call('look', { order_id: 'ord 7777' }, {}), ungrounded: [] }
]

t.test('an id that a call made up, and what came of it -> the uses without a basis', t => {
  for (const { title, told, ungrounded: expected } of CASES) t.same(ungrounded(told.say('Done.').end()), expected, title)
  t.end()
})

t.test('a name without a basis, given back -> is no more explained at its second use', t => {
  const told = start().call('look', { city: 'Tromsø' }, { city: 'Tromsø' }).call('look', { city: 'Tromsø' }, { done: true }).say('Done.').end()
  t.same(checkTrajectory(told).grounding, { unexplained: 2 })
  const listed = start().call('look', { city: 'Tromsø' }, { city: 'Tromsø' }).call('list_all', {}, ['Tromsø', 'Bodø']).call('look', { city: 'Tromsø' }, {}).say('Done.').end()
  t.same(checkTrajectory(listed).grounding, { unexplained: 1, observation: 1 })
  t.end()
})

t.test('any id, given back in any form, used in any form -> none of its uses has a basis', t => {
  const id = fc.tuple(fc.stringMatching(/^[A-Z]{2,5}$/), fc.stringMatching(/^[1-9]\d{3,7}$/)).map(([letters, digits]) => ({ letters, digits }))
  const form = fc.constantFrom<(id: { letters: string, digits: string }) => string>(
    ({ letters, digits }) => `${letters}-${digits}`, ({ letters, digits }) => `${letters.toLowerCase()}_${digits}`, ({ letters, digits }) => letters + digits, ({ letters, digits }) => `#${letters}-${digits}`)
  const echo = fc.constantFrom<(form: string, digits: string) => unknown>(
    form => ({ order_id: form }), form => ({ message: `Found ${form}, as you asked.` }), form => ({ link: `https://shop.example/o/${form}/items?ref=${form}` }), form => [{ nested: [{ note: `line\n${form}\tend` }] }],
  (_, digits) => ({ number: Number(digits) }), (_, digits) => ({ text: `order no. ${digits}` }))
  fc.assert(fc.property(id, fc.tuple(form, form, form), echo, (id, [first, second, third], echo) => {
    const told = start().call('look', { order_id: first(id) }, echo(second(id), id.digits) as object).call('look', { order_id: third(id) }, {}).say('Done.').end()
    t.same(ungrounded(told), ['call_0/order_id', 'call_1/order_id'])
  }), { numRuns: 300, seed: 20_260_115 })
  t.end()
})
