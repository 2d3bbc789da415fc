import t from 'tap'
import { backs, deedOf } from '../../lib/rules/deeds.js'
import { effectOf } from '../../lib/rules/effects.js'

const EFFECTS: ReadonlyArray<readonly [name: string, description: string, effect: string]> = [
  ['get_order', '', 'reads'], ['list_accounts', '', 'reads'], ['checkBalance', '', 'reads'], ['order_status', '', 'reads'], ['booking_details', 'Reads a booking.', 'reads'], ['stock', 'Lists what is there.', 'reads'],
  ['cancel_order', '', 'writes'], ['createEvent', '', 'writes'], ['book_room', '', 'writes'], ['user_delete', '', 'writes'], ['hold', 'Puts a hold.', 'writes'], ['pay_out', 'Pays.', 'writes'], ['set_status', '', 'writes'], ['password', 'Updates it.', 'writes'],
  ['cd', 'Goes to a folder.', 'unknown'], ['on_call', 'Who is there.', 'unknown'], ['', '', 'unknown'], ['工具', '工具', 'unknown']
]

t.test('tools -> what they do, by name and description', t => {
  for (const [name, description, effect] of EFFECTS) t.equal(effectOf({ name, description }), effect, name)
  t.end()
})

t.test('verbs -> the kind of deed, and what backs what', t => {
  const deeds = { moved: 'change', Cancels: 'remove', booked: 'make', paid: 'pay', sent: 'send', updated: 'set', applied: 'set', notified: 'send', enrolled: 'make', transferred: 'change', looked: undefined }
  for (const [word, deed] of Object.entries(deeds)) t.equal(deedOf(word), deed, word)
  t.same([backs('make', 'make'), backs('make', 'pay'), backs('set', 'pay'), backs(undefined, 'pay'), backs('make', undefined)], [true, false, true, true, true])
  t.end()
})
