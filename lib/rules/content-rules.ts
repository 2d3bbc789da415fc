import { isObject, tryParseJson } from '../schema/json-value.js'
import type { Message } from '../schema/message.js'
import { quote, type Rule } from './rule.js'

/** Tags that nobody quotes: found in a content, they are what a broken parse left over. */
const ALWAYS_RESIDUE = /<\/?\s*(?:assistant|func|toolsets|tool_call|tool_response|think)\s*\/?>|<\|[a-z0-9_]{1,40}\|>/i

/** Tags that a text may well quote, such as a line of XML; alone, without their other half, they are residue. */
const QUOTABLE = /<(\/?)\s*(system|user|tool)\s*>/gi

/** Contents hold no leftover tag of the wire format (paper, rule 6). */
export const tagsUnclosed: Rule = {
  name: 'tags-unclosed',
  mode: 'drop',
  check: ({ messages }) => messages.flatMap((message, index) => textsOf(message).flatMap(text => {
    const residue = residueOf(text)
    return residue === undefined ? [] : [{ rule: 'tags-unclosed', message: `leftover ${quote(residue)}`, where: { message: index } }]
  }))
}

/**
 * An observation of a success is a JSON object or array; an error is a short text or an object that says so, and answers a
 * call that is valid by schema (paper, section 3.2 and rule 5).
 */
export const observationStructure: Rule = {
  name: 'observation-structure',
  mode: 'drop',
  check: (_, { calls }) => calls.flatMap(({ call, observation, faults, tool }) => {
    if (observation === undefined || observation.content.trim() === '') return []
    const kind = observationKind(observation.content)
    const where = { message: observation.message, call: call.id, tool: call.name.slice(0, 80) }
    if (kind === 'prose') return [{ rule: 'observation-structure', message: `neither structured data nor a short error: ${quote(observation.content)}`, where }]
    if (kind === 'error' && tool !== undefined && faults.length > 0) {
      return [{ rule: 'observation-structure', message: 'an error answers a call that its definition does not allow', where }]
    }
    return []
  })
}

function textsOf (message: Message): readonly string[] {
  if (message.role !== 'assistant') return [message.content]
  return [message.content, ...message.toolCalls.map(call => stringify(call.arguments))]
}

function stringify (value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // Deeper than the stack: `argument-type` says so.
    return ''
  }
}

function residueOf (text: string): string | undefined {
  if (!text.includes('<')) return undefined
  const always = ALWAYS_RESIDUE.exec(text)
  if (always !== null) return always[0]
  const open: Record<string, number> = {}
  for (const [tag, slash, name = ''] of text.matchAll(QUOTABLE)) {
    const depth = (open[name.toLowerCase()] ?? 0) + (slash === '' ? 1 : -1)
    if (depth < 0) return tag
    open[name.toLowerCase()] = depth
  }
  const left = Object.entries(open).find(([, depth]) => depth > 0)
  return left === undefined ? undefined : `<${left[0]}>`
}

const MAX_ERROR_CHARACTERS = 300
const ERROR_WORDS = new RegExp('^no\\b|\\b(?:error|errors|fail|fails|failed|failure|invalid|not|cannot|can\'t|unable|denied|refused|rejected|' +
  'forbidden|unauthori[sz]ed|expired|exceed|exceeds|exceeded|missing|required|must|unknown|unavailable|unsupported|' +
  'time-?out|timed out|conflict|exception|already|insufficient|out of|too (?:many|large|long|few|short)|locked|disabled|' +
  'does(?:n\'t| not)|limit reached|duplicate|outside|closed|blocked|incorrect|mismatch)\\b', 'i')

/** What kind of observation a content is: data, an error, or prose that is neither. */
export function observationKind (content: string): 'data' | 'error' | 'prose' {
  const value = tryParseJson(content)
  if (Array.isArray(value)) return 'data'
  if (isObject(value)) return saysError(value) ? 'error' : 'data'
  const text = typeof value === 'string' ? value : content
  if (value !== undefined && typeof value !== 'string') return 'prose'
  return text.length <= MAX_ERROR_CHARACTERS && ERROR_WORDS.test(text) ? 'error' : 'prose'
}

function saysError (value: Readonly<Record<string, unknown>>): boolean {
  const { error, errors, status, success, ok } = value
  if (success === false || ok === false) return true
  if (typeof status === 'string' && /^(?:error|failed|failure)$/i.test(status)) return true
  return [error, errors].some(told => told !== undefined && told !== null && told !== false && told !== '' && !(Array.isArray(told) && told.length === 0))
}
