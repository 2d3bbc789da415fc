import { z } from 'zod'
import type { CheckOptions } from '../../rules/index.js'
import type { ResultKeys } from '../../run/plan.js'

/** What another version may have said in another way is left to the defaults. */
const plannedSchema = z.object({
  'stages.validate.minToolCalls': z.int().min(0).optional().catch(undefined),
  'stages.validate.rules': z.record(z.string(), z.enum(['off', 'report', 'drop'])).optional().catch(undefined)
})

/** By which rules a run checked its trajectories, from the result keys of its plan; the defaults where there is none. */
export function checkOptionsOf (keys: ResultKeys = {}): Omit<CheckOptions, 'source'> {
  const { 'stages.validate.minToolCalls': minToolCalls = 2, 'stages.validate.rules': rules = {} } = plannedSchema.parse(keys)
  return { minToolCalls, rules }
}
