import { emit, type Operator } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { parseTrajectory } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import { renderTools, renderWorkflow } from '../lib/model/render-trajectory.js'
import type { TrajectoryCandidate, WorkflowCandidate } from '../lib/schema/candidate.js'

/**
 * Writes the draft dialogue of one workflow, in one call. The model gets the source text and this workflow with its tools:
 * by the text alone, as the paper's template has it, all children of a document would tell the same story.
 * Drops as `ask` does. Rejects with `answer-malformed`. GEM stage 3, appendix A.3.
 */
export function generate (stage: StageModel): Operator<WorkflowCandidate, TrajectoryCandidate> {
  return {
    name: 'generate',
    async process ({ document, labels, workflow, index, count }, context) {
      const { tools } = workflow
      const values = { text: document.text, workflow: renderWorkflow(workflow), tools: renderTools(tools) }
      const answer = await ask(stage, values, context)
      if (answer.kind === 'drop') return answer
      const trajectory = readAnswer(answer.text, text => parseTrajectory(text, { tools, toolsets: 'none' }))
      return emit({ document, labels, trajectory, workflow: { workflow, index, count } })
    }
  }
}
