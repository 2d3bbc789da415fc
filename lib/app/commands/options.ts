import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import { FOREIGN_SHAPES } from '../../formats/index.js'
import type { CommandOption } from '../command.js'

/** How rows of other people's sets are read, where their shape does not tell. */
export const FORMAT_OPTION: CommandOption = { flags: '--format <name>', description: `Reads all rows as ${FOREIGN_SHAPES.join(', ')}; without it by their shape.` }

/** Reads the options of a command. Throws `config-invalid`, naming the flag. */
export function parseFlags<Schema extends z.ZodObject> (schema: Schema, options: Readonly<Record<string, unknown>>): z.output<Schema> {
  const known = Object.fromEntries(Object.keys(schema.shape).map(name => [name, options[name]]))
  const parsed = schema.safeParse(known)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new GemlineError('config-invalid', `${flagOf(String(issue?.path[0] ?? ''))}: ${issue?.message ?? 'wrong'}`)
}

/** A whole number as the command line gives it. */
export function flagInt (least: number, greatest: number): z.ZodType<number, unknown> {
  return z.union([z.number(), z.string().regex(/^-?\d+$/, 'write a whole number').transform(Number)]).pipe(z.int().min(least).max(greatest))
}

/** A number as the command line gives it. */
export function flagNumber (least: number): z.ZodType<number, unknown> {
  return z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, 'write a number').transform(Number)]).pipe(z.number().min(least))
}

function flagOf (name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}
