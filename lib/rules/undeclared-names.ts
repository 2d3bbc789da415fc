import { isObject } from '../schema/json-value.js'
import { escapePart } from './walk-json.js'

/** Says whether a pattern of `patternProperties` matches a name. */
export type NameMatcher = (pattern: string, name: string) => boolean

/** Keywords whose schemas speak of the same value. */
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const
const IN_PLACE = ['if', 'then', 'else'] as const

/**
 * JSON pointers of arguments that no schema declares, nested objects too. Unlike JSON Schema, which allows what it does
 * not mention, a name is undeclared unless `additionalProperties` explicitly allows it (GEM's third rule); an object for
 * which no property is declared at all is free-form. `schema` is without references.
 */
export function undeclaredNames (args: unknown, schema: unknown, matches: NameMatcher): string[] {
  const found: string[] = []
  collect({ value: args, schemas: inPlace(schema), path: '' }, matches, found)
  return found
}

interface Visit { readonly value: unknown, readonly schemas: ReadonlyArray<Readonly<Record<string, unknown>>>, readonly path: string }

function collect ({ value, schemas, path }: Visit, matches: NameMatcher, found: string[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => collect({ value: item, schemas: itemSchemas(schemas, index), path: `${path}/${index}` }, matches, found))
  } else if (isObject(value)) {
    const open = path !== '' && !schemas.some(schema => isObject(schema.properties) && Object.keys(schema.properties).length > 0)
    for (const [name, child] of Object.entries(value)) {
      const declared = schemasOf(schemas, name, matches)
      const place = `${path}/${escapePart(name)}`
      if (declared === undefined && !open) found.push(place)
      else collect({ value: child, schemas: declared ?? [], path: place }, matches, found)
    }
  }
}

/** Schemas of a named property; undefined where nothing declares or allows it. */
function schemasOf (schemas: Visit['schemas'], name: string, matches: NameMatcher): Visit['schemas'] | undefined {
  const declared = schemas.flatMap(schema => ownSchemasOf(schema, name, matches))
  if (declared.length > 0) return declared.flatMap(inPlace)
  const extra = schemas.map(schema => schema.additionalProperties ?? schema.unevaluatedProperties).filter(allowed => allowed === true || isObject(allowed))
  return extra.length > 0 ? extra.flatMap(inPlace) : undefined
}

function ownSchemasOf ({ properties, patternProperties }: Readonly<Record<string, unknown>>, name: string, matches: NameMatcher): unknown[] {
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : []
  if (!isObject(patternProperties)) return own
  return [...own, ...Object.entries(patternProperties).filter(([pattern]) => matches(pattern, name)).map(([, schema]) => schema)]
}

function itemSchemas (schemas: Visit['schemas'], index: number): Visit['schemas'] {
  return schemas.flatMap(schema => {
    const { items, prefixItems, additionalItems } = schema
    const tuple = Array.isArray(items) ? items : prefixItems
    if (Array.isArray(tuple) && index < tuple.length) return inPlace(tuple[index])
    return inPlace(Array.isArray(items) ? additionalItems : items)
  })
}

/** The schema and all that are combined with it for the same value. */
function inPlace (schema: unknown): Visit['schemas'] {
  if (!isObject(schema)) return []
  const lists = IN_PLACE_LISTS.flatMap(key => Array.isArray(schema[key]) ? schema[key] : [])
  const single = IN_PLACE.map(key => schema[key]).filter(isObject)
  return [schema, ...[...lists, ...single].flatMap(inPlace)]
}
