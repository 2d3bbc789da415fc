import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { exportCommand } from '../../../lib/app/commands/export.js'
import { exportSet } from '../../../lib/app/export/export-set.js'
import type { ExportManifest } from '../../../lib/app/export/manifest.js'
import { createSynthesizerSampler, sampleAgent } from '../../../lib/app/export/samples.js'
import { openRow, type OpenedRow } from '../../../lib/app/open-row.js'
import type { ReadItem } from '../../../lib/app/read-records.js'
import { GemlineError } from '../../../lib/engine/errors.js'
import { FORMAT_NAMES, FORMATS, renderQwen3 } from '../../../lib/formats/index.js'
import { createTokenCounter } from '../../../lib/model/tokens.js'
import { findPrompt, loadPrompts } from '../../../lib/prompt/index.js'
import type { Trajectory, TrajectoryRecord } from '../../../lib/schema/index.js'
import { synthesize } from '../../../operators/synthesize.js'
import { createFakeChatModel, createFakeContext, createFakeStage } from '../../support/fake-chat-model.js'
import { DOOR_TRAJECTORY } from '../../support/fake-trajectory.js'
import { createMemoryStore } from '../../support/memory-store.js'
import { readWithDuckdb } from '../../support/parquet-fixtures.js'
import { allTrajectories } from '../../support/trajectories.js'
import { recordOf, runInMemory, temporaryFolder, type Said } from '../in-memory.js'

const TEXT = 'Doors: <b>open</b> & <tool_call> them, {{text}}.\n# system\n'
const prompt = findPrompt(await loadPrompts(), 'synthesize/short')
const tokens = await createTokenCounter('qwen3')
const TRAJECTORIES = allTrajectories(14, 9)
const RECORDS = TRAJECTORIES.map((trajectory, at) => recordOf(trajectory, { id: `r${at}`, textKey: `k${at >> 1}`, text: `${TEXT}${at >> 1}`, licence: at % 3 === 0 ? 'CC-BY-4.0' : at % 3 === 1 ? 'Apache-2.0' : undefined }))

async function place (t: Test, lines: readonly unknown[]): Promise<{ readonly file: string, readonly to: string }> {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'data.jsonl')
  await writeFile(file, lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
  return { file, to: join(folder, 'set') }
}

const exporting = (file: string, to: string, options: Record<string, unknown> = {}): Promise<Said> =>
  runInMemory(exportCommand, { positional: [file], options: { for: 'agent', format: 'trl', to, ...options } })

const rowsOf = async (to: string, part: string): Promise<Array<Record<string, unknown> & { readonly id: string }>> =>
  (await readFile(join(to, `${part}.jsonl`), 'utf8')).trimEnd().split('\n').map(line => JSON.parse(line))

const manifestOf = async (to: string): Promise<ExportManifest> => JSON.parse(await readFile(join(to, 'export.json'), 'utf8'))

t.test('records -> rows of the form in reading order, with card and manifest; Parquet as any reader reads it', async t => {
  for (const format of FORMAT_NAMES) {
    const { file, to } = await place(t, RECORDS)
    t.equal((await exporting(file, to, { format })).code, 0)
    const wanted = TRAJECTORIES.map((trajectory, at) => ({ id: `r${at}`, ...FORMATS[format].write(trajectory) }))
    const found = format === 'verl' ? await readWithDuckdb(await readFile(join(to, 'train.parquet'))) : await rowsOf(to, 'train')
    t.strictSame(JSON.parse(JSON.stringify(found)), JSON.parse(JSON.stringify(wanted)), format)
    const { settings, totals } = await manifestOf(to)
    t.match({ settings, totals }, {
      settings: { for: 'agent', format, split: [], by: 'textKey', maxTokens: null, excludeLicences: [], prompt: null },
      totals: { read: RECORDS.length, leftOut: {}, ruleBased: 0, parts: { train: { rows: RECORDS.length } } }
    })
    const names = ['README.md', 'export.json', format === 'verl' ? 'train.parquet' : 'train.jsonl', ...['sharegpt', 'hermes'].includes(format) ? ['dataset_info.json'] : []]
    t.strictSame((await readdir(to)).sort(), names.sort())
    t.match(await readFile(join(to, 'README.md'), 'utf8'), /^---\ntags: \[tool-use, synthetic\]\nconfigs:\n- config_name: default\n {2}data_files:\n {2}- split: train\n {4}path: train\.\w+\ndataset_info:\n {2}features:\n {2}- name: id\n {4}dtype: string\n/)
  }
})

t.test('dataset_info.json -> each part, and the columns that there are', async t => {
  const cases = [
    { options: { format: 'sharegpt' }, info: { formatting: 'sharegpt', columns: { messages: 'conversations', system: 'system', tools: 'tools' } } },
    { options: { format: 'sharegpt', for: 'synthesizer' }, info: { formatting: 'sharegpt', columns: { messages: 'conversations', system: 'system' } } },
    {
      options: { format: 'hermes' },
      info: { formatting: 'sharegpt', columns: { messages: 'messages' }, tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant', system_tag: 'system' } }
    }
  ]
  for (const { options, info } of cases) {
    const { file, to } = await place(t, RECORDS)
    await exporting(file, to, { ...options, split: 'valid=0.4' })
    t.strictSame(JSON.parse(await readFile(join(to, 'dataset_info.json'), 'utf8')), { gemline_train: { file_name: 'train.jsonl', ...info }, gemline_valid: { file_name: 'valid.jsonl', ...info } })
  }
})

t.test('for the synthesizer -> the messages that inference sends, byte for byte, and an answer that its parser reads back', async t => {
  const { file, to } = await place(t, RECORDS)
  await exporting(file, to, { for: 'synthesizer', format: 'openai' })
  t.equal((await manifestOf(to)).settings.prompt, prompt.ref)
  const rows = await rowsOf(to, 'train') as unknown as Array<{ id: string, messages: Array<{ role: string, content: string }> }>
  for (const [at, { id, messages }] of rows.entries()) {
    const model = createFakeChatModel([messages.at(-1)?.content ?? ''])
    const document = { text: RECORDS[at]?.text ?? '', textKey: 'k' }
    const outcome = await synthesize({ ...createFakeStage(model, prompt), trained: true }).process({ document }, createFakeContext())
    t.strictSame(model.requests[0]?.messages, messages.slice(0, -1), id)
    t.match(outcome, { kind: 'emit', values: [{ trajectory: TRAJECTORIES[at] }] }, id)
  }
})

t.test('records without their text -> no pair for the synthesizer, and the key that kept it back is named', async t => {
  const { file, to } = await place(t, [RECORDS[0], recordOf(DOOR_TRAJECTORY, { text: undefined })])
  await t.rejects(exporting(file, to, { for: 'synthesizer' }), { code: 'config-invalid', message: new RegExp(`^${file}:2: .*sink\\.keepText`) })
  t.strictSame(await readdir(to), ['export.json'], 'what was written before is gone')
  const sample = createSynthesizerSampler(prompt)
  t.throws(() => sample(openRow(FORMATS.trl.write(DOOR_TRAJECTORY)) as OpenedRow, 'x:1'), { code: 'config-invalid', message: /only records of gemline/ })
})

t.test('parts -> children of one text together, the same whatever else is there, and near their share', async t => {
  const { file, to } = await place(t, RECORDS)
  await exporting(file, to, { split: 'valid=0.3,test=.2' })
  const partOf = new Map<string, string>()
  for (const part of ['train', 'valid', 'test']) for (const { id } of await rowsOf(to, part)) partOf.set(id, part)
  t.equal(partOf.size, RECORDS.length)
  t.ok(RECORDS.every((record, at) => at % 2 === 0 || partOf.get(record.id) === partOf.get(`r${at - 1}`)))
  const other = await place(t, [...RECORDS].reverse().slice(0, 8))
  await exporting(other.file, other.to, { split: 'valid=0.3,test=.2' })
  for (const part of ['train', 'valid', 'test']) for (const { id } of await rowsOf(other.to, part).catch(() => [])) t.equal(part, partOf.get(id))
  t.match(Object.keys((await manifestOf(to)).totals.parts), ['test', 'train', 'valid'])
})

const template = (content: string): Trajectory => ({ ...DOOR_TRAJECTORY, messages: [...DOOR_TRAJECTORY.messages.slice(0, -1), { role: 'assistant', content, toolCalls: [] }] })

t.test('rows that are not written -> counted by reason, in export.json, in the card and on the terminal', async t => {
  const long = Math.max(...TRAJECTORIES.map(trajectory => tokens.count(renderQwen3(trajectory).text)))
  const lines = [...RECORDS, 'no JSON', '', { id: 'x' }, { messages: [{ role: 'narrator' }] }, recordOf(template('a <|im_end|> b')), recordOf({ ...DOOR_TRAJECTORY, messages: DOOR_TRAJECTORY.messages.slice(0, -1) })]
  const { file, to } = await place(t, lines)
  const { code, out } = await exporting(file, to, { maxTokens: String(long - 1), excludeLicence: 'cc-by-4.0, unknown' })
  const { totals, settings } = await manifestOf(to)
  t.strictSame(settings.excludeLicences, ['cc-by-4.0', 'unknown'])
  const apache = RECORDS.filter(({ licence }) => licence === 'Apache-2.0')
  const tooLong = apache.filter(record => tokens.count(renderQwen3(TRAJECTORIES[RECORDS.indexOf(record)] as Trajectory).text) >= long).length
  t.strictSame(totals.leftOut, {
    'foreign-shape': 1, 'licence-excluded': RECORDS.length - apache.length + 2, 'line-broken': 1, 'record-schema': 1, ...tooLong === 0 ? {} : { 'too-many-tokens': tooLong }
  })
  t.strictSame(totals.licences, { 'Apache-2.0': apache.length - tooLong })
  t.equal(code, 0)
  t.match(out, /left out: foreign-shape 1, licence-excluded/)
  t.match(await readFile(join(to, 'README.md'), 'utf8'), /## Left out\n\n\| reason \| rows \|\n\| --- \| --- \|\n\| foreign-shape \| 1 \|/)

  const all = await place(t, lines)
  await exporting(all.file, all.to, { maxTokens: String(long - 1) })
  t.match((await manifestOf(all.to)).totals.leftOut, { 'template-token': 1, 'turn-order': 1, 'too-many-tokens': 1 })
})

t.test('nothing left to write -> exit 1, and no part', async t => {
  const { file, to } = await place(t, RECORDS)
  const { code, out } = await exporting(file, to, { maxTokens: '5', json: true })
  t.equal(code, 1)
  t.match(JSON.parse(out), { version: 1, totals: { read: RECORDS.length, leftOut: { 'too-many-tokens': RECORDS.length }, longest: 0, parts: {} } })
})

t.test('the same export again -> the same bytes over the old ones; anything else there -> refused by name', async t => {
  const { file, to } = await place(t, RECORDS)
  const options = { split: 'valid=0.3', format: 'sharegpt' }
  await exporting(file, to, options)
  const read = async (): Promise<string[]> => await Promise.all((await readdir(to)).sort().map(async name => `${name} ${await readFile(join(to, name), 'hex')}`))
  const first = await read()
  await exporting(file, to, options)
  t.strictSame(await read(), first)

  await writeFile(join(to, 'export.json'), JSON.stringify({ ...await manifestOf(to), totals: undefined }))
  await exporting(file, to, options)
  t.strictSame(await read(), first, 'one that was interrupted is made again')

  await writeFile(file, `${JSON.stringify(RECORDS.find(({ id }) => id === 'r0'))}\n`)
  await exporting(file, to, options)
  t.equal((await readdir(to)).filter(name => name.endsWith('.jsonl')).length, 1, 'a part that is empty now does not stay')

  const cases = [
    { change: { format: 'hermes' }, message: /format is "sharegpt" there, "hermes" here/ },
    { change: { split: 'valid=0.2' }, message: /split is/ },
    { change: { maxTokens: '9' }, message: /maxTokens is null there, 9 here/ },
    { change: { for: 'synthesizer' }, message: /for is "agent" there/ }
  ]
  for (const { change, message } of cases) await t.rejects(exporting(file, to, { ...options, ...change }), { code: 'config-invalid', message })
  const other = join(to, 'other')
  await mkdir(other)
  await writeFile(join(other, 'mine.txt'), '')
  await t.rejects(exporting(file, other, options), { code: 'config-invalid', message: /--to file:.*it holds mine\.txt; choose an empty place/ })
  await writeFile(join(other, 'export.json'), 'no JSON')
  await t.rejects(exporting(file, other, options), { code: 'config-invalid', message: /it holds another export: from is undefined there/ })
})

t.test('a file that cannot be read -> the export ends, and says nothing is there', async t => {
  const { file, to } = await place(t, RECORDS)
  await t.rejects(exporting(`${file}.gone.jsonl`, to), { code: 'source-missing' })
  const store = createMemoryStore()
  const items = async function * (): AsyncGenerator<readonly ReadItem[]> {
    yield RECORDS.map((value, at) => ({ kind: 'record', file: 'x', line: at, value }))
    yield [{ kind: 'unreadable', file: 'y', error: new GemlineError('split-unreadable', 'y is damaged') }]
  }
  const request = { items: items(), store, sample: sampleAgent, format: 'openai', holdouts: [], by: 'textKey', tokens, maxTokens: undefined, excludeLicences: new Set<string>() } as const
  await t.rejects(exportSet(request), { code: 'split-unreadable' })
  t.strictSame([...store.objects.keys()], [])
})

t.test('rows -> written before the next are read: memory does not depend on the set', async t => {
  const written: number[] = []
  let bytes = 0
  const memory = createMemoryStore()
  const store = {
    ...memory, open: async (path: string) => {
      const inner = await memory.open(path)
      return { ...inner, write: async (chunk: Uint8Array) => { bytes += chunk.length; await inner.write(chunk) } }
    }
  }
  const items = async function * (): AsyncGenerator<readonly ReadItem[]> {
    for (const value of RECORDS) {
      yield [{ kind: 'record', file: 'x', line: 1, value }]
      written.push(bytes)
    }
  }
  await exportSet({ items: items(), store, sample: sampleAgent, format: 'openai', holdouts: [], by: 'id', tokens, maxTokens: undefined, excludeLicences: new Set() })
  t.ok(written.every((count, at) => count > (written[at - 1] ?? 0)))
})

t.test("other people's rows -> exported like ours; their licence is unknown, their author too", async t => {
  const { file, to } = await place(t, TRAJECTORIES.map((trajectory, at) => ({ id: `f${at}`, ...FORMATS.sharegpt.write(trajectory) })))
  await exporting(file, to, { format: 'ms-swift', split: 'valid=0.3' })
  const { totals } = await manifestOf(to)
  t.match(totals, { read: TRAJECTORIES.length, leftOut: {}, licences: { unknown: TRAJECTORIES.length }, ruleBased: 0 })
  const rows = [...await rowsOf(to, 'train'), ...await rowsOf(to, 'valid')]
  t.strictSame(rows.map(({ id }) => id).sort(), TRAJECTORIES.map((_, at) => `f${at}`).sort())
})

t.test('rule-based records -> said in the card and on the terminal', async t => {
  const record = recordOf(DOOR_TRAJECTORY)
  const ruleBased: TrajectoryRecord = { ...record, lineage: { ...record.lineage, steps: record.lineage.steps.map(step => ({ ...step, author: 'rule-based' })) } }
  const { file, to } = await place(t, [ruleBased])
  const { out } = await exporting(file, to)
  t.match(out, /1 rows were written by rules/)
  t.match(await readFile(join(to, 'README.md'), 'utf8'), /no training data/)
})

t.test('options that are wrong -> config-invalid with their name', async t => {
  const cases = [
    { options: { for: 'judge' }, message: /--for/ }, { options: { format: 'csv' }, message: /--format/ }, { options: { by: 'row' }, message: /--by/ },
    { options: { maxTokens: '0' }, message: /--max-tokens/ }, { options: { split: 'train=0.1' }, message: /--split train=0\.1: .*not train/ },
    { options: { split: 'valid=2' }, message: /--split valid=2: write a share/ }, { options: { split: 'a=0.5,b=0.5' }, message: /nothing is left for train/ },
    { options: { split: 'a=0.1,a=0.1' }, message: /a name stands there twice/ }, { options: { split: '../x=0.1' }, message: /--split/ }
  ]
  const { file, to } = await place(t, RECORDS)
  for (const { options, message } of cases) await t.rejects(exporting(file, to, options), { code: 'config-invalid', message })
  await t.rejects(exporting(file, 'https://host/set'), { code: 'config-invalid' })
})
