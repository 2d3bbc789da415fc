import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import { trajectoryRecordSchema } from '../../schema/trajectory-record.js'
import type { CommandSpec } from '../command.js'
import { configSchema } from '../config-schema.js'
import { EXIT } from '../exit-codes.js'
import { sayJson } from '../terminal/say.js'

const SCHEMAS = {
  config: () => titled('gemline configuration', z.toJSONSchema(configSchema, { io: 'input' })),
  record: () => titled('gemline trajectory record', z.toJSONSchema(trajectoryRecordSchema))
} as const

/** `gemline schema`: JSON Schema of the config, for editors, or of the output record. */
export const schemaCommand: CommandSpec = {
  name: 'schema',
  summary: 'Prints the JSON Schema of the config (for editors), or of the output record.',
  examples: ['gemline schema > gemline.schema.json', 'gemline schema record'],
  arguments: '[what]',
  options: [],
  async run ({ positional, io }) {
    await sayJson(io.stdout, jsonSchemaOf(positional[0] ?? 'config'))
    return EXIT.ok
  }
}

/** The JSON Schema of `config` or `record`. Throws `config-invalid` for anything else. */
export function jsonSchemaOf (what: string): object {
  if (what !== 'config' && what !== 'record') throw new GemlineError('config-invalid', `no schema ${what}; there are ${Object.keys(SCHEMAS).join(' and ')}`)
  return SCHEMAS[what]()
}

function titled (title: string, schema: object): object {
  const { $schema, ...rest } = schema as { $schema?: string }
  return { $schema, title, ...rest }
}
