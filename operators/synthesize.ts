import { drop, emit, type Operator } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { parseTrajectory, splitReasoning } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import type { RelevantDocument, TrajectoryCandidate } from '../lib/schema/candidate.js'

/** How a model says that there is nothing to convert: an empty list of tools, and no turn. */
const NOTHING = /^\s*(?:```\w*\s*)?<toolsets>\s*(?:\[\s*\])?\s*<\/toolsets>\s*(?:```\s*)?$/i

/**
 * Turns a document into tools and a whole trajectory in one call: the work of all four stages at once, by a model trained
 * on what they made, or zero-shot by any other; lineage says which.
 * Drops `no-workflow` if the model finds nothing to convert, and as `ask` does. Rejects with `answer-malformed`.
 * GEM section 3, trajectory synthesizer.
 */
export function synthesize (stage: StageModel): Operator<RelevantDocument, TrajectoryCandidate> {
  return {
    name: 'synthesize',
    async process ({ document, labels }, context) {
      const answer = await ask(stage, { text: document.text }, context)
      if (answer.kind === 'drop') return answer
      if (NOTHING.test(splitReasoning(answer.text).text)) return drop('no-workflow')
      const trajectory = readAnswer(answer.text, text => parseTrajectory(text, { toolsets: 'required' }))
      return emit({ document, labels, trajectory })
    }
  }
}
