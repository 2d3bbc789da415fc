import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

const TOOLS = [
  tool('get_order', 'Reads an order.', { order_id: string('Order'), 'part?': string('Part') }), tool('cancel_order', 'Cancels an order.', { order_id: string('Order') }),
  tool('list_orders', 'Lists orders.', {}), tool('on_call', 'Who is there.', {})
]

interface Step { readonly tool: string, readonly args?: object, readonly answer?: object | string, readonly user?: string }
const get = (answer: object | string = { state: 'open' }, args: object = { order_id: 'O-1', part: 'all' }): Step => ({ tool: 'get_order', args, answer })
const cancel = (answer: object | string = { state: 'cancelled' }): Step => ({ tool: 'cancel_order', args: { order_id: 'O-1' }, answer })

/** Indexes of the steps that `repeated-call` finds. */
function found (steps: readonly Step[]): number[] {
  const script = dialogue('You help.', TOOLS).user('O-1 all')
  for (const { tool: name, args = {}, answer = { ok: 1 }, user } of steps) {
    if (user !== undefined) script.say('Anything else?').user(user)
    script.call(name, { ...args }, answer)
  }
  return checkTrajectory(script.say('Done.').end()).findings.filter(({ rule }) => rule === 'repeated-call').map(({ where }) => Number(where.call?.slice(5)))
}

const CASES: ReadonlyArray<{ readonly title: string, readonly steps: readonly Step[], readonly found: number[] }> = [
  { title: 'three equal calls', steps: [get(), get(), get()], found: [2] },
  { title: 'keys in another order', steps: [get(), get({ state: 'open' }, { part: 'all', order_id: 'O-1' }), get()], found: [2] },
  { title: 'five equal calls: told once', steps: [get(), get(), get(), get(), get()], found: [2] },
  { title: 'other reading calls in between', steps: [get(), { tool: 'list_orders' }, get(), { tool: 'list_orders' }, get(), { tool: 'list_orders' }], found: [4, 5] },
  { title: 'a user in between', steps: [get(), { ...get(), user: 'And now?' }, { ...get(), user: 'And now?' }], found: [2] },
  { title: 'three failures of one write', steps: [cancel({ error: 'busy' }), cancel({ error: 'busy' }), cancel({ error: 'busy' })], found: [2] },
  { title: 'twice', steps: [get(), get()], found: [] },
  { title: 'other arguments', steps: [get(), get({ state: 'open' }, { order_id: 'O-1' }), get()], found: [] },
  { title: 'a write in between', steps: [get(), get(), cancel(), get()], found: [] },
  { title: 'a write that failed in between', steps: [get(), get(), cancel({ error: 'locked' }), get()], found: [3] },
  { title: 'a tool of unknown effect in between', steps: [get(), get(), { tool: 'on_call' }, get()], found: [] },
  { title: 'polling with progress', steps: [get({ done: 10 }), get({ done: 40 }), get({ done: 100 })], found: [] },
  { title: 'two failures, then success', steps: [cancel({ error: 'busy' }), cancel({ error: 'busy' }), cancel()], found: [] },
  { title: 'the same write three times', steps: [cancel(), cancel(), cancel()], found: [] }
]

t.test('equal calls -> found at the third, unless something was written or has changed', t => {
  for (const { title, steps, found: wanted } of CASES) t.same(found(steps), wanted, title)
  t.end()
})
