import { Heap } from '@datastructures-js/heap'
import type { OperatorContext } from '../engine/operator.js'
import type { ChatRequest, Result, TransportAnswer } from './chat-model.js'
import { cancelled, onAbort } from './on-abort.js'
import type { Pool } from './pool.js'
import type { Replica } from './replica.js'
import type { Timers } from './timers.js'

/** Several short requests of one stage in one exchange. */
export interface BatchOptions {
  readonly maxItems: number
  /** Longest that a request waits for others; 0 takes only those that wait anyway. */
  readonly maxWaitMs: number
}

/** A request with who asks it, through all of its tries. */
export interface Call {
  readonly request: ChatRequest
  readonly context: OperatorContext
  /** What it may share an exchange with; alone once it has failed. */
  batch: BatchOptions
  tries: number
  /** Where it failed last. */
  avoid: Replica | undefined
}

/** Calls that leave together. */
export interface Parcel { readonly calls: readonly Call[], readonly replica: Replica, readonly signal: AbortSignal, readonly waitMs: number }

/** Calls that wait for a server, ordered by what should be finished first. */
export interface Queue {
  /** Resolves with the answer. Rejects with the error of the result, with `run-cancelled` once the caller's signal aborts. */
  submit (call: Call): Promise<TransportAnswer>
  /** Sends what can be sent. */
  pump (): void
  /** From now on nothing is sent. */
  shut (): void
  isShut (): boolean
  waiting (): number
  inFlight (): number
}

/** Where a waiting call finds a server, and how a parcel is sent to it. `send` gives as many results as calls, in order. */
export interface QueueOptions {
  readonly pool: Pick<Pool, 'pick'>
  readonly timers: Timers
  send (parcel: Parcel): Promise<readonly Result[]>
}

interface Waiting {
  readonly call: Call
  readonly arrival: number
  readonly since: number
  settled: boolean
  sent: boolean
  settle (result: Result): void
}

/** Waiting calls of one stage that leave together; alone where no batch was asked for. */
interface Bundle { readonly members: Waiting[] }

interface QueueState {
  readonly heap: Heap<Bundle>
  /** Bundles that still wait for company, by stage. */
  readonly forming: Map<string, Bundle & { readonly cancelTimer: () => void }>
  arrivals: number
  waiting: number
  inFlight: number
  shut: boolean
}

/** One priority heap a model: later stages first, so that what is started gets finished, then the oldest record. */
export function createQueue (options: QueueOptions): Queue {
  const state: QueueState = { heap: new Heap(soonerFirst), forming: new Map(), arrivals: 0, waiting: 0, inFlight: 0, shut: false }
  return {
    submit: call => new Promise((resolve, reject) => {
      const waiting: Waiting = { call, arrival: state.arrivals++, since: options.timers.now(), settled: false, sent: false, settle: () => {} }
      state.waiting++
      let release = (): void => {}
      waiting.settle = result => {
        if (waiting.settled) return
        waiting.settled = true
        if (!waiting.sent) state.waiting--
        release()
        if (result.kind === 'answer') resolve(result.answer)
        else reject(result.error)
      }
      release = onAbort(call.context.signal, () => waiting.settle({ kind: 'error', error: cancelled() }))
      if (waiting.settled) return
      enqueue(state, options, waiting)
      pump(state, options)
    }),
    pump: () => pump(state, options),
    shut () { state.shut = true },
    isShut: () => state.shut,
    waiting: () => state.waiting,
    inFlight: () => state.inFlight
  }
}

function soonerFirst (a: Bundle, b: Bundle): number {
  const [{ call: { context: left }, arrival: before }, { call: { context: right }, arrival: after }] = [a.members[0]!, b.members[0]!]
  return right.stageIndex - left.stageIndex || left.sequence - right.sequence || before - after
}

function enqueue (state: QueueState, options: QueueOptions, waiting: Waiting): void {
  const { batch: { maxItems, maxWaitMs }, context: { stage } } = waiting.call
  if (maxItems <= 1 || maxWaitMs <= 0) {
    state.heap.push({ members: [waiting] })
    return
  }
  const forming = state.forming.get(stage)
  if (forming === undefined) {
    const cancelTimer = options.timers.after(maxWaitMs, () => {
      release(state, stage)
      pump(state, options)
    })
    state.forming.set(stage, { members: [waiting], cancelTimer })
    return
  }
  forming.members.push(waiting)
  if (forming.members.length >= maxItems) release(state, stage)
}

function release (state: QueueState, stage: string): void {
  const { members, cancelTimer } = state.forming.get(stage)!
  cancelTimer()
  state.forming.delete(stage)
  state.heap.push({ members: members.sort((a, b) => soonerFirst({ members: [a] }, { members: [b] })) })
}

function pump (state: QueueState, options: QueueOptions): void {
  while (!state.shut) {
    dropSettled(state)
    const first = state.heap.root()
    if (first === null) return
    const replica = options.pool.pick(first.members[0]!.call.avoid)
    if (replica === undefined) return
    dispatch(state, options, { replica, members: takeBundle(state, replica.places()) })
  }
}

function dropSettled ({ heap }: QueueState): void {
  while (true) {
    const members = heap.root()?.members
    if (members === undefined) return
    // The first one orders the heap, so it goes only together with the bundle.
    if (members.some(member => !member.settled)) return
    heap.pop()
  }
}

/** The first bundle, filled up with calls of the same stage that wait right behind it, as far as there are places. */
function takeBundle (state: QueueState, places: number): readonly Waiting[] {
  const { context: { stage }, batch: { maxItems } } = state.heap.root()!.members[0]!.call
  const limit = Math.max(1, Math.min(maxItems, places))
  const taken: Waiting[] = []
  while (taken.length < limit) {
    dropSettled(state)
    const next = state.heap.root()?.members[0]!.call
    if (next === undefined || next.context.stage !== stage || (taken.length > 0 && next.batch.maxItems <= 1)) break
    const members = state.heap.pop()!.members.filter(member => !member.settled)
    const rest = members.splice(limit - taken.length)
    taken.push(...members)
    if (rest.length > 0) state.heap.push({ members: rest })
  }
  return taken
}

async function dispatch (state: QueueState, options: QueueOptions, { replica, members }: { replica: Replica, members: readonly Waiting[] }): Promise<void> {
  const calls = members.map(({ call }) => call)
  const abort = abortWithAll(calls)
  for (const member of members) member.sent = true
  state.waiting -= members.length
  state.inFlight += members.length
  const waitMs = options.timers.now() - Math.min(...members.map(({ since }) => since))
  const results = await options.send({ calls, replica, signal: abort.signal, waitMs })
  abort.release()
  state.inFlight -= members.length
  for (const [at, member] of members.entries()) {
    member.call.avoid = results[at]!.kind === 'error' ? replica : undefined
    member.settle(results[at]!)
  }
  pump(state, options)
}

/** A signal of the exchange: aborts when nobody waits for it any more. */
function abortWithAll (calls: readonly Call[]): { signal: AbortSignal, release (): void } {
  const controller = new AbortController()
  let wanted = calls.length
  const releases = calls.map(({ context }) => onAbort(context.signal, () => {
    if (--wanted === 0) controller.abort()
  }))
  return { signal: controller.signal, release () { for (const release of releases) release() } }
}
