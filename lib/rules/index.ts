import type { Trajectory } from '../schema/trajectory.js'
import { argumentName, argumentRequired, argumentType, callsTooFew, callToolKnown } from './call-rules.js'
import { observationStructure, tagsUnclosed } from './content-rules.js'
import { createRuleContext, type ContextOptions } from './context.js'
import { grounding } from './grounding-rule.js'
import type { Finding, GroundingClass, Rule, RuleMode } from './rule.js'
import { sourceNumbers } from './source-numbers.js'
import { patternIgnored, toolDefinition, toolNameUnique } from './tool-rules.js'
import { callObservation, turnEmpty, turnOrder } from './turn-rules.js'

export type { Finding, Grounding, GroundingClass, Place, Rule, RuleMode } from './rule.js'
export { GROUNDING_CLASSES } from './rule.js'

/** All rules, in the order in which they give the reason of a drop: structure before meaning, the paper's before ours. */
export const RULES: readonly Rule[] = [
  toolDefinition, toolNameUnique, tagsUnclosed, turnEmpty, turnOrder, callObservation, callToolKnown,
  argumentName, argumentRequired, argumentType, observationStructure, callsTooFew, grounding,
  sourceNumbers, patternIgnored
]

/** Which rules apply and how strictly, and what they measure by; `minToolCalls` is 2 unless given. */
export interface CheckOptions extends Partial<ContextOptions> {
  /** Modes by name of rule; others keep their own. */
  readonly rules?: Readonly<Record<string, RuleMode>>
}

/** All that the rules found, in the order of the rules, each with the mode of its rule; grounding classes counted, those that occur. */
export interface TrajectoryCheck {
  readonly findings: ReadonlyArray<Finding & { readonly mode: Exclude<RuleMode, 'off'> }>
  readonly grounding: Readonly<Partial<Record<GroundingClass, number>>>
}

/** Checks a trajectory with every rule that is not off. Never throws for what a model wrote. */
export function checkTrajectory (trajectory: Trajectory, { minToolCalls = 2, source, rules = {} }: CheckOptions = {}): TrajectoryCheck {
  const context = createRuleContext(trajectory, { minToolCalls, source })
  const findings = RULES.flatMap(rule => {
    const mode = rules[rule.name] ?? rule.mode
    return mode === 'off' ? [] : rule.check(trajectory, context).map(finding => ({ ...finding, mode }))
  })
  if (rules.grounding === 'off') return { findings, grounding: {} }
  const occurring = Object.entries(context.grounding().counts).filter(([, count]) => count > 0)
  return { findings, grounding: Object.fromEntries(occurring) }
}
