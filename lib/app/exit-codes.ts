import type { ErrorCode } from '../engine/errors.js'

/** What the shell is told. docs/commands.md lists them, and a test holds the two together. */
export const EXIT = {
  ok: 0,
  /** `validate` or `doctor` found something wrong. */
  findings: 1,
  /** Wrong arguments, config or prompt, or something to read is not there. */
  usage: 2,
  /** The run ended, but some splits could not be read; run again when they can. */
  incomplete: 3,
  /** A store, server or disk failed; run again to go on. */
  failed: 4,
  /** Stopped by SIGINT or SIGTERM; run again to go on. */
  stopped: 130
} as const

const USAGE: ReadonlySet<ErrorCode> = new Set(['config-invalid', 'config-changed', 'prompt-invalid', 'source-missing', 'source-changed', 'output-invalid', 'server-unauthorized', 'model-missing', 'dedup-full'])

/** The exit code for an error that ended a command. */
export function exitCodeOf (code: ErrorCode): number {
  if (code === 'run-cancelled') return EXIT.stopped
  return USAGE.has(code) ? EXIT.usage : EXIT.failed
}
