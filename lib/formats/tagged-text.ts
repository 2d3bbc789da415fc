import type { ToolDefinition } from '../schema/tool-definition.js'
import { TOOLS_AFTER, TOOLS_BEFORE } from './qwen3-template.js'
import { readCalls, readLiteral, readTools, type ForeignCall } from './read-values.js'
import type { Turn } from './turns.js'

/**
 * Takes tools, calls and observations out of the tags that they stand in as text: `<tools>` in the system prompt,
 * `<tool_call>` in assistant turns, `<tool_response>` in user and tool turns. Turns without tags stay as they are.
 * Throws a SyntaxError for a tag that is not closed or holds no JSON.
 */
export function readTagged (turns: readonly Turn[]): { readonly turns: readonly Turn[], readonly tools: readonly ToolDefinition[] } {
  const tools: ToolDefinition[] = []
  const read = turns.flatMap((turn): Turn[] => {
    if (turn.role === 'assistant') {
      const { text, calls } = splitCalls(turn.content)
      return [{ ...turn, content: text, calls: [...turn.calls, ...calls] }]
    }
    if (turn.role !== 'system') return splitResponses(turn)
    const { system, tools: declared } = splitTools(turn.content)
    tools.push(...declared)
    return system === undefined ? [] : [{ role: 'system', content: system }]
  })
  return { turns: read, tools }
}

/** What a text says, and the calls in it. One line end before the first call parts it from the text and belongs to neither. */
export function splitCalls (content: string): { readonly text: string, readonly calls: readonly ForeignCall[] } {
  const { outside, inside } = splitTags(content, 'tool_call')
  if (inside.length === 0) return { text: content, calls: [] }
  const [before = '', ...rest] = outside
  const texts = [before.replace(/\n$/, ''), ...rest.map(text => text.trim())]
  return { text: texts.filter(text => text !== '').join('\n'), calls: inside.flatMap(readCalls) }
}

function splitResponses (turn: Turn): Turn[] {
  if (turn.role === 'user' && !turn.content.startsWith('<tool_response>')) return [turn]
  const { inside } = splitTags(turn.content, 'tool_response')
  return inside.length === 0 ? [turn] : inside.map(content => ({ role: 'tool', content: content.replace(/^\n/, '').replace(/\n$/, '') }))
}

/** The prompt without the tools where they are declared in Qwen3's words; the whole of it where the words are others'. */
function splitTools (content: string): { readonly system: string | undefined, readonly tools: readonly ToolDefinition[] } {
  const start = content.lastIndexOf(TOOLS_BEFORE)
  if (start >= 0 && content.endsWith(TOOLS_AFTER)) {
    const tools = readDeclared(content.slice(start + TOOLS_BEFORE.length, -TOOLS_AFTER.length).trim())
    return { system: start === 0 ? undefined : content.slice(0, Math.max(0, start - '\n\n'.length)), tools }
  }
  // The first pair often only says what the tags are for.
  const declared = content.lastIndexOf('</tools>') < content.lastIndexOf('<tools>') ? [] : splitTags(content, 'tools').inside
  return { system: content, tools: readDeclared(declared.findLast(text => text.trim() !== '')?.trim() ?? '') }
}

/** A JSON array, or a tool a line. */
function readDeclared (text: string): readonly ToolDefinition[] {
  if (text === '') return []
  return text.startsWith('[') ? readTools(text) : readTools(text.split('\n').filter(line => line.trim() !== '').map(readLiteral))
}

function splitTags (text: string, tag: string): { readonly outside: readonly string[], readonly inside: readonly string[] } {
  const [open, close] = [`<${tag}>`, `</${tag}>`]
  const outside: string[] = []
  const inside: string[] = []
  let at = 0
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, at)) {
    const end = text.indexOf(close, start)
    if (end < 0) throw new SyntaxError(`${open} is not closed`)
    outside.push(text.slice(at, start))
    inside.push(text.slice(start + open.length, end))
    at = end + close.length
  }
  return { outside: [...outside, text.slice(at)], inside }
}
