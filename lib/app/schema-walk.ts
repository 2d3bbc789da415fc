import type { z } from 'zod'

/** A key of a zod schema, as it stands in a config: its path, and what its `meta` says. */
export interface SchemaKey {
  readonly path: string
  readonly schema: z.ZodType
  /** Its own mark, else that of the key it stands in. */
  readonly change: 'result' | 'running' | undefined
  readonly description: string
}

interface Above { readonly path: string, readonly change: SchemaKey['change'] }

interface Def { readonly type: string, readonly innerType?: z.ZodType, readonly in?: z.ZodType, readonly shape?: Record<string, z.ZodType>, readonly keyType?: z.ZodType, readonly entries?: object, readonly valueType?: z.ZodType, readonly options?: readonly z.ZodType[] }

/** The schema inside of optional, default and transform. */
export function unwrap (schema: z.ZodType): z.ZodType {
  const def = defOf(schema)
  const inner = def.innerType ?? (def.type === 'pipe' ? def.in : undefined)
  return inner === undefined ? schema : unwrap(inner)
}

/** The keys of an object schema, or undefined for anything else. A record has the key `*`. */
export function shapeOf (schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const def = defOf(unwrap(schema))
  if (def.type === 'object') return def.shape
  if (def.type === 'record' && shapeOf(def.valueType as z.ZodType) !== undefined) return { '*': def.valueType as z.ZodType }
  if (def.type === 'union') return def.options?.map(shapeOf).find(shape => shape !== undefined)
  return undefined
}

/** Names of the keys that an object, or a record whose keys are an enum, may have. */
export function namesOf (schema: z.ZodType | undefined): readonly string[] {
  if (schema === undefined) return []
  const { keyType } = defOf(unwrap(schema))
  return keyType === undefined ? Object.keys(shapeOf(schema) ?? {}) : Object.keys(defOf(keyType).entries ?? {})
}

/** All keys below a schema, depth first, in their order. A key that is an object is followed by those inside it. */
export function * walkSchema (schema: z.ZodType, above: Above = { path: '', change: undefined }): Generator<SchemaKey> {
  for (const [name, value] of Object.entries(shapeOf(schema) ?? {})) {
    const path = above.path === '' ? name : `${above.path}.${name}`
    const { change = above.change, description = '' } = (value.meta() ?? {}) as { change?: SchemaKey['change'], description?: string }
    if (description !== '' || shapeOf(value) === undefined) yield { path, schema: value, change, description }
    yield * walkSchema(value, { path, change })
  }
}

function defOf (schema: z.ZodType): Def {
  return schema.def as unknown as Def
}
