import { gzipSync } from 'node:zlib'
import t from 'tap'
import { addStats, addToStats, openStats, type StatsRecord } from '../../../lib/app/stats/collect-stats.js'
import { compareSizes } from '../../../lib/app/stats/compare-sizes.js'
import { packStats, unpackStats } from '../../../lib/app/stats/pack-stats.js'
import { GEM_DOMAIN_SHARES, GEM_OTHER_DOMAINS, GEM_OTHER_TASKS, GEM_TASK_SHARES } from '../../../lib/app/stats/paper-figures.js'
import { statsToJson } from '../../../lib/app/stats/stats-json.js'
import { DOMAINS, TASKS } from '../../../lib/schema/labels.js'
import { DOOR_TRAJECTORY } from '../../support/fake-trajectory.js'
import { richStats } from '../../support/report-page.js'
import { validTrajectories } from '../../support/trajectories.js'
import { recordOf } from '../in-memory.js'

t.test('a trajectory of which nothing else is known -> its sizes, and unknown origin', async t => {
  const stats = openStats()
  addToStats(stats, {}, DOOR_TRAJECTORY)
  const one = (value: number) => ({ count: 1, mean: value, median: value, p10: value, p90: value, least: value, greatest: value, bins: [{ from: value, to: value, count: 1 }] })
  t.strictSame(statsToJson(stats), {
    records: 1, ruleBased: 0, untrained: 0, drafts: 0, judged: 0,
    measures: { messages: one(9), distinctTools: one(2), toolCalls: one(2), turns: one(2), definedTools: one(2), tokens: null, usageTokens: null, patternKinds: null },
    unrefined: { messages: null, distinctTools: null, toolCalls: null, turns: null, definedTools: null },
    domains: {}, platforms: {}, tasks: {}, sources: {}, shapes: {}, licences: { unknown: 1 }, languages: { unknown: 1 }, redacted: {}, pipelines: {}, models: {}, prompts: {},
    grounding: {}, findings: {}, patterns: {}, patternRecords: {}, clean: {}, calls: {}, promptTokens: {}, completionTokens: {}
  })
})

t.test('draft, patterns, verdicts, redactions -> counted by record and by thing', async t => {
  const stats = openStats()
  const base = recordOf(DOOR_TRAJECTORY)
  const [step] = base.lineage.steps
  const records: readonly StatsRecord[] = [
    {
      draft: { messages: [], tools: [], stats: { messages: 5, turns: 1, distinctTools: 1, definedTools: 2, toolCalls: 1 } },
      checks: { patterns: { clarification: 2, 'multi-hop': 1, 'error-recovery': 0 }, verdict: { R1: 1, R2: 1, R3: 1, raw: '' } },
      redacted: { email: 2 }, licence: 'MIT', language: 'de',
      lineage: { pipeline: 'teacher', steps: [{ ...step as NonNullable<typeof step>, revision: 'r7' }, { ...step as NonNullable<typeof step>, attempt: 1 }] }
    },
    { checks: { patterns: {}, verdict: { R1: 0, R2: 1, R3: 1, raw: '' } } }
  ]
  for (const record of records) addToStats(stats, record, DOOR_TRAJECTORY)
  t.match(statsToJson(stats), {
    records: 2, drafts: 1, judged: 2,
    measures: { patternKinds: { count: 2, mean: 1, least: 0, greatest: 2 } },
    unrefined: { messages: { count: 1, mean: 5 }, toolCalls: { mean: 1 } },
    licences: { MIT: 1, unknown: 1 }, languages: { de: 1, unknown: 1 }, redacted: { email: 2 },
    patterns: { clarification: 2, 'multi-hop': 1 }, patternRecords: { clarification: 1, 'multi-hop': 1 },
    clean: { R1: 1, R2: 2, R3: 2, all: 1 },
    models: { 'synthesize: qwen (r7)': 1, 'synthesize: qwen': 1 }, prompts: { 'synthesize: synthesize/zero-shot@v1#abc': 1 },
    calls: { synthesize: 2 }, promptTokens: { synthesize: 20 }, completionTokens: { synthesize: 40 }
  })
})

t.test('hostile names -> bounded in number and in length, none of them a property', async t => {
  const stats = openStats()
  for (let at = 0; at < 3000; at++) addToStats(stats, { licence: `l${at}`, language: '__proto__', redacted: { ['x'.repeat(100_000)]: 1 } }, DOOR_TRAJECTORY)
  t.equal(stats.licences.size, 1001)
  t.equal([...stats.licences.values()].reduce((sum, count) => sum + count, 0), 3000)
  t.strictSame([...stats.redacted.keys()].map(name => name.length), [201])
  t.strictSame(Object.keys((statsToJson(stats) as { languages: object }).languages), ['__proto__'])
})

t.test('statistics packed and read again -> the same; the same statistics -> the same bytes', async t => {
  const stats = richStats()
  const packed = await packStats(stats)
  t.strictSame(await unpackStats(packed), stats)
  t.strictSame(await packStats(richStats()), packed)
  t.strictSame(await unpackStats(await packStats(openStats())), openStats())
  for (const bytes of [Buffer.from('{}'), gzipSync('{}'), gzipSync('no JSON'), packed.subarray(0, 100)]) await t.rejects(unpackStats(bytes))
})

t.test('records in parts, their statistics added -> the same as all in one', async t => {
  const all = openStats()
  const sum = openStats()
  for (const part of [validTrajectories(7, 1), [], validTrajectories(5, 2)]) {
    const some = openStats()
    for (const trajectory of part) for (const stats of [all, some]) addToStats(stats, recordOf(trajectory), trajectory)
    addStats(sum, await unpackStats(await packStats(some)))
  }
  t.strictSame(sum, all)
})

t.test('the table of sizes -> this set, its drafts where there are any, and what the paper prints', async t => {
  const stats = openStats()
  addToStats(stats, {}, DOOR_TRAJECTORY)
  const none = { mean: undefined, median: undefined }
  const printed = [
    { name: 'GEM', sizes: [{ mean: '46.1', median: '41' }, { mean: '8.6', median: '8' }, { mean: '16.3', median: '13' }, none] },
    { name: 'GEM, unrefined', sizes: [{ mean: '30.05', median: undefined }, { mean: '5.01', median: undefined }, { mean: '7.83', median: undefined }, none] },
    { name: 'APIGEN-MT', sizes: [none, none, { mean: '4.3', median: undefined }, { mean: '18.5', median: undefined }] },
    { name: 'TOUCAN', sizes: [none, none, none, { mean: '6.24', median: undefined }] }
  ]
  const mine = { name: 'this set', sizes: [{ mean: '9.0', median: '9' }, { mean: '2.0', median: '2' }, { mean: '2.0', median: '2' }, { mean: '2.0', median: '2' }] }
  t.strictSame(compareSizes(stats), [mine, ...printed])
  t.strictSame(compareSizes(richStats()).map(({ name }) => name).slice(0, 3), ['this set', 'this set, unrefined', 'GEM'])
})

t.test('shares that the paper prints -> of labels that we know, and 100 together as far as it rounds', async t => {
  const sumOf = (shares: Readonly<Partial<Record<string, number>>>): number => Object.values(shares).reduce<number>((sum, share) => sum + (share ?? 0), 0)
  t.strictSame(Object.keys(GEM_TASK_SHARES).filter(name => !(TASKS as readonly string[]).includes(name)), [])
  t.strictSame(Object.keys(GEM_DOMAIN_SHARES).filter(name => !(DOMAINS as readonly string[]).includes(name)), [])
  t.equal((sumOf(GEM_TASK_SHARES) + GEM_OTHER_TASKS).toFixed(1), '100.1')
  t.equal((sumOf(GEM_DOMAIN_SHARES) + GEM_OTHER_DOMAINS).toFixed(6), '100.000000')
})
