import type { CommandSpec } from '../command.js'
import { runCommand } from './run.js'

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [runCommand]
