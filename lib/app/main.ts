import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { pino, type Logger } from 'pino'
import { GemlineError } from '../engine/errors.js'
import type { CommandIo, CommandSpec } from './command.js'
import { COMMANDS } from './commands/index.js'
import { rowSettings } from './commands/options.js'
import { loadConfig, parseSetting } from './config.js'
import type { Config } from './config-schema.js'
import { EXIT, exitCodeOf } from './exit-codes.js'
import { packageRoot, quickstartFile, quickstartSettings } from './quickstart.js'

/** Runs one command line and gives its exit code. Prints errors; throws nothing. */
export async function main (argv: readonly string[], io: CommandIo): Promise<number> {
  const signals = openSignals()
  let exitCode: number = EXIT.ok
  const program = new Command('gemline')
    .description('Turns plain text into multi-turn tool-use trajectories (GEM, arXiv 2601.10355).')
    .version((JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version)
    .exitOverride()
    .configureOutput({ writeOut: text => io.stdout.write(text), writeErr: text => io.stderr.write(text) })
    .showHelpAfterError('(--help tells what there is)')
  for (const spec of COMMANDS) addCommand(program, spec, async (positional, options) => { exitCode = await runCommand(spec, { positional, options, io, signals }) })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return tell(error, io)
  } finally {
    signals.close()
  }
}

type Action = (positional: readonly string[], options: Record<string, unknown>) => Promise<void>

function addCommand (program: Command, spec: CommandSpec, action: Action): void {
  const command = program.command(spec.name).description(spec.summary)
  if (spec.takesConfig === true) {
    command.argument('[config]', 'YAML file; without it the shipped sample on the embedded server')
      .option('--set <key=value...>', 'set a key of the config, such as stages.judge.mode=report')
      .option('--pipeline <name>', 'synthesizer or teacher')
      .option('--source <uri>', 'what to read: a path, s3://, https://, or - for JSON lines on standard input')
      .option('--out <uri>', 'where the run lies: a folder, s3://bucket/prefix, or -')
  }
  if (spec.arguments !== undefined) command.arguments(spec.arguments)
  for (const { flags, description, default: preset, repeat } of spec.options) {
    if (repeat === true) command.option(flags, description, (value: string, before: readonly string[] = []) => [...before, value])
    else command.option(flags, description, preset as string)
  }
  command.addHelpText('after', `\nExamples:\n${spec.examples.map(example => `  $ ${example}`).join('\n')}`)
  command.action(async (...given: unknown[]) => {
    const positional = given.slice(0, -2).flat().filter((value): value is string => typeof value === 'string')
    await action(positional, command.opts())
  })
}

interface Invocation { readonly positional: readonly string[], readonly options: Record<string, unknown>, readonly io: CommandIo, readonly signals: Signals }

async function runCommand (spec: CommandSpec, { positional, options, io, signals }: Invocation): Promise<number> {
  const log = createLog(io, 'warn')
  const config = async (file = spec.takesConfig === true ? positional[0] : undefined): Promise<Config> => {
    const loaded = await configOf(file, options)
    log.level = loaded.log
    return loaded
  }
  return await spec.run({ positional, options, io, log, signal: signals.first, second: signals.second, config })
}

/** What the quickstart says of its sample does not hold for another source. */
const OWN_SOURCE = [['source.preset', undefined], ['source.licence', undefined], ['source.name', 'source'], ['out', 'out/run']] as const

async function configOf (file: string | undefined, options: Record<string, unknown>): Promise<Config> {
  const settings = (Array.isArray(options['set']) ? options['set'] as string[] : []).map(parseSetting)
  const pipeline = typeof options['pipeline'] === 'string' ? options['pipeline'] : undefined
  const named = { pipeline, 'source.uri': options['source'], out: options['out'] }
  return await loadConfig({
    file: file ?? quickstartFile(),
    set: [
      ...(file === undefined ? quickstartSettings(pipeline ?? 'synthesizer') : []),
      ...(file === undefined && named['source.uri'] !== undefined ? OWN_SOURCE : []),
      ...Object.entries(named).filter(([, value]) => value !== undefined),
      ...rowSettings(options),
      ...settings
    ]
  })
}

/** Logs go to standard error, so that standard output holds results alone. */
function createLog (io: CommandIo, level: string): Logger {
  return pino({ level, base: undefined }, { write: (line: string) => { io.stderr.write(line) } })
}

interface Signals { readonly first: AbortSignal, readonly second: AbortSignal, close: () => void }

function openSignals (): Signals {
  const first = new AbortController()
  const second = new AbortController()
  const onSignal = (): void => (first.signal.aborted ? second : first).abort()
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    first: first.signal,
    second: second.signal,
    close () {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    }
  }
}

function tell (error: unknown, io: CommandIo): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof GemlineError) {
    if (error.code !== 'run-cancelled') io.stderr.write(`gemline: ${error.message}\n  ${error.help} (${error.code})\n`)
    return exitCodeOf(error.code)
  }
  io.stderr.write(`gemline: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n  This is a bug in gemline; please report it.\n`)
  return EXIT.failed
}
