import { isObject } from '../../schema/json-value.js'
import { ARGUMENT_BOUNDS, isWithin } from '../bounds.js'
import type { Leaf } from './classify.js'
import { suspectKind } from './shapes.js'

type Schema = Leaf['schema']

/**
 * The single values of arguments, each with its name and schema, in order; none where arguments are beyond bounds. A key that
 * no schema declares and that looks like an id (`{"ORD-1234": 2}`) is a value too.
 */
export function leavesOf (args: unknown, schema: Schema): Leaf[] {
  if (!isWithin(args, ARGUMENT_BOUNDS)) return []
  const leaves: Leaf[] = []
  collect({ value: args, name: '', path: '', schema }, leaves)
  return leaves
}

function collect (visit: Leaf, leaves: Leaf[]): void {
  const { value, name, path, schema } = visit
  if (Array.isArray(value)) {
    // What a list may hold is often said of the list and not of its items.
    const items = isObject(schema?.items) ? { description: schema.description, ...schema.items } : undefined
    value.forEach((item, index) => collect({ value: item, name, path: `${path}/${index}`, schema: items }, leaves))
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) collectKey(visit, [key, child], leaves)
  } else leaves.push(visit)
}

function collectKey ({ name, path, schema }: Leaf, [key, value]: readonly [string, unknown], leaves: Leaf[]): void {
  const properties = isObject(schema?.properties) ? schema.properties : {}
  const isDeclared = Object.hasOwn(properties, key)
  const own = isDeclared ? properties[key] : schema?.additionalProperties
  const here = { name: nameOf(key, name), path: `${path}/${pointerOf(key)}`, schema: isObject(own) ? own : undefined }
  if (!isDeclared && path !== '' && suspectKind(key, '') !== undefined) leaves.push({ value: key, name: '', path: here.path })
  collect({ value, ...here }, leaves)
}

function pointerOf (key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** A key such as `value` says less than the name above it. */
function nameOf (key: string, above: string): string {
  return key === 'value' && above !== '' ? above : key
}
