import { isObject } from '../../schema/json-value.js'

type Schema = Readonly<Record<string, unknown>>

const MAX_BRANCHES = 20
const MAX_DESCRIPTION = 4_000
const EXAMPLE = /(?:e\.g\.?|example|such as|like|i\.e\.?)[^.;]{0,60}$/i

/** Whether a schema gives the value: as default, constant or one of an enum, in any of its branches. */
export function isInSchema (value: unknown, schema: Schema | undefined): boolean {
  return branchesOf(schema).some(({ enum: allowed, default: preset, const: only }) =>
    preset === value || only === value || (Array.isArray(allowed) && allowed.includes(value)))
}

/**
 * Whether the description of an argument offers the value in quotes or brackets (`one of 'asc', 'desc'`). What stands there as
 * an example is not offered: copying it is what R1 forbids.
 */
export function isInDescription (value: string, schema: Schema | undefined): boolean {
  if (typeof schema?.description !== 'string' || value.length < 2) return false
  const text = schema.description.slice(0, MAX_DESCRIPTION)
  for (const quotes of ["''", '""', '``', '[]', '()', '[,', ' ,', ',,', ' ]', ',]']) {
    const at = text.indexOf(`${quotes.charAt(0)}${value}${quotes.charAt(1)}`)
    if (at >= 0 && !EXAMPLE.test(text.slice(Math.max(0, at - 80), at))) return true
  }
  return false
}

/** The schema and what it may be instead, one level deep. */
function branchesOf (schema: Schema | undefined): Schema[] {
  if (schema === undefined) return []
  const branches = [schema.anyOf, schema.oneOf, schema.allOf].flatMap(list => Array.isArray(list) ? list.slice(0, MAX_BRANCHES) as unknown[] : [])
  return [schema, ...branches.filter(isObject)]
}
