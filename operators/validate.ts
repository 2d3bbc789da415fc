import { z } from 'zod'
import { drop, emit, type Operator } from '../lib/engine/operator.js'
import { checkTrajectory, modesOf, PROFILE_NAMES, RULES, type TrajectoryCheck } from '../lib/rules/index.js'
import type { TrajectoryCandidate } from '../lib/schema/candidate.js'

const modeSchema = z.enum(['off', 'report', 'drop'])

/**
 * Options of `validate`: `profile` says which rules there are, `rules` sets single ones to `off`, `report` or `drop`;
 * `language` (ISO 639-1) is the one that every turn is to be in.
 */
export const validateOptionsSchema = z.strictObject({
  profile: z.enum(PROFILE_NAMES).default('default'),
  rules: z.strictObject(Object.fromEntries(RULES.map(rule => [rule.name, modeSchema.optional()]))).default({}),
  minToolCalls: z.int().min(0).default(2),
  language: z.string().regex(/^[a-z]{2}$/, 'not a language code of two letters, such as en').default('en')
})

/** Which rules drop, report or are off, how many tool calls a trajectory needs (2 unless given), and its language (`en`). */
export type ValidateOptions = z.input<typeof validateOptionsSchema>

const MAX_FINDINGS = 20

/**
 * Checks a trajectory by rules alone, never by a model, at memory speed. Emits the candidate with its findings counted by
 * rule and, outside of the profile `paper`, its argument values by grounding class and the paper's patterns. Drops with the
 * name of the first failed rule (see `lib/rules`); the detail holds at most 20 findings. GEM, section 3.2, and beyond it.
 */
export function validate (options: ValidateOptions = {}): Operator<TrajectoryCandidate, TrajectoryCandidate> {
  const { profile, rules, minToolCalls, language } = validateOptionsSchema.parse(options)
  const modes = modesOf(profile, rules)
  return {
    name: 'validate',
    process (candidate) {
      const { trajectory, document } = candidate
      const { findings, grounding, patterns } = checkTrajectory(trajectory, { profile, rules: modes, minToolCalls, language, source: document.text })
      const failed = findings.find(finding => finding.mode === 'drop')
      if (failed !== undefined) return drop(failed.rule, { findings: findings.slice(0, MAX_FINDINGS) })
      return emit({ ...candidate, findings: countByRule(findings), ...(profile === 'paper' ? {} : { grounding: { ...grounding }, patterns: { ...patterns } }) })
    }
  }
}

function countByRule (findings: TrajectoryCheck['findings']): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1
  return counts
}
