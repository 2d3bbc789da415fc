import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { planCommand, type PlanView } from '../../lib/app/commands/plan.js'
import { estimateCalls } from '../../lib/app/commands/estimate-calls.js'
import { loadConfig } from '../../lib/app/config.js'
import { resolveConfig } from '../../lib/app/resolve.js'
import { run } from '../../lib/app/run.js'
import { widthOf } from '../../lib/app/terminal/width.js'
import { silent } from '../../lib/engine/operator.js'
import { loadPrompts } from '../../lib/prompt/index.js'
import { DOCUMENTS, embeddedConfig, runInMemory, temporaryFolder } from './in-memory.js'

async function documents (t: Parameters<typeof temporaryFolder>[0]): Promise<{ folder: string, bytes: number }> {
  const folder = await temporaryFolder(t)
  const text = DOCUMENTS.map(content => JSON.stringify({ content })).join('\n')
  await writeFile(join(folder, 'a.jsonl'), text)
  await writeFile(join(folder, 'b.jsonl'), text)
  return { folder, bytes: 2 * Buffer.byteLength(text) }
}

t.test('a config -> what would be read and asked; nothing is written', async t => {
  const { folder, bytes } = await documents(t)
  const set = embeddedConfig(folder, join(folder, 'out'), [['source.format', 'jsonl'], ['pipeline', 'teacher'], ['stages.judge.structured', true], ['stages.refine.thinking', { budget: 500 }]])
  const { code, out } = await runInMemory(planCommand, { options: { json: true }, set })
  const view = JSON.parse(out) as PlanView
  t.equal(code, 0)
  t.strictSame(view.source, { splits: 2, rows: 6, files: 2, bytes, unreadable: 0 })
  t.equal(view.drawnFrom, null)
  t.strictSame(view.stages.map(({ stage }) => stage), ['filter', 'extract', 'generate', 'refine', 'judge'])
  t.match(view.stages[3], { role: 'default', model: 'embedded', endpoints: 'embedded', prompt: /^refine\/refinement@v\d+#/, thinking: { budget: 500 }, maxModelLength: 40_960, structured: false })
  t.match(view.stages[4], { stage: 'judge', temperature: 0, structured: true })
  t.match(view.calls, { most: 5, total: { most: 30 } })
  t.equal(view.found, null)
  t.strictSame((await readdir(folder)).sort(), ['a.jsonl', 'b.jsonl'])
})

t.test('for people -> as wide as the terminal, no secret in it', async t => {
  const { folder } = await documents(t)
  const model = { name: 'qwen', preset: 'qwen3-8b', endpoints: ['http://127.0.0.1:1'], apiKey: 'sk-very-secret' }
  const set = embeddedConfig(folder, join(folder, 'out'), [['source.format', 'jsonl'], ['models.default', model]])
  for (const json of [false, true]) {
    const { out } = await runInMemory(planCommand, { options: { json }, set, columns: 90 })
    t.notOk(out.includes('sk-very-secret'))
    if (json) continue
    t.match(out, /source {3}6 rows in 2 splits of 2 files/)
    t.match(out, /at most 3 a document/)
    t.strictSame(out.split('\n').slice(3).filter(line => widthOf(line) > 90), [])
  }
})

t.test('an output that has a plan -> how far it is, and why another config could not go on', async t => {
  const { folder } = await documents(t)
  const set = embeddedConfig(join(folder, 'a.jsonl'), join(folder, 'out'), [['source.columns', { text: 'content' }]])
  await run({ config: await loadConfig({ set }), stdin: Readable.from([]), log: silent })
  const same = await runInMemory(planCommand, { options: { json: true }, set })
  t.strictSame((JSON.parse(same.out) as PlanView).found, { splits: 1, done: 1, refused: null })
  const other = await runInMemory(planCommand, { options: { json: true }, set: [...set, ['stages.judge.mode', 'report']] })
  t.match((JSON.parse(other.out) as PlanView).found?.refused, /stages\.judge\.mode: planned "drop", now "report"/)
})

t.test('standard input -> not read', async t => {
  const stdin = new Readable({ read () { t.fail('it was read') } })
  const { out } = await runInMemory(planCommand, { options: { json: true }, set: embeddedConfig('-', '-'), stdin })
  t.match(JSON.parse(out), { source: null, found: null, calls: { total: null } })
})

t.test('stages that are on -> calls a document', async t => {
  const prompts = await loadPrompts()
  const cases = [
    { name: 'synthesizer', set: [], most: 3, typical: 1.28 },
    { name: 'without judge', set: [['stages.judge.enabled', false]], most: 2, typical: 1.14 },
    { name: 'without filter', set: [['stages.filter.enabled', false]], most: 2, typical: 2 },
    { name: 'teacher', set: [['pipeline', 'teacher']], most: 5, typical: 1.56 },
    { name: 'teacher, all workflows', set: [['pipeline', 'teacher'], ['stages.extract.workflows', 'all'], ['stages.extract.maxWorkflows', 3]], most: 11, typical: 1.56 }
  ] as const
  for (const { name, set, most, typical } of cases) {
    const estimate = estimateCalls(resolveConfig(await loadConfig({ set: embeddedConfig('x', 'y', set) }), prompts), 100)
    t.equal(estimate.most, most, name)
    t.ok(Math.abs(estimate.typical - typical) < 1e-9, `${name}: ${estimate.typical}`)
    t.equal(estimate.total?.most, most * 100, name)
  }
})
