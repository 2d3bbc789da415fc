import { isObject } from '../../../lib/schema/json-value.js'
import type { Dice } from './dice.js'

/** One of the choices: the one that the plain answer holds, else one by the dice. */
export function choose (choices: readonly string[], answer: string, dice: Dice): string {
  const text = answer.toLowerCase()
  return choices.find(choice => text.includes(choice.toLowerCase())) ?? dice.pick(choices)
}

const MAX_DEPTH = 8

/** A small value of a schema: required properties only, first options, least lengths. Made to be valid, not to mean anything. */
export function instanceOf (schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH) return null
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (typeof schema.$ref === 'string') return instanceOf(resolve(schema.$ref, root), root, depth + 1)
  const branch = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray)
  if (branch !== undefined && schema.type === undefined) return instanceOf(branch[0], root, depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'array') return Array.from({ length: Math.min(16, numberOr(schema.minItems, 0)) }, () => instanceOf(schema.items, root, depth + 1))
  return LEAVES[String(type)]?.(schema) ?? (type === 'null' ? null : objectOf(schema, root, depth))
}

const leastNumber = (schema: Readonly<Record<string, unknown>>): number => Math.min(numberOr(schema.maximum, Infinity), numberOr(schema.minimum, 0))

const LEAVES: Readonly<Record<string, (schema: Readonly<Record<string, unknown>>) => unknown>> = {
  string: schema => 'text'.padEnd(Math.min(1000, numberOr(schema.minLength, 0)), '.').slice(0, numberOr(schema.maxLength, 1000)),
  integer: leastNumber,
  number: leastNumber,
  boolean: () => true
}

function objectOf (schema: Readonly<Record<string, unknown>>, root: unknown, depth: number): Record<string, unknown> {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.filter(name => typeof name === 'string') : []
  return Object.fromEntries(required.slice(0, 64).map(name => [name, instanceOf(properties[name] ?? {}, root, depth + 1)]))
}

function resolve (ref: string, root: unknown): unknown {
  let value: unknown = root
  for (const part of ref.replace(/^#\/?/, '').split('/').filter(name => name !== '')) value = isObject(value) ? value[part] : undefined
  return value
}

function numberOr (value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}
