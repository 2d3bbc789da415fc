import { GROUNDING_CLASSES } from '../../rules/index.js'
import type { TrajectoryRecord } from '../../schema/trajectory-record.js'
import { countTrajectory, type Trajectory } from '../../schema/trajectory.js'
import { addDistribution, addValue, openDistribution, type Distribution } from './distribution.js'
import { addName, addNames, type NameCounts } from './name-counts.js'

/** Sizes of a trajectory that its draft has too. */
export const SIZES = ['messages', 'distinctTools', 'toolCalls', 'turns', 'definedTools'] as const

/**
 * What is measured of each trajectory: its sizes, its own `tokens`, the tokens of all calls that made it (`usageTokens`, prompt
 * and answer), and how many different patterns were found in it (`patternKinds`).
 */
export const MEASURES = [...SIZES, 'tokens', 'usageTokens', 'patternKinds'] as const

/**
 * What is counted by name. Records: domains, platforms, tasks (each label of a record), sources, licences, languages, pipelines,
 * `models` and `prompts` by stage, `shapes` (of other people's rows), `patternRecords`, `clean` (records that the judge found clean, by its rules R1, R2, R3 and `all`).
 * Things in records: `redacted` values, `grounding` of argument values, `findings`, `patterns`. By stage, over the lineages:
 * `calls`, `promptTokens`, `completionTokens`; calls that children share count for each of them.
 */
export const NAME_LISTS = [
  'domains', 'platforms', 'tasks', 'sources', 'shapes', 'licences', 'languages', 'redacted', 'pipelines', 'models', 'prompts', 'grounding',
  'findings', 'patterns', 'patternRecords', 'clean', 'calls', 'promptTokens', 'completionTokens'
] as const

/** Numbers of records: all; with an answer of the rule-based author; of a synthesizer not said to be trained; with a draft; with a verdict. */
export const RECORD_COUNTS = ['records', 'ruleBased', 'untrained', 'drafts', 'judged'] as const

/** Name of a size. */
export type Size = typeof SIZES[number]
/** Name of a measure. */
export type Measure = typeof MEASURES[number]
/** Name of a list of names. */
export type NameList = typeof NAME_LISTS[number]

/** Counts over the records of data files. Grows in place; its size is bounded whatever the records hold. */
export type DatasetStats =
  & Record<typeof RECORD_COUNTS[number], number>
  & { readonly measures: Readonly<Record<Measure, Distribution>>, readonly unrefined: Readonly<Record<Size, Distribution>> }
  & { readonly [name in NameList]: NameCounts }

/** What is known of a trajectory beside itself: a record of ours, or as much of it as another set tells. */
export type StatsRecord = Partial<Pick<TrajectoryRecord, 'source' | 'licence' | 'language' | 'redacted' | 'labels' | 'draft' | 'stats' | 'checks' | 'lineage' | 'usage'>> & {
  /** The shape that a row of somebody else's set was read by. */
  readonly shape?: string
}

/** Nothing counted yet. */
export function openStats (): DatasetStats {
  const measures = Object.fromEntries(MEASURES.map(name => [name, openDistribution()])) as DatasetStats['measures']
  const unrefined = Object.fromEntries(SIZES.map(name => [name, openDistribution()])) as DatasetStats['unrefined']
  const lists = Object.fromEntries(NAME_LISTS.map((name): [NameList, NameCounts] => [name, new Map()])) as { [name in NameList]: NameCounts }
  return { records: 0, ruleBased: 0, untrained: 0, drafts: 0, judged: 0, measures, unrefined, ...lists }
}

/** Adds a record. Sizes are counted from the trajectory, tokens and sizes of the draft are taken as the record says. */
export function addToStats (stats: DatasetStats, record: StatsRecord, trajectory: Trajectory): void {
  stats.records++
  const { usage, checks, draft } = record
  const values: Partial<Record<Measure, number>> = {
    ...countTrajectory(trajectory),
    tokens: record.stats?.tokens,
    usageTokens: usage && usage.promptTokens + usage.completionTokens,
    patternKinds: checks?.patterns && Object.values(checks.patterns).filter(times => times > 0).length
  }
  for (const name of MEASURES) addValue(stats.measures[name], values[name])
  if (draft !== undefined) stats.drafts++
  for (const name of SIZES) addValue(stats.unrefined[name], draft?.stats[name])
  addOrigin(stats, record)
  addChecks(stats, checks ?? {})
  if (record.lineage !== undefined) addLineage(stats, record.lineage)
}

/** Adds what other statistics hold. Exact, but for names beyond the first 1,000 of a list. */
export function addStats (sum: DatasetStats, more: DatasetStats): void {
  for (const name of RECORD_COUNTS) sum[name] += more[name]
  for (const name of MEASURES) addDistribution(sum.measures[name], more.measures[name])
  for (const name of SIZES) addDistribution(sum.unrefined[name], more.unrefined[name])
  for (const name of NAME_LISTS) addNames(sum[name], more[name])
}

function addOrigin (stats: DatasetStats, { labels, source, shape, licence, language, redacted }: StatsRecord): void {
  for (const name of labels?.domains ?? []) addName(stats.domains, name)
  for (const name of labels?.platforms ?? []) addName(stats.platforms, name)
  for (const name of labels?.tasks ?? []) addName(stats.tasks, name)
  if (source !== undefined) addName(stats.sources, source.name)
  if (shape !== undefined) addName(stats.shapes, shape)
  addName(stats.licences, licence ?? 'unknown')
  addName(stats.languages, language ?? 'unknown')
  addNames(stats.redacted, Object.entries(redacted ?? {}))
}

function addChecks (stats: DatasetStats, { grounding, findings, patterns, verdict }: TrajectoryRecord['checks']): void {
  for (const name of GROUNDING_CLASSES) addName(stats.grounding, name, grounding?.[name] ?? 0)
  addNames(stats.findings, Object.entries(findings ?? {}))
  for (const [name, times] of Object.entries(patterns ?? {})) {
    addName(stats.patterns, name, times)
    if (times > 0) addName(stats.patternRecords, name)
  }
  if (verdict === undefined) return
  const { R1, R2, R3 } = verdict
  stats.judged++
  for (const [name, clean] of Object.entries({ R1, R2, R3, all: R1 === 1 && R2 === 1 && R3 === 1 ? 1 : 0 })) if (clean === 1) addName(stats.clean, name)
}

function addLineage (stats: DatasetStats, { pipeline, steps }: TrajectoryRecord['lineage']): void {
  if (steps.some(step => step.author === 'rule-based')) stats.ruleBased++
  if (steps.some(step => step.trained === false)) stats.untrained++
  addName(stats.pipelines, pipeline)
  const models = steps.map(({ stage, model, revision }) => `${stage}: ${model}${revision === undefined ? '' : ` (${revision})`}`)
  for (const name of new Set(models)) addName(stats.models, name)
  for (const name of new Set(steps.map(({ stage, prompt }) => `${stage}: ${prompt}`))) addName(stats.prompts, name)
  for (const { stage, usage } of steps) {
    addName(stats.calls, stage)
    addName(stats.promptTokens, stage, usage.promptTokens)
    addName(stats.completionTokens, stage, usage.completionTokens)
  }
}
