import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import type { CommandOption } from '../command.js'

/** Reads the options of a command. Throws `config-invalid`, naming the flag. */
export function parseFlags<Schema extends z.ZodObject> (schema: Schema, options: Readonly<Record<string, unknown>>): z.output<Schema> {
  const known = Object.fromEntries(Object.keys(schema.shape).map(name => [name, options[name]]))
  const parsed = schema.safeParse(known)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new GemlineError('config-invalid', `${flagOf(String(issue?.path[0] ?? ''))}: ${issue?.message ?? 'wrong'}`)
}

/** Options of the commands that read a source: which of its rows. `rowSettings` puts them on top of the config. */
export const ROW_OPTIONS: readonly CommandOption[] = [
  { flags: '--sample <n>', description: 'Reads a random sample of n rows of the whole source (`sample.rows`).' },
  { flags: '--seed <n>', description: 'Which sample (`sample.seed`); 0 where neither says.' },
  { flags: '--limit <n>', description: 'Reads the first n rows and nothing behind them (`limit`).' }
]

/** What `ROW_OPTIONS` say, by path of the config. Throws `config-invalid`, naming the flag. */
export function rowSettings (options: Readonly<Record<string, unknown>>): ReadonlyArray<readonly [string, unknown]> {
  const { sample, seed, limit } = parseFlags(rowFlags, options)
  return ([['sample.rows', sample], ['sample.seed', seed], ['limit', limit]] as const).filter(([, value]) => value !== undefined)
}

/** A whole number as the command line gives it. */
export function flagInt (least: number, greatest: number): z.ZodType<number, unknown> {
  return z.preprocess(numberOf, z.int('write a whole number').min(least).max(greatest))
}

/** A number as the command line gives it. */
export function flagNumber (least: number): z.ZodType<number, unknown> {
  return z.preprocess(numberOf, z.number('write a number').min(least))
}

function numberOf (value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value
}

const rowFlags = z.object({
  sample: flagInt(1, Number.MAX_SAFE_INTEGER).optional(),
  seed: flagInt(0, Number.MAX_SAFE_INTEGER).optional(),
  limit: flagInt(1, Number.MAX_SAFE_INTEGER).optional()
})

function flagOf (name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}
