import { openBooks } from '../../lib/engine/books.js'
import type { RunReport } from '../../lib/app/run-report/page-of-run.js'
import { addToStats, openStats, type DatasetStats } from '../../lib/app/stats/collect-stats.js'
import { toOpenAi } from '../../lib/schema/open-ai.js'
import { countTrajectory, type Trajectory } from '../../lib/schema/trajectory.js'
import { recordOf } from '../app/in-memory.js'
import { validTrajectories } from './trajectories.js'

/** Names that break out of markup, hide, or turn their neighbours round, if anything lets them. */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>globalThis.canary = 1</script>', '</svg><img src=x onerror="globalThis.canary = 2">', '"\' onmouseover=globalThis.canary=3 x="',
  '</style></title><script src=https://example.com/x.js></script>', ']]><!-- & &amp; -->', 'right\u202eleft', 'zero\u200bwidth\u0007bell\ud800', '__proto__',
  'https://example.com/'.repeat(20)
]

/** Statistics with something in every list: drafts, patterns, verdicts, redactions, hostile names of everything that a corpus or a model names. */
export function richStats (records = 60): DatasetStats {
  const stats = openStats()
  validTrajectories(records, 5).forEach((trajectory, at) => {
    const draft = shortened(trajectory)
    const hostile = HOSTILE_NAMES[at % HOSTILE_NAMES.length] as string
    const record = recordOf(trajectory)
    const [step] = record.lineage.steps
    addToStats(stats, {
      ...record,
      source: { ...record.source, name: at % 3 === 0 ? hostile : 'corpus' },
      licence: at % 2 === 0 ? 'CC-BY-4.0' : hostile,
      language: at % 5 === 0 ? undefined : 'en',
      redacted: { email: at % 4, [hostile]: 1 },
      labels: { domains: ['shopping', at % 2 === 0 ? 'finance' : 'real_estate'], platforms: ['computer', 'phone'], tasks: ['search', at % 2 === 0 ? 'databases' : 'smart_home'] },
      draft: { ...toOpenAi(draft), stats: countTrajectory(draft) },
      stats: { ...record.stats, tokens: 900 + 37 * at },
      checks: {
        grounding: { user: 5 + at, observation: 7, choice: 2, unexplained: at % 3 }, findings: { 'source-numbers': at % 2, [hostile]: 1 },
        patterns: { clarification: 1 + at % 2, 'error-recovery': at % 3, 'multi-hop': 2, [hostile]: 1 },
        verdict: { R1: 1, R2: at % 7 === 0 ? 0 : 1, R3: 1, raw: '{}' }
      },
      usage: { promptTokens: 5000 + 211 * at, completionTokens: 1500 },
      lineage: {
        pipeline: 'teacher',
        steps: ['generate', 'refine', 'judge', hostile].map(stage => ({ ...step as NonNullable<typeof step>, stage, model: at % 2 === 0 ? 'glm-4.6' : hostile, author: at === 0 ? 'rule-based' : 'model', trained: at % 10 !== 0 }))
      }
    }, trajectory)
  })
  return stats
}

/** A run whose stages, reasons and keys have such names too. */
export function richReport (records = 60): RunReport {
  const books = openBooks(['filter', 'generate', ...HOSTILE_NAMES.slice(0, 2)])
  for (const [at, name] of Object.keys(books.stages).entries()) {
    books.stages[name] = { received: 1000 - 50 * at, emitted: 950 - 50 * at, values: 950 - 50 * at, dropped: { [`reason-${at}`]: 30, [HOSTILE_NAMES[at] as string]: 5 }, rejected: { 'answer-malformed': 15 } }
  }
  Object.assign(books, { documents: 1000, accepted: records, counts: { 'filter/unknown-label': 7 } })
  const usage = Object.fromEntries(['filter', 'generate', ...HOSTILE_NAMES].map((stage, at) => [stage, { calls: 100 + at, promptTokens: 1_000_000 / (at + 1), completionTokens: 250_000 }]))
  return {
    stats: richStats(records),
    run: {
      source: HOSTILE_NAMES[0] as string, planned: 4, totals: { splits: 3, rows: records, bytes: 9, books, usage },
      resultKeys: { pipeline: 'teacher', 'source.name': HOSTILE_NAMES[1], 'stages.generate.stop': HOSTILE_NAMES }
    },
    uncounted: 1
  }
}

/** As it may have been before refinement: the first half of the turns, the first tools. */
function shortened ({ tools, messages }: Trajectory): Trajectory {
  return { tools: tools.slice(0, Math.ceil(tools.length / 2)), messages: messages.slice(0, Math.ceil(messages.length / 2)) }
}
