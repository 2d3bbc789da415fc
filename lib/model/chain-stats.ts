import type { ModelEvent } from './event.js'
import type { ReplicaState } from './replica.js'

/** What a model did so far. */
export interface ModelStats {
  /** Requests sent, tries included. */
  readonly calls: number
  readonly answers: number
  /** Answered from the journal, or by a call in flight that somebody else made. */
  readonly journalHits: number
  readonly joined: number
  /** Repeats by the code that caused them. */
  readonly retries: Readonly<Record<string, number>>
  /** Of the answers that were paid for in this process, as the servers counted. */
  readonly promptTokens: number
  readonly completionTokens: number
  readonly servers: ReadonlyArray<{ readonly url: string, readonly state: ReplicaState, readonly outstanding: number }>
}

/** Sums of the events of a model. */
export interface ModelCounter {
  count (event: ModelEvent): void
  stats (): Omit<ModelStats, 'servers'>
}

/** A counter at zero. */
export function countModelEvents (): ModelCounter {
  const sums = { calls: 0, answers: 0, journalHits: 0, joined: 0, promptTokens: 0, completionTokens: 0 }
  const retries: Record<string, number> = {}
  return {
    count (event) {
      if (event.kind === 'call-start') sums.calls++
      else if (event.kind === 'retry') retries[event.code] = (retries[event.code] ?? 0) + 1
      else if (event.kind === 'journal-hit') sums[event.joined ? 'joined' : 'journalHits']++
      else if (event.kind === 'call-end' && event.usage !== undefined) {
        sums.answers++
        sums.promptTokens += event.usage.promptTokens
        sums.completionTokens += event.usage.completionTokens
      }
    },
    stats: () => ({ ...sums, retries: { ...retries } })
  }
}
