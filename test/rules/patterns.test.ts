import t from 'tap'
import { checkTrajectory, PATTERN_NAMES } from '../../lib/rules/index.js'
import type { Trajectory } from '../../lib/schema/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

const TOOLS = [
  tool('find_room', 'Finds rooms.', { day: string('Day') }), tool('book_room', 'Books a room.', { room_id: string('Room'), name: string('Name') }),
  tool('room_calendar', 'Free days.', { room_id: string('Room') })
]
const SYSTEM = 'You book rooms. Rooms hold at most 12 people. Bookings reach 14 days ahead. Keys are never sent by mail.'
const start = () => dialogue(SYSTEM, TOOLS)

const CASES: ReadonlyArray<{ readonly title: string, readonly trajectory: Trajectory, readonly patterns: object }> = [
  {
    title: 'plain work', patterns: {},
    trajectory: start().user('Book room R-7 for Ada, please.').call('book_room', { room_id: 'R-7', name: 'Ada' }, { ok: true }).say('It is booked.').end()
  },
  {
    title: 'a rule against a wish', patterns: { 'rule-conflict': 1 },
    trajectory: start().user('Put 20 people into R-7.').say('I can\'t put 20 people in there: a room holds at most 12 people.').user('OK').say('Good.').end()
  },
  {
    title: 'a limit that is admitted', patterns: { 'limit-admitted': 1 },
    trajectory: start().user('And order pizza.').say('Ordering food is beyond my tools, but the kitchen on the second floor takes orders.').end()
  },
  {
    title: 'asking is no limit', patterns: {},
    trajectory: start().user('Book a room.').say('I cannot book one without a name. Which name shall I use?').end()
  },
  {
    title: 'the same tool again', patterns: { 'error-recovery': 1 },
    trajectory: start().user('R-7 for Ada').call('book_room', { room_id: 'R-7', name: 'Ada' }, { error: 'busy' }).call('book_room', { room_id: 'R-7', name: 'Ada' }, { ok: true }).say('Booked.').end()
  },
  {
    title: 'another way, by what was found', patterns: { 'error-recovery': 1, 'multi-hop': 1 },
    trajectory: start().user('R-7 for Ada').call('book_room', { room_id: 'R-7', name: 'Ada' }, { error: 'R-7 is taken' }).call('find_room', { day: 'today' }, { rooms: [{ room_id: 'R-9' }] })
      .call('book_room', { room_id: 'R-9', name: 'Ada' }, { ok: true }).say('R-9 it is.').end()
  },
  {
    title: 'an error that stays', patterns: {},
    trajectory: start().user('R-7 for Ada').call('book_room', { room_id: 'R-7', name: 'Ada' }, { error: 'busy' }).say('The system says that R-7 is busy, so it is not booked.').end()
  },
  {
    title: 'a question and its answer', patterns: { clarification: 1 },
    trajectory: start().user('Book R-7.').say('On which name?').user('Lovelace').call('book_room', { room_id: 'R-7', name: 'Lovelace' }, { ok: true }).say('Booked.').end()
  },
  {
    title: 'a question that is only a consent', patterns: {},
    trajectory: start().user('Book R-7 for Ada.').say('Shall I?').user('Yes').call('book_room', { room_id: 'R-7', name: 'Ada' }, { ok: true }).say('Booked.').end()
  },
  {
    title: 'calls that lead to one another', patterns: { 'multi-hop': 1 },
    trajectory: start().user('Any room today for Ada').call('find_room', { day: 'today' }, { rooms: [{ room_id: 'R-9' }] }).call('book_room', { room_id: 'R-9', name: 'Ada' }, { ok: true }).say('R-9.').end()
  },
  {
    title: 'calls beside one another', patterns: {},
    trajectory: start().user('Is R-7 or R-9 free?').call('room_calendar', { room_id: 'R-7' }, { room_id: 'R-7', free: [] }).call('room_calendar', { room_id: 'R-9' }, { room_id: 'R-9', free: [] }).say('No.').end()
  },
  { title: 'no user at all', patterns: {}, trajectory: { tools: [], messages: [{ role: 'assistant', content: 'I can\'t.', toolCalls: [] }] } },
  { title: 'nothing', patterns: {}, trajectory: { tools: [], messages: [] } }
]

t.test('dialogues -> the paper\'s patterns, counted', t => {
  for (const { title, trajectory, patterns } of CASES) t.same(checkTrajectory(trajectory).patterns, patterns, title)
  t.same(PATTERN_NAMES, ['rule-conflict', 'error-recovery', 'clarification', 'multi-hop', 'limit-admitted'])
  t.end()
})
