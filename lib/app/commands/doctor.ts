import { z } from 'zod'
import type { CommandIo, CommandSpec } from '../command.js'
import type { Check, CheckStatus } from '../doctor/check.js'
import { examine } from '../doctor/examine.js'
import { EXIT } from '../exit-codes.js'
import { createPaint, type Style } from '../terminal/paint.js'
import { printable } from '../terminal/printable.js'
import { say, sayJson } from '../terminal/say.js'
import { pad, wrap } from '../terminal/width.js'
import { parseFlags } from './options.js'

const flags = z.object({ json: z.boolean().default(false) })

/** `gemline doctor`: looks at everything a run needs, and says what to do about what is missing. */
export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'Checks config, prompts, source, output, servers, clock and disk; exit 0 fit to run, 1 not.',
  examples: ['gemline doctor gemline.yaml', 'gemline doctor --json | jq \'.checks[] | select(.status == "fail")\''],
  takesConfig: true,
  options: [{ flags: '--json', description: 'One JSON object for scripts.' }],
  async run ({ options, io, signal, config }) {
    const { json } = parseFlags(flags, options)
    const checks: Check[] = []
    for await (const check of examine({ config, stdin: io.stdin, signal })) {
      checks.push(check)
      if (!json) await say(io.stdout, formatCheck(check, io))
    }
    const fit = checks.every(({ status }) => status !== 'fail')
    await (json ? sayJson(io.stdout, { version: 1, fit, checks }) : say(io.stdout, formatVerdict(checks, io)))
    return fit ? EXIT.ok : EXIT.findings
  }
}

const STYLES: Readonly<Record<CheckStatus, Style>> = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' }
const INDENT = 6

function formatCheck ({ check, status, message, advice }: Check, { color, columns }: CommandIo): string {
  const paint = createPaint(color)
  const width = Math.max(30, columns) - INDENT
  const lines = wrap(`${printable(check)}: ${printable(message, { most: 500 })}`, width)
  const steps = advice === undefined ? [] : wrap(`→ ${printable(advice)}`, width).map(line => paint.dim(line))
  return [...lines, ...steps].map((line, at) => `${at === 0 ? paint[STYLES[status]](pad(status, INDENT)) : ' '.repeat(INDENT)}${line}`).join('\n')
}

function formatVerdict (checks: readonly Check[], { color }: CommandIo): string {
  const paint = createPaint(color)
  const count = (wanted: CheckStatus): number => checks.filter(({ status }) => status === wanted).length
  const summary = `${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failures`
  return count('fail') === 0 ? paint.green(`fit to run: ${summary}`) : paint.red(`not fit to run: ${summary}`)
}
