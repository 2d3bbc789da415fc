import { createWriteStream } from 'node:fs'
import { createStreamSink } from '../../../connectors/stream-sink.js'
import { GemlineError } from '../../engine/errors.js'
import type { CommandInput, CommandSpec } from '../command.js'
import type { Config } from '../config-schema.js'
import { EXIT } from '../exit-codes.js'
import { createMonitor } from '../monitor.js'
import { createProgress } from '../progress.js'
import { reportOf } from '../report.js'
import { run, type RunResult, type RunningRun } from '../run.js'
import { showTrajectory } from '../show-trajectory.js'
import { formatSummary } from '../summary.js'
import { ROW_OPTIONS } from './options.js'

/** `gemline run`: starts a run, or goes on with one. */
export const runCommand: CommandSpec = {
  name: 'run',
  summary: 'Runs a pipeline; the same command again goes on where it stopped.',
  takesConfig: true,
  options: [
    ...ROW_OPTIONS,
    { flags: '--sink <uri>', description: 'same as --out; `-` writes accepted records to standard output as JSON lines' },
    { flags: '--rejects <file>', description: 'with --sink -: what was dropped or rejected, as JSON lines' },
    { flags: '--state <dir>', description: 'with --sink -: keeps journal and commits there, so that the run can go on' },
    { flags: '--journal <dir>', description: 'output of an older run whose answers may be used again; may stand several times', repeat: true },
    { flags: '--offline', description: 'call no model: what no journal answers is rejected as journal-missed' },
    { flags: '--json', description: 'print the report as JSON in place of the summary' },
    { flags: '--quiet', description: 'no progress and no summary' }
  ],
  examples: [
    'gemline run',
    'gemline run --pipeline teacher',
    'gemline run examples/teacher.yaml --sample 250000 --seed 7',
    'gemline run examples/synthesizer.yaml --limit 100 --out out/try',
    'gemline run examples/synthesizer.yaml --out out/first --set stages.judge.mode=report',
    'gemline run gemline.yaml --offline --journal out/first --out out/tuned',
    'cat docs.jsonl | gemline run --source - --sink - | jq .stats'
  ],
  run: async input => await runWith(input, withOptions(await input.config(), input.options))
}

function withOptions (config: Config, { sink, journal, offline }: CommandInput['options']): Config {
  return {
    ...config,
    out: typeof sink === 'string' ? sink : config.out,
    journal: Array.isArray(journal) ? journal as string[] : config.journal,
    offline: offline === true ? true : config.offline
  }
}

async function runWith (input: CommandInput, config: Config): Promise<number> {
  const { io, options, log } = input
  const toStdout = config.out === '-'
  const state = typeof options['state'] === 'string' ? options['state'] : undefined
  const monitor = createMonitor()
  const progress = createProgress(io.stderr, monitor)
  const quiet = options['quiet'] === true
  if (toStdout && state === undefined) io.stderr.write('gemline: without --state this run cannot go on after it stops: started again, it delivers again (at-least-once)\n')
  const rejects = typeof options['rejects'] === 'string' ? createStreamSink(createWriteStream(options['rejects'], { flags: 'a' })) : undefined
  const signals = listenForSignals(input)
  try {
    const result = await run({
      config, log, monitor, state,
      stdin: io.stdin,
      dataSink: toStdout ? createStreamSink(io.stdout) : undefined,
      rejectsSink: rejects,
      onPlan: work => { if (!quiet) progress.begin(work) },
      onStarted: signals.started
    })
    progress.stop()
    await tell(input, result)
    return result.complete ? EXIT.ok : EXIT.incomplete
  } catch (error) {
    progress.stop()
    if (isClosedPipe(error)) return EXIT.ok
    if (error instanceof GemlineError && error.code === 'run-cancelled') io.stderr.write('gemline: stopped; what was paid for is in the journal. Run the same command again to go on.\n')
    throw error
  } finally {
    signals.stop()
  }
}

async function tell ({ io, options }: CommandInput, result: RunResult): Promise<void> {
  const toStdout = result.out === '-'
  const people = toStdout ? io.stderr : io.stdout
  if (options['json'] === true) people.write(JSON.stringify(reportOf(result)) + '\n')
  else if (options['quiet'] !== true) {
    people.write(formatSummary(result) + '\n')
    if (result.firstAccepted !== undefined && !toStdout) people.write(`\n${showTrajectory(result.firstAccepted)}\n`)
  }
}

/** The first signal drains, the second one aborts. */
function listenForSignals ({ io, signal, second }: CommandInput): { readonly started: (running: RunningRun) => void, readonly stop: () => void } {
  let running: RunningRun | undefined
  const onFirst = (): void => {
    io.stderr.write('gemline: no new calls; those in flight may end (once more to stop at once)\n')
    running?.drain().catch(() => {})
  }
  const onSecond = (): void => running?.abort()
  signal.addEventListener('abort', onFirst, { once: true })
  second.addEventListener('abort', onSecond, { once: true })
  return {
    started (started) {
      running = started
      if (signal.aborted) onFirst()
    },
    stop () {
      signal.removeEventListener('abort', onFirst)
      second.removeEventListener('abort', onSecond)
    }
  }
}

function isClosedPipe (error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if ((at as NodeJS.ErrnoException).code === 'EPIPE') return true
  return false
}
