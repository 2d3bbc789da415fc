import type { Message } from '../schema/message.js'
import { ARGUMENT_BOUNDS } from './bounds.js'
import { embeddedStub, stubInText, stubOfValue, type Speaker } from './stubs.js'
import { quote, type CallSite, type Finding, type Rule } from './rule.js'
import { walkJson, type JsonNode } from './walk-json.js'

/** Findings of one content: a record falls with the first. */
const MAX_FINDINGS = 5

/**
 * Nothing stands where data should: no `...` for a value or the rest of a list, no `// more`, `<user_id>`, `[insert name]`,
 * `{{name}}`, `YOUR_API_KEY`. Ellipses of speech, cut previews, merge fields of a template and code are no placeholders.
 * Beyond the paper, whose refinement forbids them (appendix A.4).
 */
export const placeholder: Rule = {
  name: 'placeholder',
  mode: 'drop',
  check: ({ messages }, { calls, source }) => [...messages.flatMap((message, index) => inMessage(message, index, source)), ...calls.flatMap(inCall)]
}

/** What the source text says too is what it is about: a guide to templates speaks of `{{name}}`. */
function inMessage (message: Message, index: number, source: string | undefined): Finding[] {
  if (message.role === 'tool') return []
  const stub = stubInText(message.content, message.role)
  return stub === undefined || source?.includes(stub) === true ? [] : [found(stub, message.role, { message: index })]
}

function inCall ({ message, call, observation }: CallSite): Finding[] {
  const where = { call: call.id.slice(0, 80), tool: call.name.slice(0, 80) }
  const args = inJson(call.arguments, 'argument').map(({ stub, path }) => found(stub, 'argument', { ...where, message, path }))
  if (observation === undefined) return args
  return [...args, ...inObservation(observation).map(({ stub, path }) => found(stub, 'observation', { ...where, message: observation.message, path }))]
}

interface Stub { readonly stub: string, readonly path?: string }

function inObservation ({ value, content }: NonNullable<CallSite['observation']>): Stub[] {
  if (value !== undefined) return inJson(value, 'observation')
  const stub = stubOfValue(content, '', 'observation') ?? embeddedStub(content, '', 'text')
  return stub === undefined ? [] : [{ stub }]
}

function inJson (value: unknown, speaker: Speaker): Stub[] {
  const stubs: Stub[] = []
  for (const node of walkJson(value, speaker === 'argument' ? ARGUMENT_BOUNDS : undefined)) {
    const stub = stubOfNode(node, speaker)
    if (stub !== undefined) stubs.push({ stub, path: node.path.slice(0, 200) })
    if (stubs.length >= MAX_FINDINGS) break
  }
  return stubs
}

function stubOfNode ({ value, name, path }: JsonNode, speaker: Speaker): string | undefined {
  if (name === '...' || name === '…') return name
  return typeof value === 'string' ? stubOfValue(value, path, speaker) ?? embeddedStub(value, path, speaker) : undefined
}

function found (stub: string, what: string, where: Finding['where']): Finding {
  return { rule: 'placeholder', message: `${quote(stub)} stands for data in ${what === 'argument' || what === 'observation' ? `an ${what}` : `what the ${what} says`}`, where }
}
