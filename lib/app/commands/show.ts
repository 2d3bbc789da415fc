import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import type { CommandSpec } from '../command.js'
import { findOutput, findRun } from '../dataset/find-output.js'
import { contentOf } from '../dataset/open-line.js'
import { placeOf, type Fault } from '../dataset/read-outcomes.js'
import { EXIT } from '../exit-codes.js'
import { findLine } from '../show/find-line.js'
import { formatLook } from '../show/format-look.js'
import { lookAtLine, type Look, type LookedStep } from '../show/look-at-line.js'
import { printable } from '../terminal/printable.js'
import { say, sayJson } from '../terminal/say.js'
import { parseFlags } from './options.js'

const flags = z.object({
  json: z.boolean().default(false),
  full: z.boolean().default(false),
  stage: z.string().min(1).optional(),
  journal: z.array(z.string().min(1)).default([]),
  config: z.string().min(1).optional()
})

/** `gemline show`: one record or reject, with everything behind it. */
export const showCommand: CommandSpec = {
  name: 'show',
  summary: 'Shows one record or reject: source, each prompt with its answer and reasoning, verdict, findings, trajectory.',
  examples: ['gemline show 3f9c2e out/run', 'gemline show 3f9c2e01b7a4d5c6e8f90a1b2c3d4e5f.1 out/run out/redriven --full', 'gemline show 3f9c2e out/run --stage judge --full', 'gemline show 3f9c2e out/mixed --journal out/run --json | jq .steps'],
  arguments: '<id> <out...>',
  options: [
    { flags: '--full', description: 'Shows texts, prompts and turns in full instead of their beginnings.' },
    { flags: '--stage <name>', description: 'Shows the calls of this stage alone.' },
    { flags: '--journal <dir>', description: 'Output of a run whose journal may have the answers; may stand several times.', repeat: true },
    { flags: '--config <file>', description: 'Reads the text of the document from the source of this config, where the output has not kept it.' },
    { flags: '--json', description: 'One JSON object for scripts, always in full.' }
  ],
  async run ({ positional: [id = '', ...names], options, io, log, signal, config: load }) {
    const { json, full, stage, journal, config } = parseFlags(flags, options)
    const outputs = await Promise.all(names.map(name => findOutput(name, signal)))
    const onFault = (fault: Fault): void => { io.stderr.write(`gemline: ${printable(placeOf(fault))} was passed over: ${printable(fault.problem)}\n`) }
    const found = await findLine(id, outputs, { signal, onFault })
    const journals = await Promise.all(journal.map(name => findRun(name, signal)))
    const look = await lookAtLine(found, { journals, config: config === undefined ? undefined : await load(config), signal, log })
    refuseNoStage(look, stage)
    await (json ? sayJson(io.stdout, toJson(look)) : say(io.stdout, formatLook(look, { ...io, full, stage })))
    return EXIT.ok
  }
}

function refuseNoStage ({ steps }: Look, stage: string | undefined): void {
  if (stage === undefined || steps.some(({ step }) => step.stage === stage)) return
  throw new GemlineError('config-invalid', `--stage ${stage}: this record was asked for by ${[...new Set(steps.map(({ step }) => step.stage))].join(', ') || 'no stage'}`)
}

function toJson ({ item, output, text, steps, check }: Look): object {
  const { body, file, line } = item
  const { labels, workflow, messages, tools, draft } = contentOf(item) ?? {}
  return {
    version: 1, id: body.id, ...endJson(item),
    out: output.name, file, line,
    source: body.source, licence: body.licence, textKey: body.textKey, text, labels, workflow, usage: body.usage,
    steps: steps.map(stepJson),
    findings: check?.findings, grounding: check?.grounding,
    messages, tools, draft
  }
}

/** How it ended, and what the judge said. */
function endJson (item: Look['item']): object {
  if (item.kind === 'accepted') return { outcome: 'accepted', verdict: item.body.checks.verdict }
  const { kind, stage, reason, message, detail, verdict } = item.body
  return { outcome: kind === 'drop' ? 'dropped' : 'rejected', stage, reason, message, detail, verdict }
}

function stepJson ({ step, request, answer }: LookedStep): object {
  return { ...step, request, answer: answer && { text: answer.text, reasoning: answer.reasoning } }
}
