import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { statsCommand } from '../../../lib/app/commands/stats.js'
import { widthOf } from '../../../lib/app/terminal/width.js'
import type { TrajectoryRecord } from '../../../lib/schema/trajectory-record.js'
import { DOOR_TRAJECTORY } from '../../support/fake-trajectory.js'
import { validTrajectories } from '../../support/trajectories.js'
import { recordOf, runInMemory, temporaryFolder } from '../in-memory.js'
import { FORMAT_NAMES, FORMATS } from '../../../lib/formats/index.js'

const door = recordOf(DOOR_TRAJECTORY)
const step = door.lineage.steps[0] as TrajectoryRecord['lineage']['steps'][number]
const ruleBased = recordOf(DOOR_TRAJECTORY, { lineage: { pipeline: 'teacher', steps: [{ ...step, author: 'rule-based', trained: false }] } })

async function fileOf (t: Parameters<typeof temporaryFolder>[0], lines: readonly unknown[]): Promise<string> {
  const file = join(await temporaryFolder(t), 'data.jsonl')
  await writeFile(file, lines.map(line => typeof line === 'string' ? line : JSON.stringify(line)).join('\n'))
  return file
}

t.test('two records -> every figure of them', async t => {
  const file = await fileOf(t, [door, { ...ruleBased, stats: { ...door.stats, tokens: 300 } }, 'no JSON'])
  const { code, out } = await runInMemory(statsCommand, { positional: [file], options: { json: true } })
  const one = (value: number, count = 2) => ({ count, mean: value, median: value, p10: value, p90: value, least: value, greatest: value, bins: [{ from: value, to: value, count }] })
  t.equal(code, 0)
  t.strictSame(JSON.parse(out), {
    version: 1, invalid: 1, records: 2, ruleBased: 1, untrained: 1, drafts: 0, judged: 0,
    measures: {
      messages: one(9), distinctTools: one(2), toolCalls: one(2), turns: one(2), definedTools: one(2), tokens: one(300, 1), usageTokens: one(30), patternKinds: null
    },
    unrefined: { messages: null, distinctTools: null, toolCalls: null, turns: null, definedTools: null },
    domains: { shopping: 2 }, platforms: { computer: 2 }, tasks: { databases: 2, search: 2 }, sources: { corpus: 2 },
    licences: { unknown: 2 }, languages: { unknown: 2 }, redacted: {},
    pipelines: { synthesizer: 1, teacher: 1 }, models: { 'synthesize: qwen': 2 }, prompts: { 'synthesize: synthesize/zero-shot@v1#abc': 2 },
    grounding: { user: 6, unexplained: 2 }, findings: { 'source-numbers': 4 }, patterns: {}, patternRecords: {}, clean: {}, shapes: {},
    calls: { synthesize: 2 }, promptTokens: { synthesize: 20 }, completionTokens: { synthesize: 40 }, unreadable: []
  })
})

t.test('the same for people -> the paper beside it, rule-based said loudly, no line too wide', async t => {
  const file = await fileOf(t, [...validTrajectories(30, 3).map(trajectory => recordOf(trajectory)), ruleBased])
  for (const columns of [80, 60]) {
    const { out } = await runInMemory(statsCommand, { positional: [file], columns })
    t.match(out, /^31 records\nRULE-BASED: 1 of 31 \(3 %\)/)
    t.match(out, /^this set .+\nGEM +46\.1, 41 +8\.6, 8 +16\.3, 13 +-\nGEM, unrefined +30\.05 +5\.01 +7\.83 +-\nAPIGEN-MT +- +- +4\.3 +18\.5\nTOUCAN +- +- +- +6\.24$/m)
    t.match(out, /▏|█/)
    t.strictSame(out.split('\n').filter(line => widthOf(line) > columns), [], `${columns} columns`)
    t.notOk(out.includes('\u001b'))
  }
})

t.test('nothing, or nothing that can be read -> said, and the exit code tells', async t => {
  const empty = await fileOf(t, ['{}'])
  const { code, out } = await runInMemory(statsCommand, { positional: [empty] })
  t.equal(code, 0)
  t.match(out, /^0 records, 1 lines are none/)
  t.match(out, /data\.jsonl:1: id: /)
  const missing = await runInMemory(statsCommand, { positional: [`${empty}.gone.jsonl`], options: { json: true } })
  t.equal(missing.code, 2)
  t.match(JSON.parse(missing.out), { records: 0, measures: { messages: null }, unreadable: [{ code: 'source-missing' }] })
  await t.rejects(runInMemory(statsCommand, { positional: [empty], options: { top: '0' } }), { code: 'config-invalid', message: /--top/ })
})

t.test("rows of other people's sets -> their sizes, and the shape they were read by", async t => {
  const rows = FORMAT_NAMES.map(name => FORMATS[name].write(DOOR_TRAJECTORY))
  const file = await fileOf(t, [door, ...rows, { messages: 'none' }])
  const { out } = await runInMemory(statsCommand, { positional: [file], options: { json: true } })
  t.match(JSON.parse(out), {
    records: 7, invalid: 1, ruleBased: 0, measures: { messages: { count: 7, mean: 9 }, toolCalls: { mean: 2 }, definedTools: { mean: 2 } },
    shapes: { openai: 2, hermes: 2, sharegpt: 1, 'ms-swift': 1 }, pipelines: { synthesizer: 1 }
  })
  const forced = await runInMemory(statsCommand, { positional: [file], options: { json: true, format: 'sharegpt' } })
  t.match(JSON.parse(forced.out), { records: 3, invalid: 5, shapes: { sharegpt: 3 } })
  await t.rejects(runInMemory(statsCommand, { positional: [file], options: { format: 'csv' } }), { code: 'config-invalid', message: /--format/ })
})

t.test('hostile names -> escaped in the terminal', async t => {
  const file = await fileOf(t, [recordOf(DOOR_TRAJECTORY, { source: { ...door.source, name: 'a\u001b[31m' } })])
  const { out } = await runInMemory(statsCommand, { positional: [file] })
  t.match(out, 'a\\u{1b}[31m')
})

t.test('--html -> a page beside the usual answer, the same on every run; a place that cannot be written to -> config-invalid', async t => {
  const file = await fileOf(t, [door, ruleBased])
  const folder = await temporaryFolder(t)
  const pages: string[] = []
  for (const name of ['one.html', 'two.html']) {
    const { code, out } = await runInMemory(statsCommand, { positional: [file], options: { html: join(folder, name) } })
    t.equal(code, 0)
    t.match(out, /^2 records/)
    pages.push(await readFile(join(folder, name), 'utf8'))
  }
  t.equal(pages[0], pages[1])
  t.match(pages[0], /<h1>Tool-use trajectories<\/h1>[\s\S]+RULE-BASED: 1 of 2[\s\S]+UNTRAINED: 1 of 2/)
  t.notMatch(pages[0], 'id="stages"', 'data files have no stages')
  await t.rejects(runInMemory(statsCommand, { positional: [file], options: { html: join(folder, 'no', 'where.html') } }), { code: 'config-invalid', message: /--html .+where\.html/ })
})
