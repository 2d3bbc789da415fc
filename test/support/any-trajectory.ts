import fc from 'fast-check'
import { findTemplateToken, type Message, type ToolDefinition, type Trajectory } from '../../lib/schema/index.js'

/** Text as models and people write it, and worse: quotes, tags of other formats, escapes, line ends, other scripts. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom('a', ' ', '\n', '"', '\\', '\u2028', '{', '}', '<', '>', '&lt;', '<tools>', "it's", 'é', '漢字', '😀', '\t', '</func>', '{{content}}', 'null', '\r\n'), { minLength: 1, maxLength: 12 }).map(parts => parts.join('')) }
).filter(text => text.trim() !== '' && findTemplateToken(text) === undefined)

const anyNumber = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1e-7, 0.00001, 1.5e-5, 1e21, 2 ** 60, -0.5))
  .filter(number => Math.abs(number) < 2 ** 63 || Math.abs(number) >= 1e21)
const anyKey = fc.oneof(fc.stringMatching(/^[a-z][a-z_]{0,8}$/), fc.constantFrom('1', '__proto__x', 'é', 'a b', 'null'))

/** A value of JSON, not deep. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 3 }, fc.boolean(), fc.constant(null), anyNumber.map(number => Object.is(number, -0) ? 0 : number), anyText, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(anyKey, tie('value'), { maxKeys: 3, noNullPrototype: true }))
})).value

const anyArguments = fc.dictionary(anyKey, anyValue, { maxKeys: 4, noNullPrototype: true })
const anyName = fc.stringMatching(/^[a-z][a-z_0-9]{0,14}$/)
const anyTool: fc.Arbitrary<ToolDefinition> = fc.record({
  name: anyName,
  description: fc.oneof(anyText, fc.constant('')),
  parameters: fc.record({ type: fc.constant('object'), properties: anyArguments, required: fc.array(anyName, { maxLength: 2 }) })
})

interface Step { readonly text: string, readonly calls: ReadonlyArray<{ readonly name: string, readonly arguments: Record<string, unknown>, readonly answer: string }> }

/** A user turn, rounds of calls, and the answer to it. */
const anyExchange = fc.record({
  user: anyText,
  rounds: fc.array(fc.record({
    text: fc.oneof(fc.constant(''), anyText),
    calls: fc.array(fc.record({ name: anyName, arguments: anyArguments, answer: fc.oneof(anyText, fc.constant('')) }), { minLength: 1, maxLength: 3 })
  }), { maxLength: 3 }),
  // At the start of the last turn the template drops line ends.
  answer: anyText.map(text => text.replace(/^\n+/, ''))
})

/** A trajectory without an obstacle, with parallel calls and text beside calls; ids as the parser gives them. */
export const anyTrajectory: fc.Arbitrary<Trajectory> = fc.record({
  system: fc.oneof({ weight: 5, arbitrary: anyText }, { weight: 1, arbitrary: fc.constant(undefined) }),
  exchanges: fc.array(anyExchange, { minLength: 1, maxLength: 3 }),
  tools: fc.array(anyTool, { minLength: 1, maxLength: 3 })
}).map(({ system, exchanges, tools }) => {
  const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: system }]
  let next = 0
  for (const { user, rounds, answer } of exchanges) {
    messages.push({ role: 'user', content: user })
    for (const round of rounds) next = pushRound(messages, round, next)
    messages.push({ role: 'assistant', content: answer, toolCalls: [] })
  }
  return { tools, messages }
})

function pushRound (messages: Message[], { text, calls }: Step, next: number): number {
  const ids = calls.map((_, at) => `call_${next + at}`)
  messages.push({ role: 'assistant', content: text, toolCalls: calls.map((call, at) => ({ id: ids[at] as string, name: call.name, arguments: call.arguments })) })
  for (const [at, { answer }] of calls.entries()) messages.push({ role: 'tool', toolCallId: ids[at] as string, content: answer })
  return next + calls.length
}
