import type { CommandSpec } from '../command.js'
import { doctorCommand } from './doctor.js'
import { exportCommand } from './export.js'
import { mixCommand } from './mix.js'
import { planCommand } from './plan.js'
import { previewCommand } from './preview.js'
import { runCommand } from './run.js'
import { schemaCommand } from './schema.js'
import { serveCommand } from './serve.js'
import { revalidateCommand } from './revalidate.js'
import { showCommand } from './show.js'
import { statsCommand } from './stats.js'
import { validateCommand } from './validate.js'

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [
  runCommand, previewCommand, showCommand, revalidateCommand, validateCommand, statsCommand, mixCommand, exportCommand, planCommand, doctorCommand, serveCommand, schemaCommand
]
