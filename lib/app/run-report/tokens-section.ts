import type { StageUsage } from '../../run/commit-record.js'
import { formatNumber } from '../report/format-number.js'
import type { BarsRow, Figure, Remark, Section } from '../report/spec.js'
import type { DatasetStats } from '../stats/collect-stats.js'
import { quantileOf, type Distribution } from '../stats/distribution.js'
import { GEM_MAX_TOKENS } from '../stats/paper-figures.js'
import type { RunFacts } from './read-run.js'

type Usage = StageUsage[string]

/** Where the tokens go, by stage and by trajectory. */
export function tokensSection (stats: DatasetStats, run: RunFacts | undefined): Section {
  const { tokens, usageTokens } = stats.measures
  return {
    id: 'tokens',
    title: 'Tokens',
    intro: 'As the servers counted them, behind the records, whoever asked: answers out of the journal count like new ones.',
    blocks: [
      byStage(run === undefined ? usageOf(stats) : run.totals.usage, run),
      cumulative('Tokens paid per trajectory', usageTokens, { caption: 'Share of accepted trajectories whose own calls took at most so many tokens, prompts and answers together; what was spent on dropped ones is not in it.' }),
      ...tokens.count === 0 ? [] : [cumulative('Length of a trajectory', tokens, { caption: 'Share of trajectories of at most so many tokens. The paper trains on at most 32K.', mark: { label: 'longest row of GEM', value: GEM_MAX_TOKENS } })]
    ]
  }
}

/** Prompts and answers together. */
export function tokensOf (usages: readonly Usage[]): number {
  return usages.reduce((sum, { promptTokens, completionTokens }) => sum + promptTokens + completionTokens, 0)
}

/** What the lineages of accepted records say. */
function usageOf ({ calls, promptTokens, completionTokens }: DatasetStats): StageUsage {
  return Object.fromEntries([...calls].map(([stage, times]) => [stage, { calls: times, promptTokens: promptTokens.get(stage) ?? 0, completionTokens: completionTokens.get(stage) ?? 0 }]))
}

function byStage (usage: StageUsage, run: RunFacts | undefined): Figure | Remark {
  const stages = Object.entries(usage)
  if (stages.length === 0) return { kind: 'remark', text: 'Tokens by stage: no model was asked.' }
  const { accepted = 0, documents = 0 } = run?.totals.books ?? {}
  const per = (tokens: number, count: number): string => formatNumber(count === 0 ? undefined : tokens / count, 'number')
  return {
    kind: 'figure',
    title: 'Tokens by stage',
    caption: run === undefined
      ? 'Tokens of the calls behind accepted trajectories. A call that several children of a document share counts for each of them.'
      : 'Tokens of all calls of the run, each once, those for dropped and rejected records too.',
    plot: {
      kind: 'bars', rowTitle: 'stage', axis: 'tokens', format: 'count', layout: 'stacked',
      series: [{ name: 'prompt tokens', tone: 'first' }, { name: 'answer tokens', tone: 'second' }],
      rows: stages.map(([label, { calls, promptTokens, completionTokens }]): BarsRow => ({
        label, values: [promptTokens, completionTokens],
        more: [formatNumber(calls, 'count'), ...run === undefined ? [] : [per(promptTokens + completionTokens, documents), per(promptTokens + completionTokens, accepted)]]
      })),
      more: ['calls', ...run === undefined ? [] : ['tokens per document', 'tokens per accepted']]
    }
  }
}

const SHARES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
/** Above this ratio of the greatest to the least value the axis is logarithmic. */
const WIDE = 20

function cumulative (title: string, distribution: Distribution, { caption, mark }: { readonly caption: string, readonly mark?: { readonly label: string, readonly value: number } }): Figure | Remark {
  if (distribution.count === 0) return { kind: 'remark', text: `${title}: no record says.` }
  const points = new Map(SHARES.map(share => [quantileOf(distribution, share) as number, 100 * share]))
  const [least = 0, greatest = 0] = [[...points.keys()].at(0), [...points.keys()].at(-1)]
  return {
    kind: 'figure', title, caption,
    plot: {
      kind: 'lines',
      x: { title: 'at most so many tokens', format: 'count', logarithmic: least > 0 && greatest / least > WIDE },
      y: { title: 'share of trajectories', format: 'percent' },
      series: [{ name: 'this set', tone: 'first', points: [...points] }],
      marks: mark === undefined ? [] : [mark]
    }
  }
}
