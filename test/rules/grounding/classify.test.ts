import t from 'tap'
import { createBasis } from '../../../lib/rules/grounding/basis.js'
import { classify, type Leaf } from '../../../lib/rules/grounding/classify.js'
import { leavesOf } from '../../../lib/rules/grounding/leaves.js'
import type { BasisOrigin } from '../../../lib/rules/grounding/passages.js'
import { suspectKind } from '../../../lib/rules/grounding/shapes.js'

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
  { said: user('password is gr33n!Kettle#7'), name: 'password', value: 'gr33n!Kettle', is: 'drop' },
  { said: user('password is gr33n!Kettle#7.'), name: 'password', value: 'gr33n!Kettle#7', is: 'user' },
  { said: user('password is Gr33nKettle7'), name: 'password', value: 'gr33nkettle7', is: 'drop' },
  { said: seen({ access_token: 'eyJh.b-2_x' }), name: 'authorization_token', value: 'Bearer eyJh.b-2_x', is: 'observation' },
  { said: user('the PIN is 48 15'), name: 'pin', value: '4815', is: 'drop' },
  { said: user('card 4111 1111 1111 1111, CVV 567'), name: 'card_number', value: '4111111111111111', is: 'derived' },
  { said: user('card 4111 1111 1111 1112'), name: 'card_number', value: '4111 1111 1111 1111', is: 'drop' },
  { said: user('card 4111 1111 1111 1111, CVV 567'), name: 'card_verification_number', value: 568, is: 'drop' },
  { said: user('my companion is m0lly@vel2k24'), name: 'receiver_id', value: 'm0lly@vel2k24', is: 'user' },
  { said: user('my companion is m0lly@vel2k24'), name: 'receiver_id', value: 'm0lly@vel2k2', is: 'drop' },
  { said: user('order 1234 please'), name: 'customer_id', value: 'CUST-1234', is: 'derived' },
  { said: user('order ORD-1234 please'), name: 'customer_id', value: 'CUST-1234', is: 'drop' },
  { said: seen({ price: 212.72 }), name: 'order_id', value: 21272, is: 'drop' },
  { said: seen({ price: 1.567 }), name: 'ticket_id', value: 567, is: 'drop' },
  { said: [['observation', '{"log":"first\\nORD-1234"}']], name: 'order_id', value: 'ORD-1234', is: 'observation' },
  { said: [['observation', '{"name":"Ren\\u00e9e"}']], name: 'customer', value: 'Renée', is: 'observation' },
  { said: user('call +44 (0)20 7946 0958'), name: 'phone', value: '+44 20 7946 0958', is: 'derived' },
  { said: user('SSN 123-45-6789'), name: 'value', value: '123-45-6780', is: 'drop' },
  { said: [], name: 'password', value: 'Welcome1', is: 'drop' },
  { said: [], name: 'api_key', value: 'default', is: 'drop' },
  { said: [], name: 'idempotencyKey', value: '77ab-1234-cc00', is: 'unexplained' },
  { said: [], name: 'budget_limit', value: 4096, is: 'unexplained' },
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
  { said: user('hello'), name: 'origin', value: 'SEA', is: 'unexplained' },
  { said: user('hello'), name: 'file_name', value: 'backup_001', is: 'choice' },
  { said: user('hello'), name: 'server_id', value: 'backup_001', is: 'drop' },
  { said: user('hello'), name: 'recipient', value: 'Jonas Weber', is: 'unexplained' },
  { said: user('hello'), name: 'shipping_address', value: '12 Main Street, Springfield, 62704', is: 'unexplained' },
  { said: user('hello'), name: 'note', value: 'Please leave it at the door, thanks', is: 'choice' },
  { said: user('hello'), name: 'body', value: 'Your order ORD-9999 has been sent to you.', is: 'unexplained' },
  { said: user('order ORD-9999'), name: 'body', value: 'Your order ORD-9999 has been sent to you.', is: 'choice' },
  { said: user('hello'), name: 'query', value: 'mails of mia@post.example', is: 'unexplained' },
  { said: user('hello'), name: 'mode', value: 'asc', schema: { description: 'One of "asc", "desc"' }, is: 'schema' },
  { said: user('hello'), name: 'origin', value: 'SEA', schema: { description: 'Airport, e.g. "SEA"' }, is: 'unexplained' },
  { said: user('hello'), name: 'region', value: 'eu', schema: { anyOf: [{ enum: ['eu', 'us'] }, { type: 'null' }] }, is: 'schema' },
  { said: user('hello'), name: 'ticket_id', value: 'TKT-100', schema: { description: 'Ticket, one of "TKT-100"' }, is: 'drop' },
  { said: user('I pay $28'), name: 'amount', value: '28.00', is: 'derived' },
  { said: user('hello'), name: 'rating', value: '5', is: 'trivial' },
  { said: user('on 2025-03-14'), name: 'day', value: 14, is: 'derived' },
  { said: user('on 2025-03-14'), name: 'age', value: 14, is: 'unexplained' },
  { said: user('注文ORD-1234をキャンセル'), name: 'order_id', value: 'ORD-1234', is: 'user' }
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

t.test('arguments that are nested, listed or keyed by an id -> each value with its place', t => {
  const schema = { properties: { lines: { items: { properties: { sku: {} } } }, counts: { type: 'object' }, modes: { description: 'Any of [fast, slow]', items: { type: 'string' } } } }
  const leaves = leavesOf({ lines: [{ sku: 'A/1' }], counts: { 'SKU-1001': 2, plain: { value: 'x' } }, modes: ['fast'] }, schema)
  t.same(leaves.map(({ path, name, value }) => [path, name, value]), [
    ['/lines/0/sku', 'sku', 'A/1'], ['/counts/SKU-1001', '', 'SKU-1001'], ['/counts/SKU-1001', 'SKU-1001', 2], ['/counts/plain/value', 'plain', 'x'], ['/modes/0', 'modes', 'fast']])
  t.same(classify(leaves.at(-1) as Leaf, createBasis()), { class: 'schema' })
  t.end()
})
