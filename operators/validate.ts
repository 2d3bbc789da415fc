import { z } from 'zod'
import { drop, emit, type Operator } from '../lib/engine/operator.js'
import { checkTrajectory, RULES, type TrajectoryCheck } from '../lib/rules/index.js'
import type { TrajectoryCandidate } from '../lib/schema/candidate.js'

const modeSchema = z.enum(['off', 'report', 'drop'])

/** Options of `validate`: `rules` by name, each `off`, `report` or `drop`; all others keep their own mode. */
export const validateOptionsSchema = z.strictObject({
  profile: z.enum(['default', 'paper']).default('default'),
  rules: z.strictObject(Object.fromEntries(RULES.map(rule => [rule.name, modeSchema.optional()]))).default({}),
  minToolCalls: z.int().min(0).default(2)
})

/** Which rules drop, report or are off, and how many tool calls a trajectory needs (2 unless given). */
export type ValidateOptions = z.input<typeof validateOptionsSchema>

const MAX_FINDINGS = 20

/**
 * Checks a trajectory by rules alone, never by a model, at memory speed. Emits the candidate with its findings counted by
 * rule and its argument values by grounding class. Drops with the name of the first failed rule (see `lib/rules`); the
 * detail holds at most 20 findings. GEM, section 3.2, and beyond it grounding and source faithfulness.
 */
export function validate (options: ValidateOptions = {}): Operator<TrajectoryCandidate, TrajectoryCandidate> {
  const { rules, minToolCalls } = validateOptionsSchema.parse(options)
  const modes = Object.fromEntries(Object.entries(rules).flatMap(([name, mode]) => mode === undefined ? [] : [[name, mode]]))
  return {
    name: 'validate',
    process (candidate) {
      const { trajectory, document } = candidate
      const { findings, grounding } = checkTrajectory(trajectory, { rules: modes, minToolCalls, source: document.text })
      const failed = findings.find(finding => finding.mode === 'drop')
      if (failed !== undefined) return drop(failed.rule, { findings: findings.slice(0, MAX_FINDINGS) })
      return emit({ ...candidate, findings: countByRule(findings), grounding: { ...grounding } })
    }
  }
}

function countByRule (findings: TrajectoryCheck['findings']): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1
  return counts
}
