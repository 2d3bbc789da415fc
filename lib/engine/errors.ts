/** How far a failure reaches: one record, one split, or the whole run. */
export type ErrorScope = 'record' | 'split' | 'run'

/** What can help: asking the model again, sending the same request again, or nothing. */
export type ErrorRetry = 'none' | 'answer' | 'transport'

interface ErrorRule {
  readonly scope: ErrorScope
  readonly retry: ErrorRetry
  /** What a person can do about it, in one sentence. */
  readonly help: string
}

const rule = (scope: ErrorScope, retry: ErrorRetry, help: string): ErrorRule => ({ scope, retry, help })

/**
 * Every code that gemline gives, with its scope and whether a retry can help. Codes are stable: none is ever used again
 * for something else. `docs/errors.md` lists them and a test holds the two together.
 */
export const ERROR_RULES = {
  'record-invalid': rule('record', 'none', 'The row cannot be a document; look at the named file and row.'),
  'operator-failed': rule('record', 'none', 'An operator threw something that is no GemlineError: a bug in that operator.'),
  'answer-malformed': rule('record', 'answer', 'The model did not keep to the answer format; the raw answer is in the rejects.'),
  'answer-truncated': rule('record', 'answer', 'The answer reached its token budget; raise maxTokens of that stage.'),
  'request-refused': rule('record', 'none', 'The server refused this request as invalid (400/422); its message says why.'),
  'context-exceeded': rule('record', 'none', 'Prompt and budget exceed the context of the model; shorten the text or serve a longer context.'),
  'server-unavailable': rule('record', 'transport', 'The server cannot be reached; the run waits until it can.'),
  'server-failed': rule('record', 'transport', 'The server failed on this request (5xx).'),
  'server-busy': rule('record', 'transport', 'The server asked for patience (429 or 503).'),
  'connection-lost': rule('record', 'transport', 'The connection broke before the answer was complete.'),
  'deadline-exceeded': rule('record', 'transport', 'No answer within the deadline of the stage; raise deadlineSeconds or lower the load.'),
  'answer-aborted': rule('record', 'transport', 'The server aborted the answer, as it does while it shuts down.'),
  'response-invalid': rule('record', 'transport', 'The server answered with something that is no completion.'),
  'journal-missed': rule('record', 'none', 'An offline run met a request that no journal answers; run without --offline, or name the journal that has it.'),
  'server-unauthorized': rule('run', 'none', 'The server refused the key; set apiKey of that model.'),
  'model-missing': rule('run', 'none', 'The server does not serve this model; compare the name with /v1/models.'),
  'split-unreadable': rule('split', 'none', 'A file or row group cannot be read; the rest of the run goes on without it.'),
  'source-changed': rule('split', 'none', 'A file is no longer the one that was planned; restore it or start a new run.'),
  'source-missing': rule('run', 'none', 'Nothing to read; check the path, the bucket and the credentials.'),
  'config-invalid': rule('run', 'none', 'The configuration is wrong; the message names the key.'),
  'config-changed': rule('run', 'none', 'A key that decides the result differs from the plan; restore it or choose a new output.'),
  'prompt-invalid': rule('run', 'none', 'A prompt file is wrong; the message names file and reason.'),
  'plan-invalid': rule('run', 'none', 'The plan or a commit of this output cannot be read; it was written by something else or is damaged.'),
  'output-invalid': rule('run', 'none', 'An output is not what the command needs, or a shard of it is missing, cut or holds a line that is no record; the message names it.'),
  'store-failed': rule('run', 'none', 'The object store or disk failed; nothing uncommitted counts, run again to go on.'),
  'store-unsafe': rule('run', 'none', 'The store does not refuse the second create of an object; commits cannot be trusted there.'),
  'object-missing': rule('run', 'none', 'An object that should exist does not.'),
  'object-changed': rule('run', 'none', 'An object changed while it was read.'),
  'dedup-full': rule('run', 'none', 'The key index reached its cap; raise dedup.maxKeys or remove duplicates beforehand with `gemline dedup`.'),
  'books-unbalanced': rule('run', 'none', 'Records in and out do not add up: a bug, please report it.'),
  'run-cancelled': rule('run', 'none', 'The run was stopped; run the same command again to go on.')
} as const satisfies Record<string, ErrorRule>

/** A code of `ERROR_RULES`: the stable name of one kind of failure. */
export type ErrorCode = keyof typeof ERROR_RULES

/** What an error carries beside code and message. */
export interface GemlineErrorOptions {
  readonly cause?: unknown
  /** Facts for the dead letter (raw answer, status, position); must be serialisable and free of secrets. */
  readonly detail?: unknown
}

/** The only error class of gemline. `code` decides scope and retry by one table; `message` names file, row, key or URL. */
export class GemlineError extends Error {
  readonly code: ErrorCode
  readonly detail: unknown

  constructor (code: ErrorCode, message: string, options: GemlineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'GemlineError'
    this.code = code
    this.detail = options.detail
  }

  get scope (): ErrorScope { return ERROR_RULES[this.code].scope }
  get retry (): ErrorRetry { return ERROR_RULES[this.code].retry }
  get help (): string { return ERROR_RULES[this.code].help }
}

/** Makes a GemlineError of anything thrown; what is one already stays itself. */
export function toGemlineError (thrown: unknown, fallback: ErrorCode, where: string): GemlineError {
  if (thrown instanceof GemlineError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new GemlineError(fallback, `${where}: ${reason}`, { cause: thrown })
}
