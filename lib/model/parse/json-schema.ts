import { isObject } from '../../schema/json-value.js'

type Schema = Record<string, unknown>

const EMPTY: Schema = Object.freeze({ type: 'object', properties: Object.freeze({}) })

/** Names of types that models write, beside those of JSON Schema. An empty name means any value. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'string', str: 'string', text: 'string', char: 'string', varchar: 'string', date: 'string', datetime: 'string',
  time: 'string', enum: 'string', uuid: 'string', url: 'string', email: 'string', file: 'string', bytes: 'string',
  number: 'number', float: 'number', double: 'number', decimal: 'number', real: 'number', numeric: 'number',
  integer: 'integer', int: 'integer', long: 'integer', int32: 'integer', int64: 'integer',
  boolean: 'boolean', bool: 'boolean',
  array: 'array', list: 'array', tuple: 'array', set: 'array', sequence: 'array',
  object: 'object', dict: 'object', dictionary: 'object', map: 'object', hash: 'object', struct: 'object', json: 'object',
  null: 'null', none: 'null', nonetype: 'null',
  any: '', mixed: '', variant: ''
}

/** Keywords by which a schema is told from a bare map of properties. */
const ROOT_KEYS = ['type', 'properties', 'required', 'additionalProperties', '$schema', '$defs', 'anyOf', 'oneOf', 'allOf']

/**
 * Makes a JSON Schema of `type: object` with `properties` out of what models give for the arguments of a tool: a schema, a
 * bare map of properties, a list of parameters with `name`, nothing. Python's names of types become those of JSON Schema,
 * `required: true` beside a property and a comma list become the list, other keywords stay as they are. What is one
 * already comes back equal. Whether it is a valid schema, `validate` decides.
 */
export function readParameters (value: unknown): Schema {
  if (Array.isArray(value)) return readParameters({ type: 'object', properties: byName(value) })
  if (!isObject(value)) return { ...EMPTY, properties: {} }
  const isSchema = Object.keys(value).some(key => ROOT_KEYS.includes(key) && !isPropertyOf(key, value))
  const schema = readSchema(isSchema ? value : { type: 'object', properties: value })
  const { type = 'object', properties, ...rest } = schema
  return type !== 'object' && properties === undefined
    ? schema
    : { type: 'object', properties: isObject(properties) ? properties : {}, ...rest }
}

function byName (list: readonly unknown[]): Schema {
  return Object.fromEntries(list.filter(isObject).filter(({ name }) => typeof name === 'string' && name !== '__proto__')
    .map(({ name, ...property }) => [name, property]))
}

/** A tool may have an argument that is called `type` or `required`: then its value is a property itself. */
function isPropertyOf (key: string, value: Schema): boolean {
  return key !== 'properties' && isObject(value[key]) && !('properties' in value) && 'type' in (value[key] as Schema)
}

/** Reads a schema or, for a property, the mere name of its type or its description. */
function readSchema (value: unknown): Schema {
  if (typeof value === 'string') return readShorthand(value)
  if (!isObject(value)) return {}
  const schema: Schema = { ...value }
  if ('type' in schema) applyType(schema)
  if (Array.isArray(schema.properties)) schema.properties = byName(schema.properties)
  if ('required' in schema || isObject(schema.properties)) readRequired(schema)
  if (isObject(schema.properties)) {
    schema.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, readSchema(property)]))
  }
  if (typeof schema.items === 'string' || isObject(schema.items)) schema.items = readSchema(schema.items)
  if (isObject(schema.additionalProperties)) schema.additionalProperties = readSchema(schema.additionalProperties)
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[key]
    if (Array.isArray(list)) schema[key] = list.map(item => isObject(item) ? readSchema(item) : item)
  }
  return schema
}

/** Joins the list, or the text of one, with the properties that say `required: true` of themselves. */
function readRequired (schema: Schema): void {
  const { required, properties } = schema
  const listed = typeof required === 'string' ? required.split(',').map(name => name.trim()).filter(name => name !== '') : required
  const marked = Object.entries(isObject(properties) ? properties : {})
    .filter(([, property]) => isObject(property) && property.required === true).map(([name]) => name)
  if (marked.length > 0) schema.required = [...new Set([...Array.isArray(listed) ? listed : [], ...marked])]
  else if (Array.isArray(listed)) schema.required = listed
  else delete schema.required
}

function readShorthand (text: string): Schema {
  const type = typeOf(text)
  return type === undefined ? { type: 'string', description: text } : type
}

function applyType (schema: Schema): void {
  const { type } = schema
  if (Array.isArray(type) && type.every(name => typeof name === 'string')) {
    const read = type.map(name => typeOf(name) ?? { type: name })
    const names = [...new Set(read.map(entry => entry.type))]
    if (names.includes(undefined) || names.length === 0) delete schema.type
    else schema.type = names.length === 1 ? names[0] : names
  } else if (typeof type === 'string') {
    const read = typeOf(type)
    if (read === undefined) return
    if (read.type === undefined) delete schema.type
    else schema.type = read.type
    if (read.items !== undefined) schema.items ??= read.items
  }
}

const GENERIC = /^(?:list|array|set|sequence|tuple)\s*[[<(]\s*(?:of\s+)?(.+?)\s*[\]>)]$|^(?:list|array)\s+of\s+(\w+?)s?$|^(.+?)\s*\[\]$/i
const MAPPING = /^(?:dict|dictionary|map|mapping|record|object)\s*[[<].*[\]>]$/i
const OPTIONAL = /^optional\s*\[\s*(.+?)\s*\]$|^(.+?)\s*\|\s*(?:none|null)$|^(.+?)\s*[,(]\s*(?:optional|required)\s*\)?$/i

/** The schema that a name of a type stands for; undefined where it is no name of a type. */
function typeOf (name: string): Schema | undefined {
  const key = name.trim().toLowerCase()
  if (Object.hasOwn(TYPE_NAMES, key)) return TYPE_NAMES[key] === '' ? {} : { type: TYPE_NAMES[key] }
  if (key.length > 100) return undefined
  const element = firstGroup(GENERIC.exec(key))
  if (element !== undefined) return { type: 'array', items: typeOf(element) ?? {} }
  if (MAPPING.test(key)) return { type: 'object' }
  const optional = firstGroup(OPTIONAL.exec(key))
  return optional === undefined ? undefined : typeOf(optional)
}

function firstGroup (match: RegExpExecArray | null): string | undefined {
  return match?.slice(1).find(group => group !== undefined)
}
