import type { Trajectory } from '../schema/trajectory.js'
import { roundsOf } from './patterns/rounds.js'
import { countClarifications, countMultiHops } from './patterns/flow.js'
import { countRecoveries } from './patterns/recovery.js'
import { countRefusals } from './patterns/refusals.js'
import type { RuleContext } from './rule.js'

/**
 * The five patterns that the paper wants woven into a dialogue (appendix A.3, A.4): a wish that a rule forbids, an error
 * and the way around it, a question for what is missing, calls that lead to one another, a limit that is admitted.
 */
export const PATTERN_NAMES = ['rule-conflict', 'error-recovery', 'clarification', 'multi-hop', 'limit-admitted'] as const
/** Name of a pattern. */
export type PatternName = typeof PATTERN_NAMES[number]

/**
 * Counts the patterns of a trajectory, those that occur; a round (a user turn and what follows) counts once for each, an
 * error once for its recovery. Detected by words and values, not understood: a figure for statistics, never a reason to drop.
 */
export function detectPatterns (trajectory: Trajectory, { calls }: Pick<RuleContext, 'calls'>): Readonly<Partial<Record<PatternName, number>>> {
  const dialogue = roundsOf(trajectory, calls)
  const { ruleConflicts, limitsAdmitted } = countRefusals(dialogue)
  const counts: Readonly<Record<PatternName, number>> = {
    'rule-conflict': ruleConflicts,
    'error-recovery': countRecoveries(dialogue),
    clarification: countClarifications(dialogue),
    'multi-hop': countMultiHops(dialogue),
    'limit-admitted': limitsAdmitted
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
