import { isObject } from '../../schema/json-value.js'
import { parseJson } from './json.js'
import { malformed, reasonOf } from './malformed.js'

/** A call without its id. */
export interface NamedCall { readonly name: string, readonly arguments: Record<string, unknown> }

const NAME_KEYS = ['name', 'tool_name', 'function_name', 'tool', 'function', 'action']
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'input', 'params', 'action_input']

/**
 * Makes a call of a JSON object as models write one: `arguments` (or `parameters`, `args`, `input`) an object, a JSON string
 * or missing; the whole perhaps inside of `function`. Rejects with `answer-malformed`.
 */
export function readCall (value: unknown): NamedCall {
  if (!isObject(value)) throw malformed('a call must be an object')
  const inner = ['function', 'function_call', 'tool_call'].map(key => value[key]).find(isObject)
  if (inner !== undefined) return readCall(inner)
  const name = NAME_KEYS.map(key => value[key]).find(entry => typeof entry === 'string' && entry.trim() !== '')
  if (name === undefined) throw malformed('a call has no name')
  const key = ARGUMENT_KEYS.find(candidate => candidate in value)
  return { name: String(name).trim(), arguments: readArguments(key === undefined ? null : value[key], String(name)) }
}

function readArguments (value: unknown, name: string): Record<string, unknown> {
  if (value === null || value === '') return {}
  if (isObject(value)) return value
  if (typeof value !== 'string') throw malformed(`the arguments of ${name} are no object`)
  try {
    return parseJson(value, 'object')
  } catch (thrown) {
    throw malformed(`the arguments of ${name} are text that is no JSON object: ${reasonOf(thrown)}`, undefined, thrown)
  }
}
