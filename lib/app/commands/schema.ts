import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import { rejectRecordSchema, trajectoryRecordSchema } from '../../schema/trajectory-record.js'
import type { CommandSpec } from '../command.js'
import { configSchema } from '../config-schema.js'
import { EXIT } from '../exit-codes.js'
import { sayJson } from '../terminal/say.js'

const SCHEMAS = {
  config: () => titled('gemline configuration', z.toJSONSchema(configSchema, { io: 'input' })),
  record: () => titled('gemline trajectory record', z.toJSONSchema(trajectoryRecordSchema)),
  reject: () => titled('gemline reject', z.toJSONSchema(rejectRecordSchema))
} as const

/** `gemline schema`: JSON Schema of the config, for editors, of a record of the output, or of a reject. */
export const schemaCommand: CommandSpec = {
  name: 'schema',
  summary: 'Prints the JSON Schema of the config (for editors), of a record, or of a reject.',
  examples: ['gemline schema > gemline.schema.json', 'gemline schema record', 'gemline schema reject'],
  arguments: '[what]',
  options: [],
  async run ({ positional, io }) {
    await sayJson(io.stdout, jsonSchemaOf(positional[0] ?? 'config'))
    return EXIT.ok
  }
}

/** The JSON Schema of `config`, `record` or `reject`. Throws `config-invalid` for anything else. */
export function jsonSchemaOf (what: string): object {
  if (!Object.hasOwn(SCHEMAS, what)) throw new GemlineError('config-invalid', `no schema ${what}; there are ${Object.keys(SCHEMAS).join(', ')}`)
  return SCHEMAS[what as keyof typeof SCHEMAS]()
}

function titled (title: string, schema: object): object {
  const { $schema, ...rest } = schema as { $schema?: string }
  return { $schema, title, ...rest }
}
