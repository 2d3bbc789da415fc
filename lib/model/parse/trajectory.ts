import { isObject } from '../../schema/json-value.js'
import type { Message, Observation, ToolCall } from '../../schema/message.js'
import type { ToolDefinition } from '../../schema/tool-definition.js'
import type { Trajectory } from '../../schema/trajectory.js'
import { unescapeWire } from '../../schema/wire.js'
import { readCall, type NamedCall } from './calls.js'
import { scanJson } from './json-scan.js'
import { readJson } from './json.js'
import { excerpt, malformed, reasonOf } from './malformed.js'
import { withoutReasoning } from './split-reasoning.js'
import { findTags, withoutFence, type Tag } from './tags.js'
import { parseTools } from './tools.js'
import { readTurns, type RawCall, type RawTurn } from './turns.js'

/** What the caller knows of the answer beforehand. */
export interface TrajectoryOptions {
  /** Tools of the trajectory where the answer defines none. */
  readonly tools?: readonly ToolDefinition[]
  /** Whether the answer must define its tools in `<toolsets>`. With `none` such a block is passed over. */
  readonly toolsets: 'required' | 'none'
}

/**
 * Reads a dialogue in role tags, the first of them `<system>`. Contents are trimmed and unescaped, a fence around a whole
 * observation is taken off, texts around calls are joined by a line end; think blocks are left out. Calls get the ids
 * `call_0`, `call_1`, … in order; an observation gets the id of the first open call of the assistant turn before it, or
 * `''` if there is none. Several `<toolsets>` are joined, a later tool replaces one of the same name in an earlier block.
 * Rules of order and of tools are not checked here, `validate` does that. Rejects with `answer-malformed` for tags that
 * cross or do not close, text between turns, a call that cannot be read, and tools that cannot. GEM appendix A.3, A.4.
 */
export function parseTrajectory (answer: string, { tools = [], toolsets }: TrajectoryOptions): Trajectory {
  const text = withoutReasoning(answer)
  const raw = readTurns(text)
  if (raw.turns.length === 0) {
    throw malformed(raw.toolsets.length === 0 ? `no <system> in the answer: ${excerpt(text)}` : 'no <system> in the answer, only tools', { tag: 'system' })
  }
  const turns = raw.turns.flatMap(splitResponses)
  if (turns[0]!.role !== 'system') throw malformed(`the dialogue begins with <${turns[0]!.role}>, not with <system>`, { turn: 0 })
  if (toolsets === 'none') return { tools: [...tools], messages: readMessages(turns) }
  if (raw.toolsets.length === 0) throw malformed('no <toolsets> in the answer', { tag: 'toolsets' })
  return { tools: readToolsets(raw.toolsets), messages: readMessages(turns) }
}

function readToolsets (blocks: readonly string[]): ToolDefinition[] {
  try {
    return blocks.map(block => parseTools(unescapeWire(block)))
      .reduce((all, later) => [...all.filter(tool => !later.some(({ name }) => name === tool.name)), ...later])
  } catch (thrown) {
    throw malformed(`<toolsets>: ${reasonOf(thrown)}`, { tag: 'toolsets' }, thrown)
  }
}

/** Hermes and Qwen show observations as a user turn that holds nothing but `<tool_response>` blocks. */
function splitResponses (turn: RawTurn): RawTurn[] {
  if (turn.role !== 'user' && turn.role !== 'tool') return [turn]
  const text = turn.texts.join('')
  const responses: RawTurn[] = []
  let rest = ''
  let end = 0
  let open: Tag | undefined
  for (const tag of findTags(text, ['tool_response'])) {
    if (tag.kind === 'open' && open === undefined) {
      rest += text.slice(end, tag.at)
      open = tag
    } else if (tag.kind === 'close' && open !== undefined) {
      responses.push({ role: 'tool', texts: [text.slice(open.end, tag.at)], calls: [] })
      open = undefined
      end = tag.end
    }
  }
  return responses.length === 0 || open !== undefined || (rest + text.slice(end)).trim() !== '' ? [turn] : responses
}

function readMessages (turns: readonly RawTurn[]): Message[] {
  let count = 0
  let open: string[] = []
  return turns.map((turn, index): Message => {
    if (turn.role === 'tool') return readObservation(turn, open.shift() ?? '')
    const { content, calls } = turn.role === 'assistant' ? readAssistant(turn, index, turns[index + 1]?.role) : { content: textOf(turn), calls: [] }
    const toolCalls: ToolCall[] = calls.map(call => ({ id: `call_${count++}`, ...call }))
    open = toolCalls.map(call => call.id)
    return turn.role === 'assistant' ? { role: 'assistant', content, toolCalls } : { role: turn.role, content }
  })
}

function readObservation (turn: RawTurn, toolCallId: string): Observation {
  return { role: 'tool', toolCallId, content: unescapeWire(withoutFence(turn.texts.join(''))) }
}

function textOf (turn: RawTurn): string {
  return unescapeWire(turn.texts.map(text => text.trim()).filter(text => text !== '').join('\n'))
}

interface Spoken { readonly content: string, readonly calls: readonly NamedCall[] }

function readAssistant (turn: RawTurn, index: number, next: string | undefined): Spoken {
  const calls = turn.calls.flatMap(call => readCalls(call, index))
  const content = textOf(turn)
  const untagged = calls.length === 0 && next === 'tool' ? findUntaggedCall(content) : undefined
  return untagged ?? { content, calls }
}

function readCalls ({ tag, at, inner }: RawCall, turn: number): NamedCall[] {
  try {
    const json = unescapeWire(inner)
    const value = /<arg_key>/.test(json) && !/^\s*[[{]/.test(json) ? readGlmCall(json) : readJson(json)
    return Array.isArray(value) ? value.map(readCall) : [readCall(value)]
  } catch (thrown) {
    throw malformed(`turn ${turn}: <${tag}> at offset ${at}: ${reasonOf(thrown)}`, { tag, offset: at, turn }, thrown)
  }
}

/** GLM's own format: the name, then pairs of key and value, JSON or plain text. */
function readGlmCall (text: string): unknown {
  const [name, ...pairs] = text.split('<arg_key>')
  const values = pairs.map(pair => {
    const [, key, value] = /^([^<]*)<\/arg_key>\s*<arg_value>([\s\S]*)<\/arg_value>\s*$/.exec(pair) ?? []
    if (key === undefined) throw malformed('an <arg_key> has no <arg_value>')
    return [key.trim(), readValue(value!.trim())]
  })
  return { name: name!.trim(), arguments: Object.fromEntries(values.filter(([key]) => key !== '__proto__')) }
}

function readValue (text: string): unknown {
  if (/^[[{]/.test(text)) return readJson(text)
  if (/^(?:true|false|null)$/.test(text)) return JSON.parse(text)
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER ? Number(text) : text
}

const FENCES = /```[\w-]*/g

/** A call without tags, in a fence or bare, at the end of a turn that an observation follows. */
function findUntaggedCall (content: string): Spoken | undefined {
  const start = content.search(/[[{]\s{0,9}\{?\s{0,9}["'](?:name|tool_name|function|type)["']\s{0,9}:/)
  const span = start === -1 ? undefined : scanJson(content, start)
  if (span === undefined || 'broken' in span || content.slice(span.end).replace(FENCES, '').trim() !== '') return undefined
  try {
    const value = readJson(content.slice(start, span.end))
    const calls = (Array.isArray(value) ? value : [value]).map(readCall)
    return isObject(value) && !hasArguments(value) ? undefined : { content: content.slice(0, start).replace(FENCES, '').trim(), calls }
  } catch {
    return undefined
  }
}

function hasArguments (value: Readonly<Record<string, unknown>>): boolean {
  return ['arguments', 'parameters', 'args', 'input', 'function'].some(key => key in value)
}
