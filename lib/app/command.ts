import type { Readable, Writable } from 'node:stream'
import type { Logger } from '../engine/operator.js'
import type { Config } from './config-schema.js'

/** Where a command reads and writes: the streams of the process, or those of a test. */
export interface CommandIo {
  readonly stdin: Readable
  /** Results. Nothing else goes there. */
  readonly stdout: Writable
  /** Everything that is told to a person beside the result. */
  readonly stderr: Writable
  /** Whether stdout takes ANSI colours: a terminal, and no NO_COLOR. */
  readonly color: boolean
  /** Width of the terminal in columns; 80 where it is none. */
  readonly columns: number
}

/** An option as commander takes it. */
export interface CommandOption {
  /** Such as `-n, --count <n>`. */
  readonly flags: string
  readonly description: string
  readonly default?: string | number | boolean
  /** May stand several times, each with one value; the command gets a list. */
  readonly repeat?: boolean
}

/** What main hands to a command. */
export interface CommandInput {
  readonly positional: readonly string[]
  /** By the camel case name that commander makes of the flags. */
  readonly options: Readonly<Record<string, unknown>>
  readonly io: CommandIo
  readonly log: Logger
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** Aborted by the second one. */
  readonly second: AbortSignal
  /** Loads the file, by default CONFIG or the quickstart, with --set, --pipeline, --source and --out on top. Rejects with `config-invalid`. */
  config (file?: string): Promise<Config>
}

/** One command: what main registers, documents and calls. */
export interface CommandSpec {
  readonly name: string
  readonly summary: string
  /** Whole command lines. */
  readonly examples: readonly string[]
  /** Positional arguments as commander takes them, such as `<id> <out...>`. */
  readonly arguments?: string
  /** Adds `[CONFIG] --set --pipeline --source --out`, which `config()` reads. */
  readonly takesConfig?: boolean
  readonly options: readonly CommandOption[]
  /** Resolves with the exit code. Rejects with a GemlineError, which main prints. */
  run (input: CommandInput): Promise<number>
}
