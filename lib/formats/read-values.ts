import { jsonrepair } from 'jsonrepair'
import { isObject, tryParseJson } from '../schema/json-value.js'
import type { ToolDefinition } from '../schema/tool-definition.js'

/** A call as other people's sets have it; few of them give it an id. */
export interface ForeignCall {
  readonly id?: string | undefined
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

const MOST_LITERAL = 2_097_152

/** JSON, or a literal as Python prints it (`{'name': None}`), which some sets hold. Throws a SyntaxError for anything else. */
export function readLiteral (text: string): unknown {
  const value = tryParseJson(text)
  if (value !== undefined) return value
  if (text.length > MOST_LITERAL) throw new SyntaxError(`a value of ${text.length} characters is no JSON`)
  try {
    return JSON.parse(jsonrepair(text))
  } catch {
    throw new SyntaxError(`no JSON: ${text.slice(0, 80)}`)
  }
}

/** A list that may stand in its column as a JSON string. Throws a SyntaxError, naming the column, for anything else. */
export function readList (value: unknown, column: string): readonly unknown[] {
  const list = typeof value === 'string' ? readLiteral(value) : value
  if (!Array.isArray(list)) throw new SyntaxError(`${column} is no list`)
  return list
}

/**
 * Tools, bare or in OpenAI's `function`, their parameters under `parameters`, `inputSchema` or `input_schema`; none where
 * the column is missing or empty. Throws a SyntaxError for what is no tool.
 */
export function readTools (value: unknown): ToolDefinition[] {
  if (value === undefined || value === null || value === '') return []
  return readList(value, 'tools').map(readTool)
}

function readTool (value: unknown): ToolDefinition {
  const tool = isObject(value) && isObject(value['function']) ? value['function'] : value
  if (!isObject(tool) || typeof tool['name'] !== 'string') throw new SyntaxError('a tool has no name')
  const parameters = tool['parameters'] ?? tool['inputSchema'] ?? tool['input_schema'] ?? { type: 'object', properties: {} }
  if (!isObject(parameters)) throw new SyntaxError(`the parameters of tool ${tool['name'].slice(0, 80)} are no object`)
  return { name: tool['name'], description: typeof tool['description'] === 'string' ? tool['description'] : '', parameters }
}

/** One call or several, as a value or its JSON. Throws a SyntaxError for what is no call. */
export function readCalls (value: unknown): ForeignCall[] {
  const read = typeof value === 'string' ? readLiteral(value) : value
  return (Array.isArray(read) ? read : [read]).map(readCall)
}

/** A call, bare or in OpenAI's `function`; its arguments an object, the JSON of one, or missing. Throws a SyntaxError. */
export function readCall (value: unknown): ForeignCall {
  const outer = isObject(value) ? value : {}
  const call = isObject(outer['function']) ? outer['function'] : outer
  const { name } = call
  if (typeof name !== 'string') throw new SyntaxError('a call has no name')
  const given = call['arguments'] ?? call['parameters'] ?? {}
  const values = typeof given === 'string' ? given.trim() === '' ? {} : readLiteral(given) : given
  if (!isObject(values)) throw new SyntaxError(`the arguments of ${name.slice(0, 80)} are no object`)
  return { id: typeof outer['id'] === 'string' ? outer['id'] : undefined, name, arguments: values }
}

/** The text of a message: a string, nothing, or OpenAI's list of parts. Throws a SyntaxError for anything else. */
export function readText (value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (Array.isArray(value) && value.every(part => isObject(part) && typeof part['text'] === 'string')) {
    return value.map(part => (part as { text: string }).text).join('')
  }
  throw new SyntaxError('the content of a message is no text')
}
