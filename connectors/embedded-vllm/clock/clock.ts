/** What the clock must know of one sequence; it never sees a text. */
export interface ClockRequest {
  readonly promptTokens: number
  readonly outputTokens: number
  /** Aborting takes the sequence out, whether it waits or runs. */
  readonly signal: AbortSignal
  /** Told, as tokens come, how many of the output are there. Left out where only the end matters. */
  readonly onTokens?: (produced: number) => void
}

/** How busy the clock is now. */
export interface ClockLoad {
  readonly running: number
  readonly waiting: number
  /** Engine steps so far: stands still when nothing is computed. */
  readonly steps: number
}

/** Decides when the tokens of an answer come: the half of the embedded server that knows time and nothing of content. */
export interface Clock {
  /** Resolves when the last token is there. Rejects with the signal's reason once that is aborted. */
  schedule (request: ClockRequest): Promise<void>
  load (): ClockLoad
}
