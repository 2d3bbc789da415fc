import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { addToStats, medianOf, openStats, type Distribution } from '../../lib/app/collect-stats.js'
import { statsCommand } from '../../lib/app/commands/stats.js'
import { widthOf } from '../../lib/app/terminal/width.js'
import type { TrajectoryRecord } from '../../lib/schema/trajectory-record.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { validTrajectories } from '../support/trajectories.js'
import { recordOf, runInMemory, temporaryFolder } from './in-memory.js'

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
  const one = (value: number) => ({ count: 2, mean: value, median: value, least: value, greatest: value })
  t.equal(code, 0)
  t.strictSame(JSON.parse(out), {
    version: 1, records: 2, invalid: 1, ruleBased: 1, untrained: 1,
    measures: {
      messages: one(9), distinctTools: one(2), toolCalls: one(2), turns: one(2), definedTools: one(2),
      tokens: { count: 1, mean: 300, median: 300, least: 300, greatest: 300 }, usageTokens: one(30)
    },
    domains: { shopping: 2 }, platforms: { computer: 2 }, tasks: { databases: 2, search: 2 }, sources: { corpus: 2 },
    pipelines: { synthesizer: 1, teacher: 1 }, models: { 'synthesize: qwen': 2 },
    grounding: { user: 6, unexplained: 2 }, findings: { 'source-numbers': 4 }, unreadable: []
  })
})

t.test('the same for people -> the paper beside it, rule-based said loudly, no line too wide', async t => {
  const file = await fileOf(t, [...validTrajectories(30, 3).map(trajectory => recordOf(trajectory)), ruleBased])
  for (const columns of [80, 60]) {
    const { out } = await runInMemory(statsCommand, { positional: [file], columns })
    t.match(out, /^31 records\nRULE-BASED: 1 of 31 \(3 %\)/)
    t.match(out, /messages.+46\.1 +41/)
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

t.test('hostile names -> bounded in number, escaped in the terminal', async t => {
  const stats = openStats()
  for (let at = 0; at < 3000; at++) addToStats(stats, recordOf(DOOR_TRAJECTORY, { source: { ...door.source, name: `s${at}` } }), DOOR_TRAJECTORY)
  t.equal(stats.sources.size, 1001)
  t.equal([...stats.sources.values()].reduce((sum, count) => sum + count, 0), 3000)
  const file = await fileOf(t, [recordOf(DOOR_TRAJECTORY, { source: { ...door.source, name: 'a\u001b[31m' } })])
  const { out } = await runInMemory(statsCommand, { positional: [file] })
  t.match(out, 'a\\u{1b}[31m')
})

t.test('any values below 1,000 -> the exact median', async t => {
  fc.assert(fc.property(fc.array(fc.nat(999), { minLength: 1, maxLength: 40 }), values => {
    const counts = new Map<number, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    const sorted = [...values].sort((one, other) => one - other)
    const middle = (sorted[Math.floor((values.length - 1) / 2)] as number) + (sorted[Math.floor(values.length / 2)] as number)
    return medianOf({ count: values.length, sum: 0, least: 0, greatest: 0, counts } satisfies Distribution) === middle / 2
  }))
  t.equal(medianOf(openStats().measures.messages), undefined)
})
