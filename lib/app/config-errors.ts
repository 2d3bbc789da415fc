import type { z } from 'zod'
import { GemlineError } from '../engine/errors.js'
import { namesOf, shapeOf } from './schema-walk.js'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** What is wrong with a config, key by key and never with a value; an unknown key is told with the nearest known one. */
export function configError (schema: z.ZodType, error: z.ZodError, where: string): GemlineError {
  const lines = error.issues.flatMap(issue => linesOf(schema, issue, []))
  return new GemlineError('config-invalid', `${where}:\n${lines.join('\n')}`)
}

function linesOf (schema: z.ZodType, issue: Issue, above: Path): string[] {
  const path = [...above, ...issue.path]
  const name = path.join('.') || 'config'
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(schema, path, key))
  if (issue.code === 'invalid_key') return [`  ${name}: ${issue.issues[0]?.message ?? issue.message}`]
  if (issue.code !== 'invalid_union') return [`  ${name}: ${issue.message}`]
  const meant = issue.errors.find(branch => !branch.some(isOfOtherType))
  return meant?.flatMap(inner => linesOf(schema, inner, path)) ?? [`  ${name}: ${issue.errors.map(branch => branch[0]?.message ?? '').join('; or ')}`]
}

/** Whether an issue says that this is not the form of the union that was meant. */
function isOfOtherType ({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

function unknownKey (schema: z.ZodType, path: Path, key: string): string {
  const known = namesOf(schemaAt(schema, path))
  const nearest = known.map(name => ({ name, distance: distance(name, key) })).sort((one, other) => one.distance - other.distance)[0]
  const hint = nearest !== undefined && nearest.distance <= Math.max(2, key.length / 2)
    ? `did you mean ${nearest.name}?`
    : `known are ${known.join(', ')}`
  return `  ${[...path, key].join('.')}: unknown key; ${hint}`
}

function schemaAt (schema: z.ZodType, path: Path): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema
  for (const name of path) {
    const shape: ReturnType<typeof shapeOf> = at === undefined ? undefined : shapeOf(at)
    at = shape?.[String(name)] ?? shape?.['*']
  }
  return at
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
