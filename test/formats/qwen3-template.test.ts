/**
 * Catches a render that differs in one character from Qwen3's own chat template. The texts of test/fixtures/qwen3 are what
 * transformers makes of these dialogues; `npm run test:export` makes them again, and asks it for every dialogue of the tests.
 */
import '../support/seed.js'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { FORMATS, renderQwen3 } from '../../lib/formats/index.js'
import { toPythonJson } from '../../lib/formats/python-json.js'
import type { Trajectory } from '../../lib/schema/index.js'
import { anyTrajectory, anyValue } from '../support/any-trajectory.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { allTrajectories } from '../support/trajectories.js'

interface Rendered { readonly name: string, readonly trajectory: Trajectory, readonly text: string }
const RENDERED = JSON.parse(readFileSync(new URL('../fixtures/qwen3/rendered.json', import.meta.url), 'utf8')) as Rendered[]

t.test('dialogues, odd ones too -> the text of the template', async t => {
  for (const { name, trajectory, text } of RENDERED) t.equal(renderQwen3(trajectory).text, text, name)
})

t.test('any dialogue -> the spans hold the assistant turns to their end, and nothing else does', async t => {
  const isRight = (trajectory: Trajectory): boolean => {
    const { text, spans } = renderQwen3(trajectory)
    const between = spans.map(([, end], at) => text.slice(end, spans[at + 1]?.[0]))
    return spans.length === trajectory.messages.filter(({ role }) => role === 'assistant').length &&
      spans.every(([start, end]) => text.slice(0, start).endsWith('<|im_start|>assistant\n') && text.slice(start, end).split('<|im_end|>').length === 2 && text.slice(start, end).endsWith('<|im_end|>')) &&
      between.slice(0, -1).every(part => part.startsWith('\n<|im_start|>user\n')) && between.at(-1) === '\n'
  }
  t.ok([DOOR_TRAJECTORY, ...allTrajectories(14, 3)].every(isRight))
  fc.assert(fc.property(anyTrajectory, isRight))
})

t.test('any dialogue -> the hermes form without tools gives the same text as the calls and tools themselves', async () => {
  fc.assert(fc.property(anyTrajectory, trajectory => {
    const messages = FORMATS.hermes.write(trajectory)['messages'] as Array<{ role: 'system' | 'user' | 'assistant', content: string }>
    const plain = messages.map(message => message.role === 'assistant' ? { ...message, role: message.role, toolCalls: [] } : { ...message, role: message.role })
    return renderQwen3({ messages: plain, tools: [] }).text === renderQwen3(trajectory).text
  }))
})

t.test('any value -> JSON that reads back equal, with the blanks and exponents of Python', async t => {
  fc.assert(fc.property(anyValue, value => JSON.stringify(JSON.parse(toPythonJson(value))) === JSON.stringify(value)))
  const cases = [
    { value: [1, { a: null, b: undefined }], text: '[1, {"a": null}]' },
    { value: 1e-7, text: '1e-07' }, { value: -0.000015, text: '-1.5e-05' }, { value: 1.25e-12, text: '1.25e-12' }, { value: 0.0001, text: '0.0001' },
    { value: 1e21, text: '1e+21' }, { value: 0, text: '0' }, { value: 'é\u2028\u0007"', text: '"é\u2028\\u0007\\""' }
  ]
  for (const { value, text } of cases) t.equal(toPythonJson(value), text)
})
