import { z } from 'zod'

/** Tokens of one call or of many, as the server counted them. */
export const usageSchema = z.strictObject({
  promptTokens: z.int(),
  completionTokens: z.int(),
  /** Part of the completion that was reasoning, where the server or an inline think block told. */
  reasoningTokens: z.int().optional()
})

/** Tokens, as the server counted them. */
export type Usage = Readonly<z.infer<typeof usageSchema>>

/** One model call that went into a record. Nothing in it depends on timing, batching or replica. */
export const modelStepSchema = z.strictObject({
  stage: z.string(),
  attempt: z.int(),
  /** `name@version#hash` of the prompt. */
  prompt: z.string(),
  model: z.string(),
  revision: z.string().optional(),
  /** `model` for a language model, `rule-based` for the embedded author, which is none. */
  author: z.enum(['model', 'rule-based']),
  /** For the synthesizer: whether the model is said to be trained for it. */
  trained: z.boolean().optional(),
  requestKey: z.string(),
  finishReason: z.string(),
  usage: usageSchema
})

/** One model call of a lineage. */
export type ModelStep = Readonly<z.infer<typeof modelStepSchema>>

/** Which prompts and models made a record, in order. */
export const lineageSchema = z.strictObject({
  pipeline: z.string(),
  steps: z.array(modelStepSchema)
})

/** Prompts and models behind a record, in order. */
export type Lineage = Readonly<z.infer<typeof lineageSchema>>

/** A model call in the trail of a record; lineage is made of these, and the raw text goes with a dead letter. */
export interface ModelFact extends ModelStep {
  readonly kind: 'model'
  /** The answer without its reasoning. */
  readonly text: string
  readonly reasoning?: string
}

/** What the judge said (GEM: R1 tool-call hallucination, R2 capability, R3 context; 1 is clean). */
export interface VerdictFact {
  readonly kind: 'verdict'
  readonly stage: string
  readonly R1: 0 | 1
  readonly R2: 0 | 1
  readonly R3: 0 | 1
  /** The answer that says so, as the judge wrote it. */
  readonly raw: string
}
