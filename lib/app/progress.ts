import type { Writable } from 'node:stream'
import cliProgress from 'cli-progress'
import type { Monitor } from './monitor.js'

/** The bar of a run. */
export interface Progress {
  /** What there is to do, once it is known. */
  begin (work: { readonly rows: number | undefined, readonly stages: readonly string[] }): void
  stop (): void
}

const TERMINAL_MS = 200
const FILE_MS = 10_000

/** Shows how far a run is: a bar in a terminal, a line every ten seconds elsewhere. */
export function createProgress (stream: Writable & { readonly isTTY?: boolean }, monitor: Monitor): Progress {
  const bar = new cliProgress.SingleBar({
    stream, noTTYOutput: true, notTTYSchedule: FILE_MS, fps: 5, clearOnComplete: true, hideCursor: true, linewrap: false, emptyOnZero: true,
    format: '{bar} {value}/{total} documents | {calls} calls in flight, {rate} tok/s out | {inside}{pause}'
  }, cliProgress.Presets.legacy)
  let timer: NodeJS.Timeout | undefined
  let stageNames: readonly string[] = []
  const started = performance.now()

  function draw (): void {
    const { documents, callsInFlight, completionTokens, paused, inside } = monitor.state
    const rate = Math.round(completionTokens / ((performance.now() - started) / 1000))
    const pause = paused.size === 0 ? '' : ` | all servers of ${[...paused].join(', ')} are down: the run waits`
    bar.update(documents, { calls: callsInFlight, rate, pause, inside: stageNames.map((stage, at) => `${stage} ${inside[at] ?? 0}`).join(', ') })
  }

  return {
    begin ({ rows, stages }) {
      stageNames = stages
      bar.start(rows ?? 0, 0, { calls: 0, rate: 0, pause: '', inside: '' })
      timer = setInterval(draw, stream.isTTY === true ? TERMINAL_MS : FILE_MS)
      timer.unref()
    },
    stop () {
      clearInterval(timer)
      if (timer === undefined) return
      draw()
      bar.stop()
    }
  }
}
