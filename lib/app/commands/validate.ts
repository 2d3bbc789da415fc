import { z } from 'zod'
import { FOREIGN_SHAPES, type ForeignShape } from '../../formats/index.js'
import type { RuleMode } from '../../rules/index.js'
import { CHECK_MODES, checkRecord } from '../check-record.js'
import type { CommandIo, CommandSpec } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { readRecords, type ReadItem } from '../read-records.js'
import { createPaint } from '../terminal/paint.js'
import { printable } from '../terminal/printable.js'
import { say, sayJson } from '../terminal/say.js'
import { formatTable } from '../terminal/table.js'
import { wrap } from '../terminal/width.js'
import { flagInt, FORMAT_OPTION, parseFlags } from './options.js'
import { readRuleModes, RULES_OPTION } from './rule-modes.js'

const flags = z.object({
  json: z.boolean().default(false),
  failures: flagInt(0, 10_000).default(10),
  minCalls: flagInt(0, 1000).default(2),
  format: z.enum(FOREIGN_SHAPES).optional(),
  rules: z.string().default('')
})

/** What `validate --json` prints. Keys are stable. */
export interface Validation {
  readonly version: 1
  records: number
  valid: number
  invalid: number
  /** Records whose lineage names the rule-based author. */
  ruleBased: number
  /** By name of the check: its mode, the records it found something in, and how much it found. */
  readonly rules: Record<string, { readonly mode: string, records: number, findings: number }>
  /** Argument values by how they came about. */
  readonly grounding: Record<string, number>
  /** The first failures, in reading order. */
  readonly failures: Array<{ file: string, line: number, id: string | null, rule: string, message: string, where: object }>
  readonly unreadable: Array<{ file: string, code: string, message: string }>
}

/** `gemline validate`: checks data files against schema and rules. */
export const validateCommand: CommandSpec = {
  name: 'validate',
  summary: 'Checks data files, ours or ShareGPT, OpenAI, ms-swift, Hermes, by every rule; exit 0 all valid, 1 some invalid, 2 unreadable.',
  examples: ['gemline validate out/run', 'gemline validate data/*.jsonl.gz --json', 'zcat part.jsonl.gz | gemline validate -', 'gemline validate apigen-mt_5k.jsonl'],
  arguments: '<files...>',
  options: [
    { flags: '-n, --failures <n>', description: 'Failures that are shown, the first ones.', default: 10 },
    FORMAT_OPTION,
    { flags: '--min-calls <n>', description: 'Fewer tool calls than this fail a record.', default: 2 },
    RULES_OPTION,
    { flags: '--json', description: 'One JSON object for scripts.' }
  ],
  async run ({ positional, options, io, signal }) {
    const { json, failures, minCalls, format: shape, rules: settings } = parseFlags(flags, options)
    const rules = readRuleModes(settings)
    const validation = openValidation(rules)
    for await (const items of readRecords(positional, { stdin: io.stdin, signal })) {
      for (const item of items) count(validation, item, { minToolCalls: minCalls, rules, failures, shape })
    }
    await (json ? sayJson(io.stdout, validation) : say(io.stdout, formatValidation(validation, io)))
    return validation.unreadable.length > 0 ? EXIT.usage : validation.invalid > 0 ? EXIT.findings : EXIT.ok
  }
}

/** Places that are named; more are counted no further, the exit code tells all the same. */
const MOST_UNREADABLE = 1000

function openValidation (modes: Readonly<Record<string, RuleMode>>): Validation {
  const rules = Object.fromEntries(Object.entries(CHECK_MODES).map(([name, mode]) => [name, { mode: modes[name] ?? mode, records: 0, findings: 0 }]))
  return { version: 1, records: 0, valid: 0, invalid: 0, ruleBased: 0, rules, grounding: {}, failures: [], unreadable: [] }
}

interface CountOptions { readonly shape: ForeignShape | undefined, readonly minToolCalls: number, readonly rules: Readonly<Record<string, RuleMode>>, readonly failures: number }

function count (validation: Validation, item: ReadItem, { failures, ...options }: CountOptions): void {
  if (item.kind === 'unreadable') {
    if (validation.unreadable.length < MOST_UNREADABLE) validation.unreadable.push({ file: item.file, code: item.error.code, message: item.error.message })
    return
  }
  validation.records++
  const { record, id, findings, grounding } = item.kind === 'record'
    ? checkRecord(item.value, options)
    : { record: undefined, id: undefined, findings: [{ rule: 'line-broken', mode: 'drop', message: item.problem, where: {} }], grounding: {} }
  const fatal = findings.filter(finding => finding.mode === 'drop')
  validation[fatal.length === 0 ? 'valid' : 'invalid']++
  if (record?.lineage.steps.some(step => step.author === 'rule-based') === true) validation.ruleBased++
  for (const { rule } of findings) (validation.rules[rule] as { findings: number }).findings++
  for (const rule of new Set(findings.map(finding => finding.rule))) (validation.rules[rule] as { records: number }).records++
  for (const [name, values] of Object.entries(grounding)) validation.grounding[name] = (validation.grounding[name] ?? 0) + values
  for (const { rule, message, where } of fatal) {
    if (validation.failures.length < failures) validation.failures.push({ file: item.file, line: item.line, id: id ?? null, rule, message, where })
  }
}

function formatValidation ({ records, valid, invalid, ruleBased, rules, grounding, failures, unreadable }: Validation, { color, columns }: CommandIo): string {
  const paint = createPaint(color)
  const table = formatTable([
    { title: 'check', flexible: true },
    { title: 'mode', paint: cell => paint.dim(cell) },
    { title: 'records', align: 'right', paint: (cell, text) => text === '0' ? paint.dim(cell) : paint.yellow(cell) },
    { title: 'findings', align: 'right', paint: (cell, text) => text === '0' ? paint.dim(cell) : cell }
  ], Object.entries(rules).map(([name, rule]) => [name, rule.mode, String(rule.records), String(rule.findings)]), columns)
  const values = Object.entries(grounding).sort(([, one], [, other]) => other - one).map(([name, number]) => `${name} ${number}`).join(', ')
  return [
    table, '',
    ...values === '' ? [] : wrap(`argument values: ${values}`, columns),
    ...ruleBased === 0 ? [] : wrap(`${ruleBased} of ${records} records were written by rules, not by a language model: no training data.`, columns).map(line => paint.yellow(line)),
    ...failures.map(({ file, line, rule, message }) => `${paint.bold(`${printable(file)}:${line}`)} ${paint.red(rule)} ${printable(message, { most: 300 })}`),
    ...unreadable.map(({ file, code, message }) => `${paint.bold(printable(file))} ${paint.red(code)} ${printable(message, { most: 300 })}`),
    (invalid + unreadable.length === 0 ? paint.green : paint.red)(`${records} records: ${valid} valid, ${invalid} invalid${unreadable.length === 0 ? '' : `; ${unreadable.length} files or places could not be read`}`)
  ].join('\n')
}
