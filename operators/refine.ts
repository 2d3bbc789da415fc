import { z } from 'zod'
import { emit, type Operator } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { parseTrajectory } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import { renderTools, renderTrajectory } from '../lib/model/render-trajectory.js'
import type { TrajectoryCandidate } from '../lib/schema/candidate.js'

/** What `refine` hands on beside the refined trajectory. */
export const refineOptionsSchema = z.strictObject({
  /** Whether the draft stays with the record, for the set without refinement (paper, table 5 and ablations). */
  keepDraft: z.boolean().default(true)
})

/** What is handed on beside the refined trajectory: the draft, unless told otherwise. */
export type RefineOptions = Readonly<z.input<typeof refineOptionsSchema>>

/**
 * Has a draft rewritten into a richer and stricter trajectory with tools of its own. The model sees tools and draft, not
 * the source text; faults of the draft are its to mend, so nothing is validated between.
 * Drops as `ask` does. Rejects with `answer-malformed`. GEM stage 4, appendix A.4.
 */
export function refine (stage: StageModel, options: RefineOptions = {}): Operator<TrajectoryCandidate, TrajectoryCandidate> {
  const { keepDraft } = refineOptionsSchema.parse(options)
  return {
    name: 'refine',
    async process (input, context) {
      const draft = input.trajectory
      const answer = await ask(stage, { tools: renderTools(draft.tools), trajectory: renderTrajectory(draft) }, context)
      if (answer.kind === 'drop') return answer
      const trajectory = readAnswer(answer.text, text => parseTrajectory(text, { toolsets: 'required' }))
      return emit({ ...input, trajectory, draft: keepDraft ? draft : undefined })
    }
  }
}
