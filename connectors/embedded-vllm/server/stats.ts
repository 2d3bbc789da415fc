import { createHash } from 'node:crypto'

/** What the server has seen since it started or was last reset. */
export interface ServerStats {
  /** Requests by path. */
  readonly received: Readonly<Record<string, number>>
  /** Prompts by stage that the author recognised in them. */
  readonly stages: Readonly<Record<string, number>>
  /** Sequences answered in full. */
  readonly completed: number
  /** Sequences that ended because the client went away, or by an injected fault. */
  readonly aborted: number
  /** Requests answered with an error status. */
  readonly refused: number
  readonly promptTokens: number
  readonly outputTokens: number
  /** Sequences at work or waiting now, and the most at once. */
  readonly running: number
  readonly peakRunning: number
  /** Completed sequences by finish reason. */
  readonly finished: Readonly<Record<string, number>>
  /** Injected faults by kind. */
  readonly faults: Readonly<Record<string, number>>
  /** Different generating bodies, if `countBodies` is on. */
  readonly distinctBodies: number | undefined
  /** Seconds from arrival to end, summed over completed sequences. */
  readonly latencySeconds: number
}

/** Where the server keeps its books. */
export interface Tally {
  received (path: string): void
  body (bytes: Uint8Array): void
  refused (): void
  fault (kind: string): void
  /** A sequence begins; call the result exactly once at its end. */
  begin (stage: string, promptTokens: number): (end: SequenceEnd) => void
  /** Sequences at work or waiting now. */
  running (): number
  snapshot (): ServerStats
  reset (): void
}

/** How a sequence ended: told to its last token, or nobody was there any more. */
export type SequenceEnd = { readonly kind: 'done', readonly reason: string, readonly outputTokens: number } | { readonly kind: 'gone' }

const MAX_BODIES = 1_000_000

/** Books of a server. `nowMs` is its clock for latencies. */
export function createTally (countBodies: boolean, nowMs: () => number): Tally {
  let books = emptyBooks()
  let running = 0
  return {
    received: path => count(books.received, path),
    body (bytes) {
      if (!countBodies || books.bodies.size >= MAX_BODIES) return
      books.bodies.add(createHash('sha1').update(bytes).digest('base64'))
    },
    refused: () => { books.refused += 1 },
    fault: kind => count(books.faults, kind),
    begin (stage, promptTokens) {
      count(books.stages, stage)
      running += 1
      books.peakRunning = Math.max(books.peakRunning, running)
      const begin = nowMs()
      return end => {
        running -= 1
        if (end.kind === 'gone') books.aborted += 1
        else complete(books, { promptTokens, outputTokens: end.outputTokens, reason: end.reason, seconds: (nowMs() - begin) / 1000 })
      }
    },
    running: () => running,
    snapshot () {
      const { bodies, received, stages, finished, faults, ...numbers } = books
      return {
        ...numbers, running, received: { ...received }, stages: { ...stages }, finished: { ...finished }, faults: { ...faults },
        distinctBodies: countBodies ? bodies.size : undefined
      }
    },
    reset () {
      books = { ...emptyBooks(), peakRunning: running }
    }
  }
}

interface Completed { readonly promptTokens: number, readonly outputTokens: number, readonly reason: string, readonly seconds: number }

function complete (books: ReturnType<typeof emptyBooks>, { promptTokens, outputTokens, reason, seconds }: Completed): void {
  books.completed += 1
  books.promptTokens += promptTokens
  books.outputTokens += outputTokens
  books.latencySeconds += seconds
  count(books.finished, reason)
}

function emptyBooks () {
  const none = (): Record<string, number> => ({})
  return {
    received: none(), stages: none(), finished: none(), faults: none(), bodies: new Set<string>(),
    completed: 0, aborted: 0, refused: 0, promptTokens: 0, outputTokens: 0, peakRunning: 0, latencySeconds: 0
  }
}

function count (books: Record<string, number>, key: string): void {
  books[key] = (books[key] ?? 0) + 1
}
