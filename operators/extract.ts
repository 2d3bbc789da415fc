import { z } from 'zod'
import { drop, emit, type Operator } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { countFact } from '../lib/model/count-fact.js'
import { parseWorkflows } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import type { RelevantDocument, WorkflowCandidate } from '../lib/schema/candidate.js'

/** How many workflows of a document `extract` hands on. */
export const extractOptionsSchema = z.strictObject({
  /** How many workflows of one document go on: the first, or all up to `maxWorkflows`. */
  workflows: z.enum(['first', 'all']).default('first'),
  maxWorkflows: z.int().min(1).default(8)
})

/** How many workflows go on: only the first unless told otherwise, at most 8 with `all`. */
export type ExtractOptions = Readonly<z.input<typeof extractOptionsSchema>>

/**
 * Finds the workflows of a document, with the tools that carry them out; each becomes a child. Workflows beyond the wanted
 * number are counted as `workflow-not-taken`, those without actions or tools as `workflow-unusable`.
 * Drops `no-workflow` if none is usable, and as `ask` does. Rejects with `answer-malformed`. GEM stage 2, appendix A.2.
 */
export function extract (stage: StageModel, options: ExtractOptions = {}): Operator<RelevantDocument, WorkflowCandidate> {
  const { workflows: wanted, maxWorkflows } = extractOptionsSchema.parse(options)
  const limit = wanted === 'first' ? 1 : maxWorkflows
  return {
    name: 'extract',
    async process (input, context) {
      const answer = await ask(stage, { text: input.document.text }, context)
      if (answer.kind === 'drop') return answer
      const { workflows, unusable, problems } = readAnswer(answer.text, parseWorkflows)
      const count = workflows.length
      if (unusable > 0) context.note(countFact('workflow-unusable', unusable))
      if (count > limit) context.note(countFact('workflow-not-taken', count - limit))
      const [first, ...rest] = workflows.slice(0, limit).map((workflow, index) => ({ ...input, workflow, index, count }))
      return first === undefined ? drop('no-workflow', unusable > 0 ? { problems } : undefined) : emit(first, ...rest)
    }
  }
}
