import type { z } from 'zod'
import { GemlineError } from '../lib/engine/errors.js'

/** Parses the options of a connector. Rejects with `config-invalid`, naming the key. */
export function parseOptions<Schema extends z.ZodType> (schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new GemlineError('config-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`)
}
