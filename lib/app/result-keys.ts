import type { z } from 'zod'
import { shapeOf } from './schema-walk.js'

/**
 * The keys of a parsed config that can change data, by dotted path, with their values: what the plan stands on. Keys marked
 * `running` and undefined ones are left out.
 */
export function resultKeysOf (schema: z.ZodType, value: unknown, below = ''): Record<string, unknown> {
  const shape = shapeOf(schema)
  if (shape === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return { [below]: value }
  const keys: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const innerSchema = shape[name] ?? shape['*']
    if (inner === undefined || innerSchema === undefined || innerSchema.meta()?.['change'] === 'running') continue
    Object.assign(keys, resultKeysOf(innerSchema, inner, below === '' ? name : `${below}.${name}`))
  }
  return keys
}
