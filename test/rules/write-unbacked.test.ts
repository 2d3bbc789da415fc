import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

const TOOLS = [
  tool('get_order', 'Reads an order.', { order_id: string('Order') }), tool('cancel_order', 'Cancels an order.', { order_id: string('Order') }),
  tool('update_order', 'Changes an order.', { order_id: string('Order') }), tool('send_mail', 'Sends mail.', { order_id: string('Order') })
]
type Step = readonly [call: string, answer: object] | { readonly user: string }

function found (text: string, steps: readonly Step[] = []): string[] {
  const script = dialogue('You help.', TOOLS).user('Please see to O-1.')
  for (const step of steps) {
    if ('user' in step) script.say('Anything else?').user(step.user)
    else script.call(step[0], { order_id: 'O-1' }, step[1])
  }
  return checkTrajectory(script.say(text).end()).findings.filter(({ rule }) => rule === 'write-unbacked').map(({ mode, message }) => `${mode} ${message}`)
}

const read: Step = ['get_order', { state: 'open' }]
const cancel: Step = ['cancel_order', { ok: true }]
const update: Step = ['update_order', { ok: true }]

const UNBACKED: ReadonlyArray<{ readonly text: string, readonly steps?: readonly Step[], readonly found: string }> = [
  { text: 'I have cancelled your order.', found: 'I have cancelled' },
  { text: 'I\'ve now sent you a mail.', steps: [read], found: 'I\'ve now sent' },
  { text: 'Your booking has been confirmed.', found: 'Your booking has been confirmed' },
  { text: 'Your order is now cancelled.', steps: [read], found: 'Your order is now cancelled' },
  { text: 'I have cancelled it.', steps: [['cancel_order', { error: 'locked' }]], found: 'I have cancelled' },
  { text: 'I have refunded it.', steps: [cancel], found: 'I have refunded' },
  { text: 'I have refunded it.', steps: [update, { user: 'And my money?' }], found: 'I have refunded' }
]

t.test('a claim that no call backs -> reported', t => {
  for (const { text, steps, found: wanted } of UNBACKED) t.same(found(text, steps), [`report no call backs "${wanted}"`], text)
  t.end()
})

const BACKED: ReadonlyArray<{ readonly text: string, readonly steps?: readonly Step[] }> = [
  { text: 'I have cancelled your order.', steps: [cancel] },
  { text: 'I have moved it to Friday.', steps: [update] },
  { text: 'As I said, I have cancelled it.', steps: [cancel, { user: 'So what now?' }] },
  { text: 'Your order has been cancelled, I see.', steps: [['get_order', { state: 'cancelled' }]] },
  { text: 'I have sent it.', steps: [['send_mail', { queued: true }]] },
  { text: 'Once I have cancelled it, you get your money.' },
  { text: 'I haven\'t cancelled it. It would have been cancelled tomorrow.' },
  { text: 'Have I cancelled it? Not yet. Do you think I have changed it?' },
  { text: 'I have found and checked your order.' },
  { text: 'You have cancelled it. Your order is open.' },
  { text: 'The letter said "I have cancelled it".' }
]

t.test('a claim that is backed, or none -> nothing', t => {
  for (const { text, steps } of BACKED) t.same(found(text, steps), [], text)
  t.end()
})

t.test('a claim beside its call -> backed by it', t => {
  const script = dialogue('You help.', TOOLS).user('Cancel O-1.').call('cancel_order', { order_id: 'O-1' }, { ok: true }, 'I have cancelled it.').say('Bye.').end()
  t.same(checkTrajectory(script).findings.filter(({ rule }) => rule === 'write-unbacked'), [])
  t.end()
})
