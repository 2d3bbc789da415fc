import t from 'tap'
import { createBasis } from '../../../lib/rules/grounding/basis.js'
import { classify } from '../../../lib/rules/grounding/classify.js'
import type { BasisOrigin } from '../../../lib/rules/grounding/passages.js'
import { suspectKind } from '../../../lib/rules/grounding/shapes.js'
import { checkTrajectory } from '../../../lib/rules/index.js'
import { dialogue, integer, string, tool } from '../../support/dialogue.js'

interface Row {
  readonly said: ReadonlyArray<readonly [BasisOrigin, string]>
  readonly name: string
  readonly value: unknown
  readonly schema?: Readonly<Record<string, unknown>>
  /** `drop` stands for unexplained and suspect. */
  readonly is: string
}
const user = (text: string): Row['said'] => [['user', text]]
const seen = (data: object): Row['said'] => [['observation', JSON.stringify(data)]]
const TODAY: Row['said'] = [['system', 'Today is 2025-03-10 (Monday).']]

const ROWS: readonly Row[] = [
  { said: user('my order is ORD-1234.'), name: 'order_id', value: 'ORD-1234', is: 'user' },
  { said: user('order 1234 please'), name: 'order_id', value: 'ORD-1234', is: 'derived' },
  { said: user('order ord 1234 please'), name: 'order_id', value: 'ORD-1234', is: 'derived' },
  { said: user('order ORD-1234 please'), name: 'order_number', value: '1234', is: 'derived' },
  { said: user('order ORD-1234 please'), name: 'order_id', value: 'ORD-1235', is: 'drop' },
  { said: user('order ORD-1234-77 please'), name: 'order_id', value: 'ORD-1234', is: 'drop' },
  { said: seen({ order: { ref: 'ORD-1234' } }), name: 'order_id', value: 'ORD-1234', is: 'observation' },
  { said: [['observation', 'see https://shop.example/orders/ORD-1234.pdf']], name: 'order_id', value: 'ORD-1234', is: 'observation' },
  { said: [['system', 'Signed in as usr_55121']], name: 'user_id', value: 'usr_55121', is: 'system' },
  { said: [...seen({ id: 'A-9912' }), ...user('the one called A-9912')], name: 'item_id', value: 'A-9912', is: 'user' },
  { said: [], name: 'kind_id', value: 'K-1000', schema: { enum: ['K-1000', 'K-2000'] }, is: 'schema' },
  { said: [], name: 'calendar_id', value: 'primary', schema: { default: 'primary' }, is: 'schema' },
  { said: [], name: 'calendar_id', value: 'primary', is: 'unexplained' },
  { said: [], name: 'region', value: 'eu-west-1', schema: { const: 'eu-west-1' }, is: 'schema' },
  { said: seen({ id: '0d9c8b7a-1234-4cde-8f00-aabbccddeeff' }), name: 'target', value: '0D9C8B7A-1234-4CDE-8F00-AABBCCDDEEFF', is: 'derived' },
  { said: seen({ id: '0d9c8b7a-1234-4cde-8f00-aabbccddeeff' }), name: 'target', value: '0d9c8b7a-1234-4cde-8f00-aabbccddeefe', is: 'drop' },
  { said: user('I am Mia Li'), name: 'user_id', value: 'mia_li', is: 'derived' },
  { said: user('I am Mia Li'), name: 'user_id', value: 'mia_li_3668', is: 'drop' },
  { said: seen({ ticket_id: 7, count: 9 }), name: 'ticket_id', value: 7, is: 'observation' },
  { said: seen({ ticket_id: 7, count: 9 }), name: 'ticket_id', value: 9, is: 'drop' },
  { said: seen({ ids: [3, 4] }), name: 'ticket_id', value: 4, is: 'observation' },
  { said: user('close ticket 12'), name: 'ticket_id', value: 12, is: 'user' },
  { said: user('call me at (555) 010-7788'), name: 'phone', value: '+15550107788', is: 'derived' },
  { said: user('call me at (555) 010-7788'), name: 'phone', value: '555-010-7789', is: 'drop' },
  { said: user('IBAN NO93 8601 1117 947, thanks'), name: 'iban', value: 'NO9386011117947', is: 'derived' },
  { said: user('mail Mia.Li@Post.example'), name: 'to', value: 'mia.li@post.example', is: 'user' },
  { said: user('I am Mia Li'), name: 'to', value: 'mia.li@post.example', is: 'drop' },
  { said: user('password is gr33n!Kettle#7'), name: 'password', value: 'gr33n!Kettle#7', is: 'user' },
  { said: user('password is gr33n!Kettle#7'), name: 'password', value: 'gr33n!Kettle', is: 'user' },
  { said: [], name: 'password', value: 'Welcome1', is: 'drop' },
  { said: [], name: 'api_key', value: 'default', is: 'drop' },
  { said: [], name: 'idempotencyKey', value: '77ab-1234-cc00', is: 'unexplained' },
  { said: [], name: 'max_tokens', value: 4096, is: 'choice' },
  { said: user('March 14 works'), name: 'date', value: '2025-03-14', is: 'derived' },
  { said: user('the 14th of March'), name: 'date', value: '2025-03-14', is: 'derived' },
  { said: [...TODAY, ...user('tomorrow')], name: 'date', value: '2025-03-11', is: 'derived' },
  { said: user('tomorrow'), name: 'date', value: '2025-03-11', is: 'unexplained' },
  { said: [...TODAY], name: 'date', value: '2025-03-10', is: 'system' },
  { said: user('at 3 pm'), name: 'time', value: '15:00', is: 'derived' },
  { said: user('two for $12.50 and one for $3'), name: 'total', value: 28, is: 'derived' },
  { said: user('it was $1,299.50'), name: 'amount', value: 1299.5, is: 'user' },
  { said: user('a dozen eggs'), name: 'quantity', value: 12, is: 'user' },
  { said: user('nothing'), name: 'amount', value: 7431.77, is: 'unexplained' },
  { said: user('2 kg'), name: 'grams', value: 2000, is: 'derived' },
  { said: user('hello'), name: 'quantity', value: 2, is: 'trivial' },
  { said: user('hello'), name: 'confirm', value: true, is: 'trivial' },
  { said: user('hello'), name: 'note', value: '', is: 'trivial' },
  { said: user('hello'), name: 'parent', value: null, is: 'trivial' },
  { said: user('I live in New York'), name: 'city', value: 'New York', is: 'user' },
  { said: user('I live in new york'), name: 'city', value: 'New York', is: 'derived' },
  { said: user('the design review'), name: 'slug', value: 'design-review', is: 'derived' },
  { said: user('hello'), name: 'query', value: 'lentil dinner', is: 'choice' },
  { said: user('hello'), name: 'path', value: '/home/me/notes.txt', is: 'choice' },
  { said: user('hello'), name: 'origin', value: 'SEA', is: 'unexplained' }
]

t.test('a value and what was said before -> its class', t => {
  for (const { said, name, value, schema, is } of ROWS) {
    const basis = createBasis()
    for (const [origin, text] of said) basis.add(text, origin)
    const found = classify({ value, name, path: `/${name}`, schema }, basis)
    t.equal(found.suspect === undefined ? found.class : 'drop', is, `${name}=${String(value)} after ${JSON.stringify(said)}`)
  }
  t.end()
})

t.test('values that look like an id and are none -> no basis needed', t => {
  const harmless = ['2025-03-14', '2025-03-14T10:00:00Z', '20250314', '14/03/2025', '10:30', '1920x1080', '500ml', '100GB', '30 days', 'v1.2.3', '192.168.1.100', 'report2024.csv',
    'budget_2025', 'backup-2025-03-14', 'UTF-8', 'ISO-8601', 'SHA-256', 'COVID-19', 'UTC+2', 'Q3-2025', '2024-Q1', '#FF8800', 'room-101', 'USD1200', 'Europe/Berlin', 'text/html', 'h264', '1080p', 'A4', 'day_100', '40.7128', '94105', 'iphone-15-pro']
  t.same(harmless.filter(value => suspectKind(value, 'value') !== undefined), [])
  t.end()
})

t.test('values of the shape of an id, credential or contact -> a basis is needed whatever the name', t => {
  const suspects = ['ORD-1234', 'TKT_00042', '#W1234567', 'INV-2025-0042', 'CUST10045', '4111111111111111', '9f31c0d2e4a1b7', 'A1B2C3D4', 'a@b.example', '+44 20 7946 0958', '(555) 010-7788', '0d9c8b7a-1234-4cde-8f00-aabbccddeeff']
  t.same(suspects.filter(value => suspectKind(value, 'value') === undefined), [])
  t.end()
})

t.test('an observation that echoes an ungrounded value -> is no basis for the next call', t => {
  const lookup = tool('look', 'Looks.', { order_id: string('Order'), 'total?': integer('Sum') })
  const trajectory = dialogue('You help.', [lookup])
    .user('Where is my parcel?')
    .call('look', { order_id: 'ORD-7777' }, { order_id: 'ORD-7777', total: 12 })
    .call('look', { order_id: 'ORD-7777', total: 12 }, { order_id: 'ORD-7777' })
    .say('It is on its way.')
    .end()
  const { findings, grounding } = checkTrajectory(trajectory)
  t.same(findings.map(({ rule, where }) => ({ rule, ...where })), ['call_0', 'call_1'].map((call, index) => (
    { rule: 'grounding', message: 2 + 2 * index, call, tool: 'look', path: '/order_id' })))
  t.same(grounding, { observation: 1, unexplained: 2 })
  t.end()
})
