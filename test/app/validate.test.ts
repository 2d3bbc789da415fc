import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { createFileStore } from '../../connectors/file-store.js'
import { createParquetSink } from '../../connectors/parquet-sink.js'
import { validateCommand, type Validation } from '../../lib/app/commands/validate.js'
import { loadConfig } from '../../lib/app/config.js'
import { run } from '../../lib/app/run.js'
import { createDataSink } from '../../lib/app/stores.js'
import { silent } from '../../lib/engine/operator.js'
import { FORMAT_NAMES, FORMATS } from '../../lib/formats/index.js'
import type { TrajectoryRecord } from '../../lib/schema/trajectory-record.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { validTrajectories } from '../support/trajectories.js'
import { DOCUMENTS, embeddedConfig, recordOf, runInMemory, temporaryFolder } from './in-memory.js'

const RECORDS = validTrajectories(14, 7).map((trajectory, at) => recordOf(trajectory, { id: `doc-${at}`, text: undefined }))
const linesOf = (records: readonly unknown[]): string => records.map(record => `${JSON.stringify(record)}\n`).join('')
const parse = (out: string): Validation => JSON.parse(out) as Validation

/** A record with its second call changed; nothing else is. */
function withCall (change: { name?: string, arguments?: string }): TrajectoryRecord {
  const record = structuredClone(recordOf(DOOR_TRAJECTORY, { id: 'broken', text: undefined }))
  const call = record.messages.flatMap(message => message.role === 'assistant' ? message.tool_calls ?? [] : [])[1]
  Object.assign(call?.function ?? {}, change)
  return record
}

t.test('valid records -> exit 0, whatever the container', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'plain.jsonl'), linesOf(RECORDS))
  await writeFile(join(folder, 'packed.jsonl.gz'), gzipSync(linesOf(RECORDS)))
  const sink = createDataSink(await loadConfig({ set: [...embeddedConfig('x', 'y'), ['sink.format', 'parquet']] }))
  const shard = await sink.open(createFileStore(folder), 'rows')
  await shard.write(RECORDS)
  await shard.close()
  const cases = [
    { name: 'JSON lines', positional: [join(folder, 'plain.jsonl')], records: 14 },
    { name: 'gzip', positional: [join(folder, 'packed.jsonl.gz')], records: 14 },
    { name: 'Parquet', positional: [join(folder, 'rows.parquet')], records: 14 },
    { name: 'standard input', positional: ['-'], records: 14 },
    { name: 'a folder', positional: [folder], records: 42 },
    { name: 'several', positional: [join(folder, 'plain.jsonl'), join(folder, 'rows*')], records: 28 }
  ]
  for (const { name, positional, records } of cases) {
    const { code, out } = await runInMemory(validateCommand, { positional, options: { json: true }, stdin: Readable.from([Buffer.from(linesOf(RECORDS))]) })
    const { valid, invalid, unreadable, failures } = parse(out)
    t.strictSame({ code, valid, invalid, unreadable, failures }, { code: 0, valid: records, invalid: 0, unreadable: [], failures: [] }, name)
  }
})

t.test('broken records -> exit 1, each by the check it fails, with file and line', async t => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'mixed.jsonl')
  const good = recordOf(DOOR_TRAJECTORY, { text: undefined })
  const cases = [
    { rule: 'line-broken', line: '{"id": ' },
    { rule: 'record-schema', line: JSON.stringify({ ...good, extra: 1 }) },
    { rule: 'record-schema', line: '[]' },
    { rule: 'record-arguments', line: JSON.stringify(withCall({ arguments: '[1]' })) },
    { rule: 'record-stats', line: JSON.stringify({ ...good, stats: { ...good.stats, toolCalls: 9 } }) },
    { rule: 'call-tool-known', line: JSON.stringify({ ...withCall({ name: 'close_door' }), stats: good.stats }) },
    { rule: 'argument-required', line: JSON.stringify(withCall({ arguments: '{"seconds":20}' })) }
  ]
  await writeFile(file, `${JSON.stringify(good)}\n\n${cases.map(({ line }) => line).join('\n')}\n`)
  const { code, out } = await runInMemory(validateCommand, { positional: [file], options: { json: true } })
  const { records, valid, invalid, failures, rules } = parse(out)
  t.strictSame({ code, records, valid, invalid }, { code: 1, records: 8, valid: 1, invalid: 7 })
  t.strictSame(failures.map(({ line, rule }) => ({ line, rule })), cases.map(({ rule }, at) => ({ line: at + 3, rule })))
  t.ok(failures.every(failure => failure.file === file))
  t.strictSame(rules['record-schema'], { mode: 'drop', records: 2, findings: 2 })
})

t.test("rows of other people's sets -> the rules alone, whatever the shape and the container", async t => {
  const folder = await temporaryFolder(t)
  const rows = FORMAT_NAMES.flatMap(name => validTrajectories(14, 7).map((trajectory, at) => ({ id: `${name}-${at}`, ...FORMATS[name].write(trajectory) })))
  await writeFile(join(folder, 'rows.jsonl'), linesOf(rows))
  const shard = await createParquetSink({ columns: ['uuid', 'messages', 'available_tools'].map(name => ({ name, type: 'string' })) }).open(createFileStore(folder), 'toucan')
  await shard.write(validTrajectories(14, 7).map((trajectory, at) => {
    const { messages, tools } = FORMATS.openai.write(trajectory)
    return { uuid: `u-${at}`, messages: JSON.stringify(messages), available_tools: JSON.stringify(tools) }
  }))
  await shard.close()
  const { code, out } = await runInMemory(validateCommand, { positional: [folder], options: { json: true } })
  const { records, valid, failures, grounding } = parse(out)
  t.strictSame({ code, records, valid, failures }, { code: 0, records: 7 * 14, valid: 7 * 14, failures: [] })
  t.ok(Object.keys(grounding).length > 3)

  const [first] = rows as unknown as [{ messages: Array<{ tool_calls?: Array<{ function: { name: string } }> }> }]
  const call = first.messages.find(message => message.tool_calls !== undefined)?.tool_calls?.[0] as { function: { name: string } }
  call.function.name = 'no_such_tool'
  await writeFile(join(folder, 'broken.jsonl'), linesOf([first, { id: 'b', messages: [{ role: 'narrator' }] }]))
  const broken = parse((await runInMemory(validateCommand, { positional: [join(folder, 'broken.jsonl')], options: { json: true } })).out)
  t.match(broken.failures, [{ id: 'openai-0', line: 1, rule: 'call-tool-known' }, { id: null, line: 2, rule: 'foreign-shape', message: 'as openai: a message has the role narrator' }])
  t.equal(parse((await runInMemory(validateCommand, { positional: [join(folder, 'broken.jsonl')], options: { json: true, format: 'hermes' } })).out).valid, 0)
})

t.test('rules and their modes -> as the command line says', async t => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'one.jsonl')
  await writeFile(file, linesOf([withCall({ arguments: '{"seconds":20}' })]))
  const cases = [
    { options: {}, code: 1 },
    { options: { rules: 'argument-required=report' }, code: 0 },
    { options: { rules: 'argument-required=off, grounding=off' }, code: 0 },
    { options: { minCalls: '3', rules: 'argument-required=off' }, code: 1 },
    { options: { minCalls: '2', rules: 'argument-required=off' }, code: 0 }
  ]
  for (const { options, code } of cases) t.equal((await runInMemory(validateCommand, { positional: [file], options })).code, code, JSON.stringify(options))
  await t.rejects(runInMemory(validateCommand, { positional: [file], options: { rules: 'nonsense=off' } }), { code: 'config-invalid', message: /no rule nonsense; there are tool-definition/ })
  await t.rejects(runInMemory(validateCommand, { positional: [file], options: { rules: 'grounding=maybe' } }), { code: 'config-invalid', message: /write off, report or drop/ })
  await t.rejects(runInMemory(validateCommand, { positional: [file], options: { failures: 'x' } }), { code: 'config-invalid', message: /--failures: / })
})

t.test('what cannot be read -> exit 2, and the rest is checked all the same', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'cut.jsonl.gz'), gzipSync(linesOf(RECORDS)).subarray(0, 400))
  await writeFile(join(folder, 'no.parquet'), 'this is no Parquet file at all')
  await writeFile(join(folder, 'z.jsonl'), linesOf(RECORDS))
  await mkdir(join(folder, 'empty'))
  const positional = [join(folder, 'missing.jsonl'), join(folder, 'empty'), folder]
  const { code, out } = await runInMemory(validateCommand, { positional, options: { json: true } })
  const { unreadable, valid } = parse(out)
  t.equal(code, 2)
  t.ok(valid >= 14, 'z.jsonl was read')
  t.strictSame(unreadable.map(each => [each.file.slice(folder.length + 1), each.code]), [
    ['missing.jsonl', 'source-missing'], ['empty', 'source-missing'], ['cut.jsonl.gz', 'split-unreadable'], ['no.parquet', 'split-unreadable']
  ])
})

t.test('the output of a run -> what its commits name, not what a killed attempt left; said to be by rules', async t => {
  const folder = await temporaryFolder(t)
  const source = join(folder, 'docs.jsonl')
  const out = join(folder, 'out')
  await writeFile(source, linesOf(DOCUMENTS.map(content => ({ content }))))
  const config = await loadConfig({ set: embeddedConfig(source, out, [['source.columns', { text: 'content' }]]) })
  const { outcome } = await run({ config, stdin: Readable.from([]), log: silent })
  await writeFile(join(out, 'data', 'orphan-0000.jsonl'), 'left behind\n')
  const { code, out: said } = await runInMemory(validateCommand, { positional: [out], options: { json: true } })
  const { records, invalid, ruleBased } = parse(said)
  t.ok(outcome.totals.rows > 0, 'the run accepted something')
  t.strictSame({ code, records, invalid, ruleBased }, { code: 0, records: outcome.totals.rows, invalid: 0, ruleBased: outcome.totals.rows })
  const shown = await runInMemory(validateCommand, { positional: [out] })
  t.match(shown.out, /written by rules, not by a language model/)
})

t.test('the table -> fits the terminal, no colour unless asked for, hostile text is shown and not obeyed', async t => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'hostile.jsonl')
  const hostile = withCall({ name: 'x\u001b[2J\u202e' })
  await writeFile(file, linesOf([hostile]))
  const { out } = await runInMemory(validateCommand, { positional: [file], columns: 60 })
  t.match(out, /call-tool-known {2,}drop {2,}1 {2,}1\n/)
  t.notOk(out.includes('\u001b') || out.includes('\u202e'))
  t.match(out, /1 records: 0 valid, 1 invalid$/m)
  const colourful = await runInMemory(validateCommand, { positional: [file], color: true })
  t.match(colourful.out, '\u001b[31m1 records: 0 valid, 1 invalid\u001b[39m')
  t.notMatch(colourful.out, '\u001b[2J')
})

t.test('a stopped command -> run-cancelled', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'a.jsonl'), linesOf(RECORDS))
  const signal = AbortSignal.abort()
  await t.rejects(runInMemory(validateCommand, { positional: [join(folder, 'a.jsonl')], signal }), { code: 'run-cancelled' })
})
