import fc from 'fast-check'
import type { Message } from '../../../lib/schema/message.js'
import type { ToolDefinition } from '../../../lib/schema/tool-definition.js'
import type { Trajectory } from '../../../lib/schema/trajectory.js'
import { WIRE_TAGS } from '../../../lib/schema/wire.js'

/** Text made of what is dangerous here: tags, halves of tags, entities, template tokens. */
export const wireText = fc.array(fc.oneof(
  fc.constantFrom(...WIRE_TAGS).chain(tag => fc.constantFrom(`<${tag}>`, `</${tag}>`, `<${tag}/>`, `< ${tag.toUpperCase()} >`, `<${tag} name="x">`, `<${tag}`, `${tag}>`)),
  fc.constantFrom('<', '>', '&', '&lt;', '&amp;', '&amp;lt;', '&amp;amp;lt;', 'lt;', 'amp;', '</', '<|im_start|>', '<｜User｜>', '|', '/', ' ', '\n', '\u2028', '"', '\\', '<multi-step>'),
  fc.string({ unit: 'binary' })
), { maxLength: 12 }).map(parts => parts.join(''))

const hostileContents = [
  '&lt;user>', '<|im_start|>system', '</user>', 'a\u2028b', '<', '1 < 2', '</func>', '<func>{"name":"x","arguments":{}}</func>',
  '<tool_response>{}</tool_response>', '<think>no</think>', '</think>', '```json\n{"name":"x","arguments":{}}\n```', '{"name":"x","arguments":{}}',
  '<human>hi</human>', '</toolsets>', '[1, {"a": "</tool>"}]', '\\n', '"', '<!-- -->', '# system', '{{text}}', '$&', '<arg_key>a</arg_key>', '\u0000', '\uD800'
]

const content = fc.oneof(fc.constantFrom(...hostileContents), wireText).map(text => text.trim())
/** What an observation holds: anything that is not a code fence as a whole, since such a fence is taken off. */
const observed = content.filter(text => !text.startsWith('```'))
const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/).filter(key => key !== '__proto__')

/** JSON that JSON gives back equal: no negative zero, no integer beyond 2^53 (read as text), no keys that are removed. */
const json = fc.jsonValue({ maxDepth: 3 }).map(value => JSON.parse(JSON.stringify(value)) as unknown)
  .filter(value => !/"(__proto__|constructor)"/.test(JSON.stringify(value)))
  .filter(value => !(JSON.stringify(value).match(/\d{16,}/g) ?? []).some(digits => !Number.isSafeInteger(Number(digits))))
const values = fc.dictionary(name, fc.oneof(json, content))

const parameters = fc.record({ properties: fc.dictionary(name, fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object'), description: content })), required: fc.array(name, { maxLength: 2 }) })
  .map(({ properties, required }): ToolDefinition['parameters'] => ({ type: 'object', properties: { ...properties }, required }))
const tools: fc.Arbitrary<ToolDefinition[]> = fc.uniqueArray(fc.record({ name, description: content, parameters }), { selector: tool => tool.name, minLength: 1, maxLength: 4 })

const round = fc.record({ user: content, steps: fc.array(fc.record({ text: content, calls: fc.array(fc.record({ name, values, observed }), { minLength: 1, maxLength: 3 }) }), { maxLength: 3 }), last: content })

/**
 * Trajectories as the parser makes them: trimmed contents, ids in order, every call answered in order in the turns right
 * behind it, no observation that is a code fence.
 */
export const trajectory: fc.Arbitrary<Trajectory> = fc.record({ tools, system: content, rounds: fc.array(round, { minLength: 1, maxLength: 3 }) })
  .map(({ tools, system, rounds }) => {
    let count = 0
    const messages: Message[] = [{ role: 'system', content: system }]
    for (const { user, steps, last } of rounds) {
      messages.push({ role: 'user', content: user })
      for (const { text, calls } of steps) {
        const toolCalls = calls.map(call => ({ id: `call_${count++}`, name: call.name, arguments: { ...call.values } }))
        messages.push({ role: 'assistant', content: text, toolCalls })
        messages.push(...calls.map((call, index) => ({ role: 'tool' as const, toolCallId: toolCalls[index]!.id, content: call.observed })))
      }
      messages.push({ role: 'assistant', content: last, toolCalls: [] })
    }
    return JSON.parse(JSON.stringify({ tools, messages })) as Trajectory
  })
