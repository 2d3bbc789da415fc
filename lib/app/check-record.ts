import { checkTrajectory, RULES, type CheckOptions, type GroundingClass, type Place, type RuleMode } from '../rules/index.js'
import { fromOpenAi } from '../schema/open-ai.js'
import { trajectoryRecordSchema, type TrajectoryRecord } from '../schema/trajectory-record.js'
import { countTrajectory, type Trajectory } from '../schema/trajectory.js'

/** Checks before the rules of a trajectory: of the line, of its shape, of the numbers it says of itself. All of them fail a record. */
export const RECORD_CHECKS = ['line-broken', 'record-schema', 'record-arguments', 'record-stats'] as const

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
  /** Undefined where it has not the shape of a record. */
  readonly record: TrajectoryRecord | undefined
  readonly trajectory: Trajectory | undefined
  readonly findings: readonly RecordFinding[]
  readonly grounding: Readonly<Partial<Record<GroundingClass, number>>>
}

/** Checks the value of a line: schema, then every rule of a trajectory. Never throws for what it holds. */
export function checkRecord (value: unknown, options: Omit<CheckOptions, 'source'> = {}): RecordCheck {
  const opened = openRecord(value)
  if ('problem' in opened) return { record: undefined, trajectory: undefined, findings: [failure(opened.rule, opened.problem)], grounding: {} }
  const { record, trajectory } = opened
  const { findings, grounding } = checkTrajectory(trajectory, { ...options, source: record.text })
  return { record, trajectory, findings: [...checkStats(record, trajectory), ...findings], grounding }
}

/** A record with its trajectory, or why the value is none. */
export function openRecord (value: unknown): { readonly record: TrajectoryRecord, readonly trajectory: Trajectory } | { readonly rule: string, readonly problem: string } {
  const parsed = trajectoryRecordSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { rule: 'record-schema', problem: `${issue?.path.join('.') || 'record'}: ${issue?.message ?? 'wrong'}`.slice(0, 300) }
  }
  try {
    return { record: parsed.data, trajectory: fromOpenAi(parsed.data) }
  } catch (error) {
    return { rule: 'record-arguments', problem: (error as Error).message.slice(0, 300) }
  }
}

function checkStats ({ stats }: TrajectoryRecord, trajectory: Trajectory): RecordFinding[] {
  const counted = countTrajectory(trajectory)
  const wrong = (Object.keys(counted) as Array<keyof typeof counted>).filter(name => stats[name] !== counted[name])
  return wrong.length === 0 ? [] : [failure('record-stats', wrong.map(name => `${name} is ${counted[name]}, stats say ${stats[name]}`).join('; '))]
}

function failure (rule: string, message: string): RecordFinding {
  return { rule, mode: 'drop', message, where: {} }
}
