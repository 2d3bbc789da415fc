import { GROUNDING_CLASSES } from '../rules/index.js'
import type { TrajectoryRecord } from '../schema/trajectory-record.js'
import { countTrajectory, type Trajectory } from '../schema/trajectory.js'

/** What is measured of each trajectory. `usage` is the tokens of all calls that made it, prompt and answer. */
export const MEASURES = ['messages', 'distinctTools', 'toolCalls', 'turns', 'definedTools', 'tokens', 'usageTokens'] as const

/** Name of a size of a trajectory. */
export type Measure = typeof MEASURES[number]

/** How the values of a measure are spread. Counts by value; values from 1,000 on are rounded to three digits. */
export interface Distribution {
  count: number
  sum: number
  least: number
  greatest: number
  readonly counts: Map<number, number>
}

/** Counts of names, the first 1,000 of them; the rest is counted together under `…`. */
export type NameCounts = Map<string, number>

/** Counts over the records of data files. Grows in place; its size is bounded whatever the records hold. */
export interface DatasetStats {
  records: number
  /** Records with an answer of the rule-based author in their lineage. */
  ruleBased: number
  /** Records of a synthesizer that is not said to be trained. */
  untrained: number
  readonly measures: Readonly<Record<Measure, Distribution>>
  readonly domains: NameCounts
  readonly platforms: NameCounts
  readonly tasks: NameCounts
  readonly sources: NameCounts
  readonly pipelines: NameCounts
  readonly models: NameCounts
  readonly grounding: NameCounts
  readonly findings: NameCounts
  /** Rows of other people's sets by the shape they were read by. */
  readonly shapes: NameCounts
}

/** Sizes of a distribution. The median of values from 1,000 on is that of the rounded ones. */
export interface Summary { readonly count: number, readonly mean: number, readonly median: number, readonly least: number, readonly greatest: number }

/** No value yet. */
export function openDistribution (): Distribution {
  return { count: 0, sum: 0, least: Infinity, greatest: -Infinity, counts: new Map() }
}

/** Nothing counted yet. Its size is bounded whatever is added. */
export function openStats (): DatasetStats {
  const names = (): NameCounts => new Map()
  const measures = Object.fromEntries(MEASURES.map(name => [name, openDistribution()]))
  return {
    records: 0, ruleBased: 0, untrained: 0, measures: measures as unknown as DatasetStats['measures'],
    domains: names(), platforms: names(), tasks: names(), sources: names(), pipelines: names(), models: names(), grounding: names(), findings: names(), shapes: names()
  }
}

/** Adds a record. Sizes are counted anew, tokens are taken as the record says. */
export function addToStats (stats: DatasetStats, record: TrajectoryRecord, trajectory: Trajectory): void {
  const { steps, pipeline } = record.lineage
  stats.records++
  if (steps.some(step => step.author === 'rule-based')) stats.ruleBased++
  if (steps.some(step => step.trained === false)) stats.untrained++
  const values: Partial<Record<Measure, number>> = {
    ...countTrajectory(trajectory),
    tokens: record.stats.tokens,
    usageTokens: record.usage.promptTokens + record.usage.completionTokens
  }
  addValues(stats, values)
  addNames(stats, record)
  addName(stats.pipelines, pipeline)
  for (const model of new Set(steps.map(step => `${step.stage}: ${step.model}`))) addName(stats.models, model)
}

/** Adds a row of somebody else's set: its sizes, there is nothing else to count. */
export function addForeignToStats (stats: DatasetStats, trajectory: Trajectory, shape: string): void {
  stats.records++
  addValues(stats, countTrajectory(trajectory))
  addName(stats.shapes, shape)
}

/** The middle value, the mean of the two middle ones where they are two; undefined of nothing. */
export function medianOf ({ count, counts }: Distribution): number | undefined {
  if (count === 0) return undefined
  const values = [...counts].sort(([one], [other]) => one - other)
  const at = (rank: number): number => {
    let seen = 0
    return values.find(([, times]) => (seen += times) > rank)?.[0] as number
  }
  return (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2
}

/** The sizes of what was counted; null of nothing. */
export function summaryOf (distribution: Distribution): Summary | null {
  const { count, sum, least, greatest } = distribution
  return count === 0 ? null : { count, mean: sum / count, median: medianOf(distribution) as number, least, greatest }
}

function addNames (stats: DatasetStats, { labels, source, checks }: TrajectoryRecord): void {
  for (const name of labels?.domains ?? []) addName(stats.domains, name)
  for (const name of labels?.platforms ?? []) addName(stats.platforms, name)
  for (const name of labels?.tasks ?? []) addName(stats.tasks, name)
  addName(stats.sources, source.name)
  for (const name of GROUNDING_CLASSES) addName(stats.grounding, name, checks.grounding?.[name] ?? 0)
  for (const [name, times] of Object.entries(checks.findings ?? {})) addName(stats.findings, name, times)
}

function addValues (stats: DatasetStats, values: Partial<Record<Measure, number>>): void {
  for (const name of MEASURES) addValue(stats.measures[name], values[name])
}

const MOST_NAMES = 1000

/** Counts a name. */
export function addName (counts: NameCounts, name: string, times = 1): void {
  if (times <= 0) return
  const key = counts.has(name) || counts.size < MOST_NAMES ? name : '…'
  counts.set(key, (counts.get(key) ?? 0) + times)
}

/** Adds a value, if there is one. */
export function addValue (distribution: Distribution, value: number | undefined): void {
  if (value === undefined) return
  distribution.count++
  distribution.sum += value
  distribution.least = Math.min(distribution.least, value)
  distribution.greatest = Math.max(distribution.greatest, value)
  const key = value < 1000 ? value : Number(value.toPrecision(3))
  distribution.counts.set(key, (distribution.counts.get(key) ?? 0) + 1)
}
