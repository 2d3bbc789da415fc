import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { schemaCommand } from '../../lib/app/commands/schema.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { recordOf, runInMemory } from './in-memory.js'

const schemaOf = async (positional: readonly string[]): Promise<Record<string, unknown>> => JSON.parse((await runInMemory(schemaCommand, { positional })).out) as Record<string, unknown>

t.test('schema of the config -> an editor refuses what the program refuses', async t => {
  const schema = await schemaOf([])
  t.match(schema, { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'gemline configuration', type: 'object' })
  const isValid = new Ajv2020({ strict: false }).compile(schema)
  const least = { source: { uri: 'data/' }, models: { default: { name: 'm', endpoints: 'embedded' } } }
  const cases = [
    { name: 'the least', config: least, valid: true },
    { name: 'an unknown key', config: { ...least, piepline: 'teacher' }, valid: false },
    { name: 'no source', config: { models: least.models }, valid: false },
    { name: 'a wrong pipeline', config: { ...least, pipeline: 'student' }, valid: false },
    { name: 'a stage', config: { ...least, stages: { judge: { thinking: { budget: 100 }, mode: 'report' } } }, valid: true },
    { name: 'a key that is a secret', config: { ...least, models: { default: { name: 'm', endpoints: ['http://a'], apiKey: '$' + '{KEY}' } } }, valid: true }
  ]
  for (const { name, config, valid } of cases) t.equal(isValid(config), valid, name)
  t.match(JSON.stringify(schema), 'Name as the server lists it', 'descriptions are there for the editor')
})

t.test('schema of the record -> takes a record, and nothing beside', async t => {
  const schema = await schemaOf(['record'])
  t.match(schema, { title: 'gemline trajectory record' })
  const isValid = new Ajv2020({ strict: false }).compile(schema)
  t.equal(isValid(recordOf(DOOR_TRAJECTORY)), true)
  t.equal(isValid({ ...recordOf(DOOR_TRAJECTORY), extra: 1 }), false)
})

t.test('schema of anything else -> config-invalid', async t => {
  await t.rejects(runInMemory(schemaCommand, { positional: ['toString'] }), { code: 'config-invalid', message: 'no schema toString; there are config, record, reject' })
})

t.test('docs/config.schema.json -> what the command prints; `npm run docs` makes it', async t => {
  t.same(JSON.parse(readFileSync('docs/config.schema.json', 'utf8')), await schemaOf([]))
})
