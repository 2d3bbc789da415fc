import { isObject } from '../../schema/json-value.js'
import type { ToolDefinition } from '../../schema/tool-definition.js'
import { readJson } from './json.js'
import { readParameters } from './json-schema.js'
import { malformed } from './malformed.js'

const LIST_KEYS = ['tools', 'toolsets', 'toolset', 'functions', 'apis']
const SCHEMA_KEYS = ['inputSchema', 'parameters', 'input_schema', 'inputschema', 'input', 'args', 'arguments']

/**
 * Reads the tools that a model defined, from their JSON: an array, one tool, `{tools: […]}` or a map by name; each in the
 * form of GEM (`inputSchema`), of OpenAI (`parameters`, perhaps wrapped in `function`) or of Anthropic (`input_schema`).
 * Schemas are made uniform by `readParameters`; other keys are left out. Names are not checked for being unique here.
 * Rejects with `answer-malformed` for what is no JSON or no tool.
 */
export function parseTools (json: string): ToolDefinition[] {
  return listOf(readJson(json)).map(readTool)
}

function listOf (value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flat(1)
  if (!isObject(value)) throw malformed('tools must be an array')
  const list = LIST_KEYS.map(key => value[key]).find(entry => Array.isArray(entry))
  if (Array.isArray(list)) return list
  if ('name' in value || isObject(value.function)) return [value]
  return Object.entries(value).map(([name, tool]) => isObject(tool) ? { name, ...tool } : tool)
}

function readTool (value: unknown, index: number): ToolDefinition {
  if (!isObject(value)) throw malformed(`tool ${index} is no object`)
  if (isObject(value.function)) return readTool(value.function, index)
  const { name, description } = value
  if (typeof name !== 'string' || name.trim() === '') throw malformed(`tool ${index} has no name`)
  const key = SCHEMA_KEYS.find(candidate => candidate in value)
  return {
    name: name.trim(),
    description: typeof description === 'string' ? description.trim() : '',
    parameters: readParameters(key === undefined ? undefined : withRequired(value, value[key]))
  }
}

/** Some models write `required` beside the schema instead of in it. */
function withRequired (tool: Readonly<Record<string, unknown>>, schema: unknown): unknown {
  const isOutside = Array.isArray(tool.required) && isObject(schema) && isObject(schema.properties) && !('required' in schema)
  return isOutside ? { ...schema, required: tool.required } : schema
}
