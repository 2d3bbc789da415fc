import type { Figure, Remark, Section, Table } from '../report/spec.js'
import { formatNumber } from '../report/format-number.js'
import { binTogether } from '../stats/bins.js'
import type { DatasetStats } from '../stats/collect-stats.js'
import { GEM_PATTERN_KINDS } from '../stats/paper-figures.js'
import { nameBars } from './name-bars.js'

/** What the dialogues hold: patterns, what arguments rest on, findings, verdicts. */
export function contentSection (stats: DatasetStats): Section {
  return {
    id: 'content',
    title: 'What the dialogues hold',
    blocks: [
      nameBars({
        title: 'Patterns', counts: stats.patternRecords, of: stats.measures.patternKinds.count, rowTitle: 'pattern', axis: 'share of trajectories', counted: 'trajectories', tone: 'third',
        caption: 'Share of the trajectories that were looked through in which detectors found the pattern at least once.'
      }),
      patternKinds(stats),
      nameBars({
        title: 'Grounding of argument values', counts: stats.grounding, rowTitle: 'class', axis: 'share of argument values', counted: 'values', tone: 'fourth',
        caption: 'What the values in tool calls rest on: said by the user, in an observation, the system prompt or the schema before the call, derived from these, a choice of the agent, trivial, or nothing.'
      }),
      nameBars({
        title: 'Findings', counts: stats.findings, rowTitle: 'rule', axis: 'share of findings', counted: 'findings', tone: 'reject',
        caption: 'What rules reported in accepted trajectories without dropping them. One trajectory can have several.'
      }),
      verdicts(stats)
    ]
  }
}

function patternKinds ({ measures }: DatasetStats): Figure | Remark {
  const { patternKinds } = measures
  if (patternKinds.count === 0) return { kind: 'remark', text: 'Different patterns per trajectory: no record says.' }
  return {
    kind: 'figure',
    title: 'Different patterns per trajectory',
    caption: `Share of trajectories by number of different patterns. The paper's prompt asks for at least ${GEM_PATTERN_KINDS}.`,
    plot: {
      kind: 'histogram', axis: 'different patterns', series: [{ name: 'this set', tone: 'third' }], bins: binTogether([patternKinds]),
      marks: [{ label: 'asked for by GEM', value: GEM_PATTERN_KINDS }]
    }
  }
}

const RULES: ReadonlyArray<readonly [string, string]> = [
  ['R1', 'R1: arguments have a basis'], ['R2', 'R2: abilities rightly judged'], ['R3', 'R3: context kept'], ['all', 'all three']
]

function verdicts ({ judged, clean }: DatasetStats): Table | Remark {
  if (judged === 0) return { kind: 'remark', text: 'Verdicts of the judge: no record carries one.' }
  return {
    kind: 'table',
    title: 'Verdicts of the judge',
    caption: `Of ${formatNumber(judged, 'count')} accepted trajectories with a verdict. Where the judge drops, all of these are clean; what it dropped stands among the reasons.`,
    columns: [{ title: 'rule' }, { title: 'clean', numeric: true }, { title: 'share', numeric: true }],
    rows: RULES.map(([name, title]) => [title, formatNumber(clean.get(name) ?? 0, 'count'), formatNumber(100 * (clean.get(name) ?? 0) / judged, 'percent')])
  }
}
