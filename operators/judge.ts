import { z } from 'zod'
import { drop, emit, type Operator } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { parseVerdict } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import { renderTools, renderTrajectory } from '../lib/model/render-trajectory.js'
import type { TrajectoryCandidate } from '../lib/schema/candidate.js'
import type { VerdictFact } from '../lib/schema/lineage.js'

/** What a bad verdict of `judge` does. */
export const judgeOptionsSchema = z.strictObject({
  /** Whether a record that fails is dropped, or goes on with its verdict noted. */
  mode: z.enum(['drop', 'report']).default('drop')
})

/** What a bad verdict does: drops the record unless told otherwise. */
export type JudgeOptions = Readonly<z.input<typeof judgeOptionsSchema>>

const RULES = [['R1', 'judge-r1'], ['R2', 'judge-r2'], ['R3', 'judge-r3']] as const

/** The reason of the drop that a verdict means: the first rule that is not clean. Undefined where all are. */
export function verdictReason (verdict: Readonly<Record<typeof RULES[number][0], number>>): typeof RULES[number][1] | undefined {
  return RULES.find(([rule]) => verdict[rule] !== 1)?.[1]
}

/**
 * Has a model judge whether arguments are grounded, abilities rightly judged and context kept. It sees tools and dialogue,
 * never the source. The verdict is noted as a fact.
 * Drops `judge-r1`, `judge-r2` or `judge-r3`, the first rule that fails, and as `ask` does. Rejects with `answer-malformed`.
 * GEM, validation (paper section 3.2, LLM check).
 */
export function judge (stage: StageModel, options: JudgeOptions = {}): Operator<TrajectoryCandidate, TrajectoryCandidate> {
  const { mode } = judgeOptionsSchema.parse(options)
  return {
    name: 'judge',
    async process (input, context) {
      const { trajectory } = input
      const answer = await ask(stage, { tools: renderTools(trajectory.tools), trajectory: renderTrajectory(trajectory) }, context)
      if (answer.kind === 'drop') return answer
      const verdict = readAnswer(answer.text, parseVerdict)
      const fact: Omit<VerdictFact, 'stage'> = { kind: 'verdict', ...verdict, raw: answer.text }
      context.note(fact)
      const reason = verdictReason(verdict)
      return reason === undefined || mode === 'report' ? emit(input) : drop(reason, verdict)
    }
  }
}
