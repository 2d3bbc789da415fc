// Catches: rules that throw, hang or grow for what a model may write. Cannot show that ajv itself is free of faults.
import fc from 'fast-check'
import t from 'tap'
import { checkTool } from '../../lib/rules/check-tool.js'
import { createPatternEngine } from '../../lib/rules/linear-pattern.js'
import { checkTrajectory } from '../../lib/rules/index.js'
import type { Trajectory } from '../../lib/schema/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'
import { allTrajectories } from '../support/trajectories.js'

const define = (properties: object, more: object = {}): ReturnType<typeof checkTool> => checkTool({ name: 'a', description: 'A.', parameters: { type: 'object', properties, ...more } })

t.test('a pattern that backtracks for ever -> linear, and still enforced', t => {
  const tool = define({ a: { type: 'string', pattern: '^(a+)+$' }, b: { type: 'object', patternProperties: { '^(x+)+$': { type: 'integer' } } } })
  t.same(tool.faultsOf({ a: `${'a'.repeat(3_000)}!` }).map(({ rule, path }) => ({ rule, path })), [{ rule: 'argument-type', path: '/a' }])
  t.same(tool.faultsOf({ a: 'aaa', b: { xx: 1 } }), [])
  t.same(tool.faultsOf({ b: { xx: 'one' } }).map(({ rule, path }) => ({ rule, path })), [{ rule: 'argument-type', path: '/b/xx' }])
  t.same(tool.ignoredPatterns, [])
  t.end()
})

t.test('two patterns in one schema -> each enforced for its own argument', t => {
  const tool = define({ a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } })
  t.same(tool.faultsOf({ a: 'a', b: 'b' }), [])
  t.same(tool.faultsOf({ a: 'b', b: 'b' }).map(({ path }) => path), ['/a'])
  t.end()
})

t.test('patterns that a linear engine cannot run -> ignored and named', t => {
  const ignored = ['(?<=a)b', '(?=a)b', '(a)\\1', '(?<n>a)\\k<n>', '(', 'x{900}y{900}', 'a'.repeat(500)]
  for (const pattern of ignored) {
    const engine = createPatternEngine()
    t.equal(engine.compile(pattern).test('anything'), true, pattern.slice(0, 20))
    t.same(engine.ignored, [pattern.slice(0, 400)], pattern.slice(0, 20))
  }
  const trajectory = structuredClone(allTrajectories(0, 1)[0]) as Trajectory
  trajectory.tools.push({ name: 'extra', description: 'Not called.', parameters: { type: 'object', properties: { a: { type: 'string', pattern: '(?=a)b' } } } })
  t.same(checkTrajectory(trajectory).findings, [{ rule: 'pattern-ignored', message: 'pattern "(?=a)b" is not enforced', where: { tool: 'extra' }, mode: 'report' }])
  t.end()
})

const FAULTS: ReadonlyArray<{ title: string, properties: object, more?: object, args: object, faults: string[] }> = [
  { title: 'anyOf without any of the required', properties: { a: { type: 'string' }, b: { type: 'string' } }, more: { anyOf: [{ required: ['a'] }, { required: ['b'] }] }, args: {}, faults: ['argument-required /a'] },
  { title: 'oneOf, an undeclared name in the nearest branch', properties: { p: { oneOf: [{ type: 'object', properties: { x: { type: 'integer' } }, additionalProperties: false }, { type: 'string' }] } }, args: { p: { x: 1, y: 2 } }, faults: ['argument-name /p/y'] },
  { title: 'anyOf of types, neither', properties: { p: { anyOf: [{ type: 'integer' }, { type: 'boolean' }] } }, args: { p: 'x' }, faults: ['argument-type /p'] },
  { title: 'additionalProperties true', properties: { p: { type: 'object', properties: { x: {} }, additionalProperties: true } }, args: { p: { y: 2 } }, faults: [] },
  { title: 'additionalProperties with a schema', properties: { p: { type: 'object', additionalProperties: { type: 'integer' } } }, args: { p: { y: 2, z: 'x' } }, faults: ['argument-type /p/z'] },
  { title: 'a free-form object', properties: { p: { type: 'object' } }, args: { p: { any: { thing: 1 } } }, faults: [] },
  { title: 'names through allOf', properties: { p: { allOf: [{ type: 'object', properties: { x: {} } }, { properties: { y: {} } }] } }, args: { p: { x: 1, y: 2, z: 3 } }, faults: ['argument-name /p/z'] },
  { title: 'names in items', properties: { p: { type: 'array', items: { type: 'object', properties: { x: {} }, required: ['x'] } } }, args: { p: [{ x: 1 }, { y: 1 }] }, faults: ['argument-name /p/1/y', 'argument-required /p/1/x'] },
  { title: 'a property that every object has', properties: { constructor: { type: 'string' } }, more: { required: ['constructor'] }, args: {}, faults: ['argument-required /constructor'] },
  { title: 'equal items', properties: { p: { type: 'array', uniqueItems: true } }, args: { p: [{ a: 1 }, { a: 1 }] }, faults: ['argument-type /p'] },
  { title: 'a whole number with a fraction of zero', properties: { p: { type: 'integer' } }, args: { p: 3.0 }, faults: [] },
  { title: 'a schema that contains itself', properties: { p: { $ref: '#/$defs/n' } }, more: { $defs: { n: { type: 'object', properties: { n: { $ref: '#/$defs/n' }, v: { type: 'integer' } } } } }, args: { p: { n: { v: 'x' } } }, faults: ['argument-type /p/n/v'] },
  { title: 'a loose date', properties: { p: { type: 'string', format: 'date' } }, args: { p: '2025-03-14' }, faults: [] },
  { title: 'no date', properties: { p: { type: 'string', format: 'date' } }, args: { p: 'next week' }, faults: ['argument-type /p'] }
]

t.test('arguments and a schema -> the one rule that they break', t => {
  for (const { title, properties, more, args, faults } of FAULTS) {
    const tool = define(properties, more)
    t.equal(tool.fault, undefined, title)
    t.same(tool.faultsOf(args).map(({ rule, path }) => `${rule} ${path}`), faults, title)
  }
  t.end()
})

t.test('any JSON as schema, arguments and contents -> findings, never an error', t => {
  const anyText = fc.string({ unit: 'binary' })
  const keyword = fc.constantFrom('type', 'properties', 'items', 'enum', 'required', 'anyOf', 'allOf', '$ref', 'pattern', 'additionalProperties', 'not', 'if', 'then', 'const', 'minimum', '$id', 'dependencies', 'format', 'nullable')
  const { schema } = fc.letrec(tie => ({
    schema: fc.dictionary(keyword, fc.oneof({ depthSize: 'small' }, fc.constantFrom('object', 'string', 'array', 'integer', '#', '#/properties', 'a'), fc.jsonValue(), tie('schema'), fc.array(tie('schema'), { maxLength: 3 })), { maxKeys: 4 })
  }))
  const message = fc.oneof(
    fc.record({ role: fc.constantFrom('system' as const, 'user' as const), content: anyText }),
    fc.record({ role: fc.constant('tool' as const), toolCallId: fc.constantFrom('c0', 'c1'), content: fc.oneof(anyText, fc.json()) }),
    fc.record({
      role: fc.constant('assistant' as const),
      content: anyText,
      toolCalls: fc.array(fc.record({ id: fc.constantFrom('c0', 'c1'), name: fc.constantFrom('a', 'b'), arguments: fc.dictionary(fc.oneof(anyText, fc.constantFrom('order_id', 'email', 'password', 'api_key')), fc.jsonValue()) }), { maxLength: 2 })
    }))
  const parameters = schema.map(more => ({ ...(more as object), type: 'object', properties: { order_id: more, email: { type: 'string' } } }))
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), parameters), { maxLength: 2 }), fc.array(message, { maxLength: 8 }), (tools, messages) => {
    const trajectory = { tools: tools.map(([name, parameters]) => ({ name, description: 'A.', parameters })), messages } as Trajectory
    const { findings } = checkTrajectory(trajectory, { source: 'At most 5 items.' })
    return findings.every(({ message }) => message.length < 1_000)
  }), { numRuns: 300, seed: 20_260_115 })
  t.end()
})

t.test('a credential made of signs, echoed -> found, and its echo is no basis', t => {
  const look = tool('look', 'Looks.', { password: string('Password') })
  for (const password of ['a-b[c]{2}(d)*+?^$|\\.x/', '(((((((((a', '\ud800', '😀-1', '--', '.*']) {
    const trajectory = dialogue('You help.', [look]).user('Look.').call('look', { password }, { password }).call('look', { password }, { password: '' }).say('Done.').end()
    t.same(checkTrajectory(trajectory).findings.map(({ rule, where }) => `${rule} ${where.call}`), ['grounding call_0', 'grounding call_1'], password)
  }
  t.end()
})

t.test('an ungrounded id that begins a longer one -> the longer one is still a basis', t => {
  const look = tool('look', 'Looks.', { order_id: string('Order') })
  const trajectory = dialogue('You help.', [look]).user('Look.')
    .call('look', { order_id: 'ORD-100' }, { next: 'ORD-1000' }).call('look', { order_id: 'ORD-1000' }, { next: null }).say('Done.').end()
  t.same(checkTrajectory(trajectory).findings.map(({ where }) => where.call), ['call_0'])
  t.end()
})
