import { isObject } from '../schema/json-value.js'
import type { JsonSchema } from '../schema/tool-definition.js'
import { isWithin, SCHEMA_BOUNDS } from './bounds.js'

/** A schema without references, or the reason why it cannot be used. */
export type InlinedSchema = { readonly schema: JsonSchema, readonly fault?: undefined } | { readonly fault: string, readonly schema?: undefined }

const INLINED_BOUNDS = { ...SCHEMA_BOUNDS, maxDepth: 3 * SCHEMA_BOUNDS.maxDepth }

/** How often a schema may contain itself; below that, anything goes. Tool parameters that recurse are rare and shallow. */
const MAX_RECURSION = 3

/** Keywords whose value is data or prose, not schema: nothing in them is a reference. */
const DATA_KEYWORDS = new Set(['default', 'enum', 'const', 'examples', 'example', 'required'])

/** Keywords whose value maps names (which may be spelled like keywords) to schemas. */
const MAP_KEYWORDS = new Set(['properties', 'patternProperties', 'dependencies', 'dependentSchemas'])

/** Identity and definitions: without references they mean nothing, and ajv would look up what `$schema` names. */
const LEFT_OUT = new Set(['$id', 'id', '$schema', '$anchor', '$comment', '$defs', 'definitions'])

interface State {
  readonly root: JsonSchema
  /** References that were followed to get here. */
  readonly chain: readonly string[]
  /** Shared by the whole walk: nodes that may still be made, and the first fault, after which nothing is followed. */
  readonly walk: { nodesLeft: number, fault?: string }
}

/**
 * Puts every local `$ref` in place, so that neither compiling nor checking can cost more than the size of the result:
 * chains of references may stand for a schema of any size, and a reference to itself never ends.
 * Remote references, `$async` and schemas beyond the bounds are faults.
 */
export function inlineSchema (root: JsonSchema): InlinedSchema {
  if (!isWithin(root, SCHEMA_BOUNDS)) return { fault: 'its parameters are too large or too deep' }
  const walk: State['walk'] = { nodesLeft: SCHEMA_BOUNDS.maxNodes }
  const schema = inlineNode(root, { root, chain: [], walk })
  if (walk.fault !== undefined) return { fault: walk.fault }
  if (!isObject(schema)) return { fault: 'its parameters are no object schema' }
  return isWithin(schema, INLINED_BOUNDS) ? { schema } : { fault: 'its parameters are too deep once references are followed' }
}

function inlineNode (node: unknown, state: State): unknown {
  if (--state.walk.nodesLeft < 0) return fail(state, 'its parameters are too large once references are followed')
  if (Array.isArray(node)) return node.map(item => inlineNode(item, state))
  if (!isObject(node)) return node
  if (typeof node.$ref === 'string') return followReference(node, node.$ref, state)
  return inlineObject(node, state)
}

function inlineObject (node: JsonSchema, state: State): JsonSchema {
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    const fault = faultOfKeyword(key, value)
    if (fault !== undefined) fail(state, fault)
    else if (LEFT_OUT.has(key) || (key === 'nullable' && node.type === undefined)) continue
    else if (DATA_KEYWORDS.has(key)) copy[key] = value
    else if (MAP_KEYWORDS.has(key) && isObject(value)) copy[key] = inlineMap(value, state)
    else copy[key] = inlineNode(value, state)
  }
  return copy
}

function faultOfKeyword (key: string, value: unknown): string | undefined {
  if (key === '__proto__') return 'its parameters use the name __proto__'
  if (key === '$async' && value !== false) return 'its parameters are an asynchronous schema'
  return key === '$dynamicRef' || key === '$recursiveRef' ? `its parameters use ${key}` : undefined
}

/** Keeps the first fault; what comes back is of no use any more. */
function fail ({ walk }: State, fault: string): JsonSchema {
  walk.fault ??= fault
  return {}
}

function inlineMap (map: JsonSchema, state: State): JsonSchema {
  if (Object.hasOwn(map, '__proto__')) return fail(state, 'its parameters use the name __proto__')
  return Object.fromEntries(Object.entries(map).map(([name, schema]) => [name, inlineNode(schema, state)]))
}

function followReference (node: JsonSchema, pointer: string, state: State): unknown {
  if (state.walk.fault !== undefined) return {}
  if (!pointer.startsWith('#')) return fail(state, 'its parameters refer to another document')
  const target = resolvePointer(state.root, pointer)
  if (!isObject(target) && typeof target !== 'boolean') return fail(state, `its parameters refer to nothing at ${pointer.slice(0, 80)}`)
  const seen = state.chain.filter(link => link === pointer).length
  // Prose beside a reference is common (`description`); other keywords count only from draft 2019 on.
  const { $ref: _, ...beside } = node
  const below = { ...state, chain: [...state.chain, pointer] }
  const inlined = seen >= MAX_RECURSION ? {} : inlineNode(target, below)
  if (!isObject(inlined)) return inlined
  const own = inlineObject(beside, state)
  return { ...inlined, ...own }
}

function resolvePointer (root: JsonSchema, pointer: string): unknown {
  if (pointer === '#') return root
  if (!pointer.startsWith('#/')) return undefined
  let node: unknown = root
  for (const part of pointer.slice(2).split('/')) {
    const key = decodePart(part)
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Record<string, unknown>)[key]
  }
  return node
}

function decodePart (part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}
