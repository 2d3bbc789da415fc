import { z } from 'zod'
import { validateOptionsSchema, type ValidateOptions } from '../../../operators/index.js'
import { GemlineError } from '../../engine/errors.js'
import type { CommandIo, CommandSpec } from '../command.js'
import { checkOptionsOf } from '../dataset/check-options.js'
import { deriveSet } from '../dataset/derive-set.js'
import { findOutput, rejectsOf, type FoundOutput } from '../dataset/find-output.js'
import { EXIT } from '../exit-codes.js'
import { SETS, type SetName } from '../revalidate/basis.js'
import { notesOf } from '../revalidate/notes.js'
import { revalidate, type Revalidation } from '../revalidate/revalidate.js'
import { openOutput } from '../stores.js'
import { createPaint } from '../terminal/paint.js'
import { printable } from '../terminal/printable.js'
import { say, sayJson } from '../terminal/say.js'
import { formatTable } from '../terminal/table.js'
import { wrap } from '../terminal/width.js'
import { flagInt, parseFlags } from './options.js'
import { readRuleModes, RULES_OPTION } from './rule-modes.js'

const flags = z.object({
  to: z.string({ error: 'say where the set goes' }).min(1),
  set: z.enum(SETS).default('full'),
  profile: validateOptionsSchema.shape.profile.unwrap().optional(),
  rules: z.string().default(''),
  minCalls: flagInt(0, 1000).optional(),
  unjudged: z.enum(['drop', 'keep']).default('drop'),
  maxKeys: flagInt(1, 2 ** 31).default(100_000_000),
  json: z.boolean().default(false)
})

type Flags = z.output<typeof flags>

/** `gemline revalidate`: other rules, or an ablation of the paper, over what a run has paid for. */
export const revalidateCommand: CommandSpec = {
  name: 'revalidate',
  summary: 'Applies other rules to a finished output, accepted and dropped alike, and writes what passes as a new set. Calls no model.',
  examples: [
    'gemline revalidate out/run --profile paper --to out/paper',
    'gemline revalidate out/run --rules grounding=report,calls-too-few=off --to out/lenient',
    'gemline revalidate out/run --set no-refinement --to out/no-refinement',
    'gemline revalidate out/run --set no-judge --to out/no-judge --json'
  ],
  arguments: '<out>',
  options: [
    { flags: '--to <out>', description: 'Where the new set goes: an empty folder, or s3://bucket/prefix.' },
    { flags: '--set <name>', description: '`full`: rules and the verdicts that were paid for. `no-refinement`: drafts by the rules alone. `no-judge`: rules alone.', default: 'full' },
    { flags: '--profile <name>', description: '`default` or `paper`; without it that of the run.' },
    RULES_OPTION,
    { flags: '--min-calls <n>', description: 'Fewer tool calls than this fail a trajectory; without it as the run had it, else 2.' },
    { flags: '--unjudged <what>', description: 'What passes the rules now and was never judged: `drop` it as not-judged, or `keep` it. For the set `full`.', default: 'drop' },
    { flags: '--max-keys <n>', description: 'Cap of the index of duplicates, 32 to 64 bytes a trajectory.', default: 100_000_000 },
    { flags: '--json', description: 'One JSON object for scripts.' }
  ],
  async run ({ positional: [name = ''], options, io, signal }) {
    const given = parseFlags(flags, options)
    const output = await findOutput(name, signal)
    const rules = rulesOf(given, output)
    checkSet(given, output)
    const store = await openOutput(given.to, undefined)
    let result: Revalidation | undefined
    const dedup = output.plan?.resultKeys['dedup.trajectories'] !== false
    const made = { command: 'revalidate', from: [name], options: { set: given.set, ...rules, unjudged: given.unjudged, dedup } }
    await deriveSet(store, made, async writer => {
      result = await revalidate(output, writer, { set: given.set, validate: rules, unjudged: given.unjudged, dedup, maxKeys: given.maxKeys, signal })
      return notesOf(result, { ...given, kept: rejectsOf(output) })
    })
    await tell({ ...given, output, result: result as Revalidation, to: store.url }, io)
    return EXIT.ok
  }
}

/** Profile and number of calls are those of the run unless said otherwise; what its config said of single rules must be said again. */
function rulesOf ({ profile, rules, minCalls }: Flags, { plan }: FoundOutput): Required<Pick<ValidateOptions, 'profile' | 'rules' | 'minToolCalls'>> {
  const planned = validateOptionsSchema.shape.profile.safeParse(plan?.resultKeys['profile'])
  return { profile: profile ?? (planned.success ? planned.data : 'default'), rules: readRuleModes(rules), minToolCalls: minCalls ?? checkOptionsOf(plan?.resultKeys).minToolCalls ?? 2 }
}

function checkSet ({ set }: Flags, { name, plan }: FoundOutput): void {
  if (set !== 'no-refinement' || plan === undefined) return
  if (plan.resultKeys['pipeline'] !== 'teacher') throw new GemlineError('output-invalid', `${name} was made by the pipeline ${String(plan.resultKeys['pipeline'])}, which writes no drafts; the set no-refinement needs a teacher`)
}

interface Told { readonly output: FoundOutput, readonly result: Revalidation, readonly set: SetName, readonly unjudged: 'drop' | 'keep', readonly to: string, readonly json: boolean }

async function tell ({ output, result, set, unjudged, to, json }: Told, io: CommandIo): Promise<void> {
  const notes = notesOf(result, { set, unjudged, kept: rejectsOf(output) })
  if (json) return await sayJson(io.stdout, { version: 1, from: output.name, to, set, before: result.before, now: result.now, unjudged: result.unjudged, notKept: result.notKept, calls: 0, notes })
  const paint = createPaint(io.color)
  const names = [...new Set([...Object.keys(result.now), ...Object.keys(result.before)])].sort((one, other) => (result.now[other] ?? 0) - (result.now[one] ?? 0) || (one < other ? -1 : 1))
  const right = { align: 'right' } as const
  const table = formatTable([{ title: 'end', flexible: true }, { title: 'before', ...right }, { title: 'now', ...right }], names.map(end => [printable(end), String(result.before[end] ?? 0), String(result.now[end] ?? 0)]), io.columns)
  await say(io.stdout, [
    table, '',
    ...notes.flatMap(note => wrap(note, io.columns)),
    `accepted  ${result.before['accepted'] ?? 0} before, ${paint.bold(String(result.now['accepted'] ?? 0))} now; no model was called`,
    `output    ${printable(to)}`
  ].join('\n'))
}
