/** One turn of a prompt, as text. */
export interface AuthorMessage { readonly role: string, readonly content: string }

/** What the answer must look like beyond the prompt. */
export type Constraint =
  | { readonly kind: 'choice', readonly choices: readonly string[] }
  | { readonly kind: 'json', readonly schema: Readonly<Record<string, unknown>> }

/** What the author must know of one request; it never sees time, tokens or HTTP. */
export interface AuthorRequest {
  readonly messages: readonly AuthorMessage[]
  /** Same messages and seed, same answer. */
  readonly seed: number
  /** Whether a few words of reasoning are wanted beside the answer. */
  readonly thinking: boolean
  readonly constraint?: Constraint
}

/** The prompts that the author knows; `other` is any prompt that is not gemline's. */
export type AuthorStage = 'relevance' | 'extract' | 'generate' | 'refine' | 'judge' | 'synthesize' | 'other'

/** What the author wrote, and which prompt it took it for. */
export interface AuthorAnswer {
  readonly stage: AuthorStage
  readonly text: string
  readonly reasoning?: string
}

/** Writes answers by rules: no language model, no clock, no randomness but from seed and text. Never throws. */
export type Author = (request: AuthorRequest) => AuthorAnswer
