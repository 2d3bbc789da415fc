import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, list, string, tool } from '../support/dialogue.js'

function found (answers: ReadonlyArray<object | string>, args: object = {}): string[] {
  const script = dialogue('You help.', [tool('get_thing', 'Reads a thing.', { 'fields?': list(string('Field'), 'Fields') })]).user('Go')
  for (const answer of answers) script.call('get_thing', { ...args }, answer)
  return checkTrajectory(script.say('Done.').end()).findings.filter(({ rule }) => rule === 'response-shape-drift').map(({ mode, message, where }) => `${mode} ${where.call ?? ''} ${where.path ?? ''}: ${message}`)
}

const DRIFTS: ReadonlyArray<{ readonly title: string, readonly answers: ReadonlyArray<object | string>, readonly found: string[] }> = [
  { title: 'a number as text', answers: [{ id: 1, price: 3 }, { id: 2, price: '3.00' }], found: ['report call_1 /price: it is string here and was number before'] },
  { title: 'an object as a list', answers: [{ order: { id: 1 } }, { order: [{ id: 1 }] }], found: ['report call_1 /order: it is array here and was object before'] },
  { title: 'other keys', answers: [{ id: 1, state: 'open' }, { id: 1, state: 'shut' }, { orderId: 1, status: 'open' }], found: ['report call_2 : its keys were ["id","state"] before and are ["orderId","status"] here'] },
  { title: 'wrapped', answers: [{ id: 1, state: 'open' }, { result: { id: 1, state: 'open' } }], found: ['report call_1 : its keys were ["id","state"] before and are ["result"] here'] },
  { title: 'the list by another name', answers: [{ count: 1, page: 1, specimens: [{ id: 1 }] }, { count: 1, page: 1, results: [{ id: 1 }] }], found: ['report call_1 : its list is "results" here and was "specimens" before'] },
  { title: 'other items', answers: [[{ id: 1, name: 'a' }], [{ code: 1, title: 'a' }]], found: ['report call_1 /*: its keys were ["id","name"] before and are ["code","title"] here'] }
]

t.test('answers of one tool in several shapes -> reported where they part', t => {
  for (const { title, answers, found: wanted } of DRIFTS) t.same(found(answers), wanted, title)
  t.end()
})

const SAME: ReadonlyArray<{ readonly title: string, readonly answers: ReadonlyArray<object | string>, readonly args?: object }> = [
  { title: 'optional keys', answers: [{ id: 1, a: 1, b: 1 }, { id: 1, a: 1, c: 2 }, { id: 1, a: 1, b: 1, c: 2, d: 3 }] },
  { title: 'null for a value', answers: [{ id: 1, at: null }, { id: 1, at: '2025-01-01' }, { id: 1, at: null }] },
  { title: 'an empty list', answers: [{ items: [] }, { items: [{ id: 1 }] }] },
  { title: 'an error', answers: [{ id: 1 }, { error: 'busy' }, 'not found', { id: 2 }] },
  { title: 'keys that are data', answers: [{ 'A-1': { free: 1 } }, { 'B-7': { free: 2 } }, { '2025-01-01': { free: 1 } }] },
  { title: 'keys that were asked for', answers: [{ errors: 1, latency: 2 }, { errors: 3 }], args: { fields: ['errors', 'latency'] } },
  { title: 'another kind of thing', answers: [{ id: 1, kind: 'alarm', state: { mode: 'off' } }, { id: 2, kind: 'heater', state: { celsius: 20 } }] },
  { title: 'what a product happens to have', answers: [{ id: 1, options: { color: 'red' } }, { id: 2, options: { ram: '8 GB' } }] }
]

t.test('one shape throughout -> nothing', t => {
  for (const { title, answers, args } of SAME) t.same(found(answers, args), [], title)
  t.end()
})

t.test('many drifts of one tool -> three are told', t => {
  t.equal(found(Array.from({ length: 20 }, (_, index) => ({ [`key${'x'.repeat(index + 1)}`]: index }))).length, 3)
  t.end()
})
