import { z } from 'zod'
import { drop, emit, type Operator, type OperatorContext, type Outcome } from '../lib/engine/operator.js'
import { ask, type StageModel } from '../lib/model/ask.js'
import { countFact } from '../lib/model/count-fact.js'
import { parseRelevance } from '../lib/model/parse-response.js'
import { readAnswer } from '../lib/model/read-answer.js'
import { preFilter, preFilterSchema } from '../lib/rules/pre-filter.js'
import type { RelevantDocument } from '../lib/schema/candidate.js'
import type { Document } from '../lib/schema/document.js'
import { DOMAINS } from '../lib/schema/labels.js'
import { detectLanguage } from '../lib/text/detect-language.js'

/** What drops a document before and after `filter` asks the model. */
export const filterOptionsSchema = z.strictObject({
  /** Bounds of the rules before the model; false asks the model about every document, as the paper does. */
  preFilter: z.union([z.literal(false), preFilterSchema]).default(preFilterSchema.parse({})),
  /** Texts in another language than this one (ISO 639-1) are dropped; `any` keeps all. */
  language: z.union([z.literal('any'), z.string().regex(/^[a-z]{2}$/)]).default('en'),
  /** A document that the model puts into one of these domains is dropped. */
  excludeDomains: z.array(z.enum(DOMAINS)).default(['adult', 'sensitive_subjects']),
  /** Share of the documents without signs of steps that the model is asked about all the same, from 0 to 1. */
  auditShare: z.number().min(0).max(1).default(0.005)
})

/** Rules, language, domains and audit; each has a default. */
export type FilterOptions = Readonly<z.input<typeof filterOptionsSchema>>

type Settings = z.output<typeof filterOptionsSchema>

/** A document on its way to the model; `audited`: a rule has dropped it, and its answer says whether the rule was right. */
interface Asked { readonly document: Document, readonly audited: boolean }

/**
 * Keeps the documents that describe a procedure of several steps, with their language and labels. Rules and language first,
 * without a promise; then the model, if there is one. Labels outside of the vocabularies are counted as `unknown-label` and
 * left out. The model is also asked about `auditShare` of what has no signs of steps, chosen by key: counted as
 * `audit-asked` with the answer, and as `audit-missed` where it goes on after all.
 * Drops `too-short`, `too-long-text`, `no-steps` by rule, `other-language`, `not-relevant` and `excluded-domain` by the model,
 * and as `ask` does. Rejects with `answer-malformed`. GEM stage 1, appendix A.1; language, domains and audit are beyond it.
 */
export function filter ({ stage }: { readonly stage?: StageModel } = {}, options: FilterOptions = {}): Operator<Document, RelevantDocument> {
  const settings = filterOptionsSchema.parse(options)
  return {
    name: 'filter',
    process (read, context) {
      const reason = settings.preFilter === false ? undefined : preFilter(read.text, settings.preFilter)
      const audited = reason === 'no-steps' && stage !== undefined && isAudited(read.textKey, settings.auditShare)
      if (reason !== undefined && !audited) return drop(reason)
      const { language } = detectLanguage(read.text)
      if (settings.language !== 'any' && language !== undefined && language !== settings.language) {
        return audited ? drop('no-steps') : drop('other-language', { language })
      }
      const document = language === undefined ? read : { ...read, language }
      return stage === undefined ? emit({ document }) : askRelevance(stage, { document, audited }, { context, settings })
    }
  }
}

/** By the end of the key, which is as good as chance; whoever draws by its beginning draws others. */
function isAudited (textKey: string, share: number): boolean {
  return Number.parseInt(textKey.slice(-8), 16) < share * 2 ** 32
}

async function askRelevance (
  stage: StageModel, { document, audited }: Asked, { context, settings }: { readonly context: OperatorContext, readonly settings: Settings }
): Promise<Outcome<RelevantDocument>> {
  const answer = await ask(stage, { text: document.text }, context)
  if (answer.kind === 'drop') return answer
  const { relevant, labels, unknown } = readAnswer(answer.text, parseRelevance)
  const strangers = unknown.platform.length + unknown.domain.length + unknown.task.length
  if (strangers > 0) context.note(countFact('unknown-label', strangers))
  if (audited) context.note(countFact('audit-asked', 1))
  if (!relevant) return drop(audited ? 'no-steps' : 'not-relevant')
  const excluded = (labels?.domains ?? []).filter(domain => settings.excludeDomains.includes(domain))
  if (excluded.length > 0) return drop('excluded-domain', { domains: excluded })
  if (audited) context.note(countFact('audit-missed', 1))
  return emit({ document, labels })
}
