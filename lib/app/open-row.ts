import { readForeign, type ForeignShape } from '../formats/index.js'
import { isObject } from '../schema/json-value.js'
import { fromOpenAi } from '../schema/open-ai.js'
import { trajectoryRecordSchema, type TrajectoryRecord } from '../schema/trajectory-record.js'
import type { Trajectory } from '../schema/trajectory.js'

/** A record of ours with its trajectory. */
export interface OpenedRecord { readonly trajectory: Trajectory, readonly id: string, readonly record: TrajectoryRecord, readonly shape?: undefined }

/** A record of ours, or a row of somebody else's set by its shape, with its trajectory. */
export type OpenedRow =
  | OpenedRecord
  | { readonly trajectory: Trajectory, readonly id: string | undefined, readonly record?: undefined, readonly shape: ForeignShape }

/** Why a line is neither, by the name of the check that it fails. */
export interface UnopenedRow {
  readonly rule: 'record-schema' | 'record-arguments' | 'foreign-shape'
  readonly problem: string
}

/** Opens the value of a line. What has the keys of a record is read as one, all else by its shape, or by the one given. */
export function openRow (value: unknown, shape?: ForeignShape): OpenedRow | UnopenedRow {
  const isOurs = isObject(value) && ('textKey' in value || 'lineage' in value)
  const foreign = shape === undefined && isOurs ? undefined : readForeign(value, shape)
  if (foreign === undefined) return openRecord(value)
  if ('problem' in foreign) return { rule: 'foreign-shape', problem: `as ${foreign.shape}: ${foreign.problem}` }
  return { trajectory: foreign.trajectory, id: foreign.id, shape: foreign.shape }
}

/** Opens the value of a line that must be a record of ours. */
export function openRecord (value: unknown): OpenedRecord | UnopenedRow {
  const parsed = trajectoryRecordSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { rule: 'record-schema', problem: `${issue?.path.join('.') || 'record'}: ${issue?.message ?? 'wrong'}`.slice(0, 300) }
  }
  try {
    return { trajectory: fromOpenAi(parsed.data), id: parsed.data.id, record: parsed.data }
  } catch (error) {
    return { rule: 'record-arguments', problem: (error as Error).message.slice(0, 300) }
  }
}
