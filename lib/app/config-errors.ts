import type { z } from 'zod'
import { GemlineError } from '../engine/errors.js'
import { shapeOf } from './schema-walk.js'

/** What is wrong with a config, key by key; an unknown key is told with the nearest known one. */
export function configError (schema: z.ZodType, error: z.ZodError, where: string): GemlineError {
  const lines = error.issues.flatMap(issue => issue.code === 'unrecognized_keys'
    ? issue.keys.map(key => unknownKey(schema, issue.path, key))
    : [`  ${issue.path.join('.') || 'config'}: ${issue.message}`])
  return new GemlineError('config-invalid', `${where}:\n${lines.join('\n')}`)
}

function unknownKey (schema: z.ZodType, path: readonly PropertyKey[], key: string): string {
  const known = Object.keys(shapeAt(schema, path) ?? {})
  const nearest = known.map(name => ({ name, distance: distance(name, key) })).sort((one, other) => one.distance - other.distance)[0]
  const hint = nearest !== undefined && nearest.distance <= Math.max(2, key.length / 2)
    ? `did you mean ${nearest.name}?`
    : `known are ${known.join(', ')}`
  return `  ${[...path, key].join('.')}: unknown key; ${hint}`
}

function shapeAt (schema: z.ZodType, path: readonly PropertyKey[]): Readonly<Record<string, z.ZodType>> | undefined {
  let shape = shapeOf(schema)
  for (const name of path) {
    const inner = shape?.[String(name)] ?? shape?.['*']
    shape = inner === undefined ? undefined : shapeOf(inner)
  }
  return shape
}

/** Levenshtein distance. */
function distance (one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[other.length] as number
}
