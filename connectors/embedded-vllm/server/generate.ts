import { randomUUID } from 'node:crypto'
import type { Exchange, Reply, ServerContext } from './context.js'
import { errorReply, refuseLength } from './errors.js'
import { compose, halve, type Sequence, type SequencePlan } from './sequence.js'

/** The sequences of a request, ready to run, with the fault that they will meet. */
export interface Generation {
  readonly id: string
  readonly created: number
  readonly model: string
  readonly sequences: readonly Sequence[]
  readonly cut: boolean
}

/**
 * Checks and composes all prompts of a request: all or nothing, as vLLM does. Gives a reply where it is refused or where a
 * fault is its answer, and undefined where the connection was broken.
 */
export async function prepare (plans: readonly SequencePlan[], exchange: Exchange, context: ServerContext): Promise<Generation | Reply | undefined> {
  const refusal = refusePlans(plans, context)
  if (refusal !== undefined) return refusal
  const sequences = plans.map(plan => compose(plan, context))
  const { sampling, seed } = plans[0]!
  const requestId = String(exchange.request.headers['x-request-id'] ?? sampling.request_id ?? randomUUID())
  const stage = sequences[0]!.stage
  const fault = context.options.faults?.({
    path: exchange.path, stage, seed, requestId, prompts: plans.length, sequence: context.nextSequence()
  })
  if (fault !== undefined) context.tally.fault(typeof fault === 'string' ? fault : String(fault.status))
  if (typeof fault === 'object') return fault
  if (fault === 'reset' || fault === 'stall') return await breakOff(fault, sequences, { exchange, context })
  return {
    id: requestId,
    created: Math.floor(Date.now() / 1000),
    model: sampling.model ?? context.options.models[0]!,
    sequences: fault === 'abort' ? sequences.map(sequence => halve(sequence, context)) : sequences,
    cut: fault === 'cut'
  }
}

function refusePlans (plans: readonly SequencePlan[], { options, tally }: ServerContext): Reply | undefined {
  for (const plan of plans) {
    const refusal = refuseLength(plan.promptTokens, plan.maxTokens, options.maxModelLength)
    if (refusal !== undefined) return refusal
  }
  if (options.maxQueuedRequests === undefined || tally.running() + plans.length <= options.maxQueuedRequests) return undefined
  return errorReply(503, 'The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.')
}

async function breakOff (fault: 'reset' | 'stall', sequences: readonly Sequence[], { exchange, context }: { exchange: Exchange, context: ServerContext }): Promise<undefined> {
  const ends = sequences.map(sequence => context.tally.begin(sequence.stage, sequence.promptTokens))
  if (fault === 'reset') exchange.response.socket?.resetAndDestroy()
  else await new Promise<void>(resolve => { exchange.signal.aborted ? resolve() : exchange.signal.addEventListener('abort', () => resolve(), { once: true }) })
  for (const end of ends) end({ kind: 'gone' })
  return undefined
}

/** Runs one sequence against the clock. Rejects with the signal's reason if the client goes away. */
export async function run (
  sequence: Sequence, { signal, onTokens }: { readonly signal: AbortSignal, readonly onTokens?: (produced: number) => void }, { clock, tally }: ServerContext
): Promise<void> {
  const end = tally.begin(sequence.stage, sequence.promptTokens)
  try {
    await clock.schedule({ promptTokens: sequence.promptTokens, outputTokens: sequence.outputTokens, signal, onTokens })
    end({ kind: 'done', reason: sequence.finishReason, outputTokens: sequence.outputTokens })
  } catch (error) {
    end({ kind: 'gone' })
    throw error
  }
}

/** Summed usage in vLLM's shape. */
export function usageOf (sequences: readonly Sequence[], perPrompt = 1): Record<string, unknown> {
  const sum = (pick: (sequence: Sequence) => number, list = sequences): number => list.reduce((total, sequence) => total + pick(sequence), 0)
  // Samples of one prompt share it: it is counted once.
  const prompt = sum(sequence => sequence.promptTokens, sequences.filter((_, index) => index % perPrompt === 0))
  const completion = sum(sequence => sequence.outputTokens)
  const reasoning = sum(sequence => sequence.reasoningTokens)
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
    completion_tokens: completion,
    prompt_tokens_details: null,
    completion_tokens_details: reasoning === 0 ? null : { reasoning_tokens: reasoning }
  }
}
