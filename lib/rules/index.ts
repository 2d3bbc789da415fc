import type { Trajectory } from '../schema/trajectory.js'
import { createRuleContext, type ContextOptions } from './context.js'
import { detectPatterns, type PatternName } from './patterns.js'
import { modesOf, type ProfileName } from './profiles.js'
import type { Finding, GroundingClass, RuleMode } from './rule.js'
import { RULES } from './rules.js'

export type { Finding, Grounding, GroundingClass, PaperCheck, Place, Rule, RuleMode } from './rule.js'
export { GROUNDING_CLASSES } from './rule.js'
export { PATTERN_NAMES, type PatternName } from './patterns.js'
export { modesOf, PROFILE_NAMES, PROFILES, type ProfileName } from './profiles.js'
export { RULES } from './rules.js'

/** Which rules apply and how strictly, and what they measure by: 2 calls at least and English unless said otherwise. */
export interface CheckOptions extends Partial<ContextOptions> {
  /** Default `default`. */
  readonly profile?: ProfileName
  /** Modes by name of rule; others keep that of the profile. */
  readonly rules?: Readonly<Record<string, RuleMode>>
}

/** What was found out about a trajectory. */
export interface TrajectoryCheck {
  /** All that the rules found, in the order of the rules, each with the mode of its rule. */
  readonly findings: ReadonlyArray<Finding & { readonly mode: Exclude<RuleMode, 'off'> }>
  /** Argument values by class, those that occur; empty where the rule `grounding` is off. */
  readonly grounding: Readonly<Partial<Record<GroundingClass, number>>>
  /** Turns by the paper's patterns, those that occur; empty in the profile `paper`. */
  readonly patterns: Readonly<Partial<Record<PatternName, number>>>
}

/** Checks a trajectory with every rule that is not off. Never throws for what a model wrote. */
export function checkTrajectory (trajectory: Trajectory, options: CheckOptions = {}): TrajectoryCheck {
  const { minToolCalls = 2, language = 'en', source, profile = 'default', rules } = options
  const context = createRuleContext(trajectory, { minToolCalls, language, source })
  const modes = modesOf(profile, rules)
  const findings = RULES.flatMap(rule => {
    const mode = modes[rule.name] ?? rule.mode
    return mode === 'off' ? [] : rule.check(trajectory, context).map(finding => ({ ...finding, mode }))
  })
  return {
    findings,
    grounding: modes.grounding === 'off' ? {} : occurring(context.grounding().counts),
    patterns: profile === 'paper' ? {} : detectPatterns(trajectory, context)
  }
}

function occurring (counts: Readonly<Record<GroundingClass, number>>): Partial<Record<GroundingClass, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
