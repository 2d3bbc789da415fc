import type { ForeignShape } from '../formats/index.js'
import { checkTrajectory, RULES, type CheckOptions, type GroundingClass, type Place, type RuleMode } from '../rules/index.js'
import type { TrajectoryRecord } from '../schema/trajectory-record.js'
import { countTrajectory, type Trajectory } from '../schema/trajectory.js'
import { openRow } from './open-row.js'

/** Checks before the rules of a trajectory: of the line, of its shape, of the numbers it says of itself. All of them fail a record. */
export const RECORD_CHECKS = ['line-broken', 'record-schema', 'record-arguments', 'record-stats', 'foreign-shape'] as const

/** Every name that a record can fail by, with what a finding does unless told otherwise. */
export const CHECK_MODES: Readonly<Record<string, Exclude<RuleMode, 'off'>>> = Object.fromEntries([
  ...RECORD_CHECKS.map(name => [name, 'drop'] as const),
  ...RULES.map(rule => [rule.name, rule.mode] as const)
])

/** One thing found wrong with a record, by the name of the check: `drop` makes the record invalid, `report` is only told. */
export interface RecordFinding {
  readonly rule: string
  readonly mode: Exclude<RuleMode, 'off'>
  readonly message: string
  readonly where: Place
}

/** What was found of one record. It is valid unless a finding has the mode `drop`. */
export interface RecordCheck {
  /** Undefined where it is none of ours. */
  readonly record: TrajectoryRecord | undefined
  readonly trajectory: Trajectory | undefined
  /** What the line calls itself. */
  readonly id: string | undefined
  readonly findings: readonly RecordFinding[]
  readonly grounding: Readonly<Partial<Record<GroundingClass, number>>>
}

/** What is checked, and how a row that is no record of ours is read; by its shape unless told. */
export interface CheckRecordOptions extends Omit<CheckOptions, 'source'> { readonly shape?: ForeignShape | undefined }

/**
 * Checks the value of a line: a record by its schema, its numbers and every rule of a trajectory, a row of somebody else's
 * set by the rules alone. Never throws for what it holds.
 */
export function checkRecord (value: unknown, { shape, ...options }: CheckRecordOptions = {}): RecordCheck {
  const opened = openRow(value, shape)
  if ('problem' in opened) return { record: undefined, trajectory: undefined, id: undefined, findings: [failure(opened.rule, opened.problem)], grounding: {} }
  const { record, trajectory, id } = opened
  const { findings, grounding } = checkTrajectory(trajectory, { ...options, source: record?.text })
  return { record, trajectory, id, findings: [...record === undefined ? [] : checkStats(record, trajectory), ...findings], grounding }
}

function checkStats ({ stats }: TrajectoryRecord, trajectory: Trajectory): RecordFinding[] {
  const counted = countTrajectory(trajectory)
  const wrong = (Object.keys(counted) as Array<keyof typeof counted>).filter(name => stats[name] !== counted[name])
  return wrong.length === 0 ? [] : [failure('record-stats', wrong.map(name => `${name} is ${counted[name]}, stats say ${stats[name]}`).join('; '))]
}

function failure (rule: string, message: string): RecordFinding {
  return { rule, mode: 'drop', message, where: {} }
}
