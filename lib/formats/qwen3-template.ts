import type { Message, ToolCall } from '../schema/message.js'
import type { ToolDefinition } from '../schema/tool-definition.js'
import type { Trajectory } from '../schema/trajectory.js'
import { groupObservations, splitSystem, toFunctionTools } from './format.js'
import { toPythonJson } from './python-json.js'

/** A dialogue as the model sees it. */
export interface RenderedDialogue {
  readonly text: string
  /** What a trainer computes the loss of, as [start, end) in `text`: each assistant turn from behind its role to behind `<|im_end|>`. */
  readonly spans: ReadonlyArray<readonly [start: number, end: number]>
}

/**
 * Writes a dialogue by Qwen3's chat template, as `apply_chat_template(messages, tools=tools)` does: tools and system prompt
 * in one turn, observations as user turns, reasoning only behind the last user turn, and an empty think block in the last
 * turn. GEM trains in this form (table 3, appendix F; the template of Qwen3-8B).
 */
export function renderQwen3 ({ messages, tools }: Trajectory): RenderedDialogue {
  const { system, rest } = splitSystem(messages)
  let text = tools.length === 0 && system === undefined ? '' : turn('system', toSystemText(system, tools))
  const spans: Array<readonly [number, number]> = []
  const query = rest.findLastIndex(({ role, content }) => role === 'user' && !isResponse(content))
  const lastQuery = query < 0 ? rest.length - 1 : query
  for (const [at, message] of withEnds(rest)) {
    if (message.role === 'assistant') {
      const start = text.length + '<|im_start|>assistant\n'.length
      text += turn('assistant', toReasonedText(message, { isLast: at === rest.length - 1, isPastQuery: at > lastQuery }))
      spans.push([start, text.length - 1])
    } else {
      text += message.role === 'observations' ? turn('user', toResponseText(message.contents)) : turn(message.role, message.content)
    }
  }
  return { text, spans }
}

/** The text of a system turn: the prompt, and the tools as Qwen3 and Hermes declare them. */
export function toSystemText (system: string | undefined, tools: readonly ToolDefinition[]): string {
  if (tools.length === 0) return system ?? ''
  return `${system === undefined ? '' : `${system}\n\n`}${TOOLS_BEFORE}${toFunctionTools(tools).map(tool => `\n${toPythonJson(tool)}`).join('')}${TOOLS_AFTER}`
}

/** The text of an assistant turn: what it says, then its calls, each in its tags. */
export function toAssistantText (content: string, calls: readonly ToolCall[]): string {
  return [...content === '' ? [] : [content], ...calls.map(toCallText)].join('\n')
}

/** A call in its tags. */
export function toCallText ({ name, arguments: values }: Omit<ToolCall, 'id'>): string {
  return `<tool_call>\n{"name": "${name}", "arguments": ${toPythonJson(values)}}\n</tool_call>`
}

/** The text of a user turn that holds observations. */
export function toResponseText (contents: readonly string[]): string {
  return contents.map(content => `<tool_response>\n${content}\n</tool_response>`).join('\n')
}

/** What stands before and behind the tools in a system turn. */
export const TOOLS_BEFORE = '# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>'
/** See `TOOLS_BEFORE`. */
export const TOOLS_AFTER = '\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'

function turn (role: string, content: string): string {
  return `<|im_start|>${role}\n${content}<|im_end|>\n`
}

type Group = ReturnType<typeof groupObservations>[number]

/** Groups with the place of their last message. */
function withEnds (messages: readonly Message[]): Array<readonly [at: number, group: Group]> {
  let at = -1
  return groupObservations(messages).map(group => {
    at += group.role === 'observations' ? group.contents.length : 1
    return [at, group] as const
  })
}

function isResponse (content: string): boolean {
  return content.startsWith('<tool_response>') && content.endsWith('</tool_response>')
}

function toReasonedText (message: Message & { readonly role: 'assistant' }, { isLast, isPastQuery }: { readonly isLast: boolean, readonly isPastQuery: boolean }): string {
  const { reasoning, content } = splitThink(message.content)
  const text = toAssistantText(content, message.toolCalls)
  if (!isPastQuery || (!isLast && reasoning === '')) return text
  // The line end between text and call stays, whatever the text loses.
  const leading = content.length - trimLines(content, 'start').length
  return `<think>\n${trimLines(trimLines(reasoning, 'start'), 'end')}\n</think>\n\n${text.slice(leading)}`
}

/** The template splits at the last closing tag, and reads the reasoning from before the first. */
function splitThink (text: string): { readonly reasoning: string, readonly content: string } {
  if (!text.includes('</think>')) return { reasoning: '', content: text }
  const pieces = text.split('</think>')
  const before = trimLines(pieces[0] as string, 'end').split('<think>').at(-1) as string
  return { reasoning: trimLines(before, 'start'), content: trimLines(pieces.at(-1) as string, 'start') }
}

/** Without the line ends at one side. A regular expression would take quadratic time at the end. */
function trimLines (text: string, side: 'start' | 'end'): string {
  let [start, end] = [0, text.length]
  if (side === 'start') while (text[start] === '\n') start++
  else while (end > 0 && text[end - 1] === '\n') end--
  return text.slice(start, end)
}
