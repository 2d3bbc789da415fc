import t from 'tap'
import { silent, type OperatorContext } from '../../lib/engine/operator.js'
import { RULES } from '../../lib/rules/index.js'
import type { TrajectoryCandidate } from '../../lib/schema/index.js'
import { validate } from '../../operators/validate.js'
import { dialogue, string, tool } from '../support/dialogue.js'

const CONTEXT: OperatorContext = {
  id: 'doc', sequence: 0, split: 'split', key: 'key', stage: 'validate', stageIndex: 0, attempt: 0, failure: undefined,
  signal: new AbortController().signal, log: silent, note: () => {}, trail: []
}
const TOOLS = [tool('find_order', 'Finds an order.', { order_id: string('Order') })]
const trajectory = (second: string) => dialogue('Returns within 45 days.', TOOLS)
  .user('Look at ORD-4417.')
  .call('find_order', { order_id: 'ORD-4417' }, { state: 'open' })
  .call('find_order', { order_id: second }, { state: 'open' })
  .say('It is open.')
  .end()
const candidate = (second: string): TrajectoryCandidate => ({
  document: { text: 'Returns are taken within 30 days.', textKey: 'k' }, trajectory: trajectory(second), workflow: undefined
})

t.test('a valid trajectory -> emitted at once, with findings and classes', t => {
  const input = candidate('ORD-4417')
  t.same(validate().process(input, CONTEXT), { kind: 'emit', values: [{ ...input, findings: { 'source-numbers': 1 }, grounding: { user: 2 }, patterns: {} }] })
  t.equal(validate().name, 'validate')
  t.end()
})

t.test('profile paper -> the six checks alone: no report, no classes, no patterns', t => {
  const input = candidate('ORD-9999')
  t.same(validate({ profile: 'paper' }).process(input, CONTEXT), { kind: 'emit', values: [{ ...input, findings: {} }] })
  t.same(validate({ profile: 'paper', rules: { 'source-numbers': 'report' } }).process(input, CONTEXT), { kind: 'emit', values: [{ ...input, findings: { 'source-numbers': 1 } }] })
  t.match(validate({ profile: 'paper', rules: { grounding: 'drop' } }).process(input, CONTEXT), { kind: 'drop', reason: 'grounding' })
  t.end()
})

t.test('another language -> every turn of this one is dropped', t => {
  const { messages, tools } = candidate('ORD-4417').trajectory
  const long = messages.map(message => message.role === 'user' ? { ...message, content: 'Please look at ORD-4417 and tell me what has become of it and when it will be here.' } : message)
  const input = { ...candidate('ORD-4417'), trajectory: { tools, messages: long } }
  t.match(validate({ language: 'de' }).process(input, CONTEXT), { kind: 'drop', reason: 'language' })
  t.match(validate({ language: 'en' }).process(input, CONTEXT), { kind: 'emit' })
  t.end()
})

t.test('a broken trajectory -> dropped with the first failed rule and its findings', t => {
  const finding = {
    rule: 'grounding', mode: 'drop', message: '/order_id of "find_order" has no basis before the call: "ORD-9999"', where: { message: 4, call: 'call_1', tool: 'find_order', path: '/order_id' }
  }
  const reported = { rule: 'source-numbers', mode: 'report', message: 'the system prompt says "45 days", the source "30 days"', where: { message: 0 } }
  t.same(validate().process(candidate('ORD-9999'), CONTEXT), { kind: 'drop', reason: 'grounding', detail: { findings: [finding, reported] } })
  t.end()
})

const MODES = [
  { title: 'grounding reported', rules: { grounding: 'report' }, outcome: { grounding: 1, 'source-numbers': 1 } },
  { title: 'grounding and numbers off', rules: { grounding: 'off', 'source-numbers': 'off' }, outcome: {} },
  { title: 'numbers drop before what is reported', rules: { grounding: 'report', 'source-numbers': 'drop' }, outcome: 'source-numbers' },
  { title: 'more calls wanted', minToolCalls: 3, outcome: 'calls-too-few' }
] as const

t.test('rules with other modes -> off, counted or dropped', t => {
  for (const { title, outcome, ...options } of MODES) {
    const result = validate(options).process(candidate('ORD-9999'), CONTEXT)
    if (result instanceof Promise) return t.fail('validate is synchronous')
    t.same(result.kind === 'emit' ? result.values[0].findings : result.reason, outcome, title)
  }
  t.end()
})

t.test('many findings -> at most twenty go with the drop', t => {
  const input = candidate('ORD-4417')
  const messages = [...input.trajectory.messages, ...Array.from({ length: 40 }, () => ({ role: 'user' as const, content: '' }))]
  const result = validate().process({ ...input, trajectory: { ...input.trajectory, messages } }, CONTEXT)
  t.match(result, { kind: 'drop', reason: 'turn-empty' })
  t.equal((result as { detail: { findings: unknown[] } }).detail.findings.length, 20)
  t.end()
})

t.test('an unknown rule, mode or key -> refused', t => {
  t.throws(() => validate({ rules: { groundin: 'off' } }))
  t.throws(() => validate({ rules: { grounding: 'maybe' as never } }))
  t.throws(() => validate({ minCalls: 3 } as never))
  t.throws(() => validate({ profile: 'strict' as never }))
  t.throws(() => validate({ language: 'english' }))
  t.ok(RULES.every(({ name }) => /^[a-z]+(?:-[a-z]+)*$/.test(name)))
  t.end()
})
