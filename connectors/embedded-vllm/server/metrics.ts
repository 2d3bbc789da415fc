import type { Exchange, Reply, ServerContext } from './context.js'

const REASONS = ['stop', 'length', 'abort', 'error', 'repetition'] as const

/** `GET /metrics` in Prometheus text: those of vLLM's names that the embedded server can keep truly, and no others. */
export function metrics (_: Exchange, { options, tally, clock }: ServerContext): Reply {
  const stats = tally.snapshot()
  const load = clock.load()
  const labels = `engine="0",model_name="${options.models[0]!.replace(/[\\"\n]/g, '_')}"`
  const lines: string[] = []
  const add = (name: string, type: string, samples: ReadonlyArray<readonly [suffix: string, extra: string, value: number]>): void => {
    lines.push(`# TYPE vllm:${name} ${type}`)
    for (const [suffix, extra, value] of samples) lines.push(`vllm:${name}${suffix}{${labels}${extra}} ${value}`)
  }
  add('num_requests_running', 'gauge', [['', '', Math.max(0, stats.running - load.waiting)]])
  add('num_requests_waiting', 'gauge', [['', '', load.waiting]])
  add('prompt_tokens_total', 'counter', [['', '', stats.promptTokens]])
  add('generation_tokens_total', 'counter', [['', '', stats.outputTokens]])
  add('request_success_total', 'counter', REASONS.map(reason => ['', `,finished_reason="${reason}"`, stats.finished[reason] ?? 0] as const))
  add('iteration_tokens_total', 'histogram', histogram(load.steps, stats.promptTokens + stats.outputTokens))
  add('e2e_request_latency_seconds', 'histogram', histogram(stats.completed, stats.latencySeconds))
  return { status: 200, body: `${lines.join('\n')}\n` }
}

function histogram (count: number, sum: number): ReadonlyArray<readonly [string, string, number]> {
  return [['_bucket', ',le="+Inf"', count], ['_count', '', count], ['_sum', '', sum]]
}
