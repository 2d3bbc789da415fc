import { z } from 'zod'
import { drop, emit, type Operator, type OperatorContext, type Outcome } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { countFact } from '../lib/model/count-fact.js'
import { parseRelevance } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import { preFilter, preFilterSchema } from '../lib/rules/pre-filter.js'
import type { RelevantDocument } from '../lib/schema/candidate.js'
import type { Document } from '../lib/schema/document.js'

/** Whether, and by which bounds, rules drop a text before `filter` asks the model. */
export const filterOptionsSchema = z.strictObject({
  /** Bounds of the rules before the model; false asks the model about every document, as the paper does. */
  preFilter: z.union([z.literal(false), preFilterSchema]).default(preFilterSchema.parse({}))
})

/** The bounds of the rules before the model; on with their defaults unless given. */
export type FilterOptions = Readonly<z.input<typeof filterOptionsSchema>>

/**
 * Keeps the documents that describe a procedure of several steps, with their labels. Rules first, without a promise; then
 * the model, if there is one. Labels outside of the vocabularies are counted as `unknown-label` and left out.
 * Drops `too-short`, `too-long-text`, `no-steps` by rule, `not-relevant` by the model, and as `ask` does.
 * Rejects with `answer-malformed`. GEM stage 1, appendix A.1.
 */
export function filter ({ stage }: { readonly stage?: StageModel } = {}, options: FilterOptions = {}): Operator<Document, RelevantDocument> {
  const { preFilter: bounds } = filterOptionsSchema.parse(options)
  return {
    name: 'filter',
    process (document, context) {
      const reason = bounds === false ? undefined : preFilter(document.text, bounds)
      if (reason !== undefined) return drop(reason)
      return stage === undefined ? emit({ document }) : askRelevance(stage, document, context)
    }
  }
}

async function askRelevance (stage: StageModel, document: Document, context: OperatorContext): Promise<Outcome<RelevantDocument>> {
  const answer = await ask(stage, { text: document.text }, context)
  if (answer.kind === 'drop') return answer
  const { relevant, labels, unknown } = readAnswer(answer.text, parseRelevance)
  const strangers = unknown.platform.length + unknown.domain.length + unknown.task.length
  if (strangers > 0) context.note(countFact('unknown-label', strangers))
  return relevant ? emit({ document, labels }) : drop('not-relevant')
}
