/**
 * npm run bfcl [-- --json | --list | --fixture FILE]: false drops and catches of the grounding rule on the multi-turn tasks of BFCL. Needs
 * npm run bfcl:install. `--list` names each value that drops a task, `--fixture` writes the sample that npm test reads. Catches a rule that drops what is grounded, and one that lets a swapped id pass. Cannot show what the
 * rule does to dialogues of a language model, which err in other ways than by one value.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeFixture } from './fixture.js'
import { measure, type Figures } from './measure.js'
import { formatFigures, meetsThresholds } from './tables.js'
import type { WrappedTask } from './tasks.js'

const PYTHON = fileURLToPath(new URL('../../../.tools/bfcl/bin/python', import.meta.url))
const SCRIPT = fileURLToPath(new URL('wrap_bfcl.py', import.meta.url))
const SEED = 20_260_115

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false }, list: { type: 'boolean', default: false }, fixture: { type: 'string' } } })

/** The tasks as the Python package gives them; rejects if it is not installed or fails. */
async function readTasks (): Promise<WrappedTask[]> {
  const child = spawn(PYTHON, [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error(`${PYTHON} cannot be run: npm run bfcl:install comes first`)))
    child.once('close', code => code === 0 ? resolve() : reject(new Error(`wrap_bfcl.py ended with ${String(code)}`)))
  })
  const tasks: WrappedTask[] = []
  const read = async (): Promise<void> => { for await (const line of createInterface(child.stdout)) tasks.push(JSON.parse(line) as WrappedTask) }
  await Promise.all([ended, read()])
  return tasks
}

const tasks = await readTasks()
if (options.fixture !== undefined) await writeFixture(options.fixture, tasks)
const figures: Figures = measure(tasks, SEED)
process.stdout.write(options.json ? `${JSON.stringify(figures, null, 2)}\n` : formatFigures(figures, options.list))
if (!meetsThresholds(figures)) process.exitCode = 1
