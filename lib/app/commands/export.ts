import { z } from 'zod'
import { openWritableStore } from '../../../connectors/open-store.js'
import { describeUri } from '../../../connectors/split-uri.js'
import type { WritableStore } from '../../engine/connector.js'
import { FORMAT_NAMES, FORMATS } from '../../formats/index.js'
import { createTokenCounter } from '../../model/tokens.js'
import { findPrompt, loadPrompts, type Prompt } from '../../prompt/index.js'
import type { CommandIo, CommandSpec } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { exportCardOf } from '../export/card.js'
import { datasetInfoOf } from '../export/dataset-info.js'
import { exportSet } from '../export/export-set.js'
import { parseHoldouts, TRAIN } from '../export/holdouts.js'
import { claimPlace, writeManifest, type ExportManifest, type ExportSettings } from '../export/manifest.js'
import { SPLIT_KEYS } from '../export/row-key.js'
import { createSynthesizerSampler, sampleAgent, TRAINEES } from '../export/samples.js'
import { readRecords } from '../read-records.js'
import { createPaint } from '../terminal/paint.js'
import { printable } from '../terminal/printable.js'
import { say, sayJson } from '../terminal/say.js'
import { formatTable } from '../terminal/table.js'
import { wrap } from '../terminal/width.js'
import { flagInt, parseFlags } from './options.js'

/** What the synthesizer is asked with in training, and so must be in inference. */
const SYNTHESIZER_PROMPT = 'synthesize/short'

const flags = z.object({
  for: z.enum(TRAINEES),
  format: z.enum(FORMAT_NAMES),
  to: z.string().min(1),
  split: z.string().default('').transform(parseHoldouts),
  by: z.enum(SPLIT_KEYS).default('textKey'),
  maxTokens: flagInt(1, 10_000_000).optional(),
  excludeLicence: z.string().default('').transform(list => list.split(',').map(name => name.trim().toLowerCase()).filter(name => name !== '')),
  json: z.boolean().default(false)
})

/** `gemline export`: data files as training data of a trainer. */
export const exportCommand: CommandSpec = {
  name: 'export',
  summary: 'Writes data files as training data: for an agent or the synthesizer, in the form of a trainer.',
  examples: [
    'gemline export out/run --for agent --format sharegpt --split valid=0.02 --max-tokens 32768 --to out/agent',
    'gemline export out/run --for synthesizer --format trl --to out/synthesizer',
    'gemline export data/*.parquet --for agent --format verl --exclude-licence CC-BY-NC-4.0,unknown --to s3://bucket/set'
  ],
  arguments: '<files...>',
  options: [
    { flags: '--for <who>', description: `Who is trained: ${TRAINEES.join(' or ')}.` },
    { flags: '--format <name>', description: `Form of the rows: ${FORMAT_NAMES.join(', ')}.` },
    { flags: '--to <uri>', description: 'Where the set lies: an empty folder, or s3://bucket/prefix.' },
    { flags: '--split <parts>', description: 'Parts that are kept out of training, with their share of the keys: valid=0.02.' },
    { flags: '--by <key>', description: `What is never torn apart by a split: rows of equal ${SPLIT_KEYS.join(', ')}.`, default: 'textKey' },
    { flags: '--max-tokens <n>', description: 'Longer rows are left out; tokens of Qwen3, in its chat template.' },
    { flags: '--exclude-licence <list>', description: 'Rows under these licences are left out, with commas between; unknown for those without one.' },
    { flags: '--json', description: 'What export.json holds, for scripts.' }
  ],
  async run ({ positional, options, io, signal }) {
    const { json, to, ...parsed } = parseFlags(flags, options)
    const prompt = parsed.for === 'synthesizer' ? findPrompt(await loadPrompts(), SYNTHESIZER_PROMPT) : undefined
    const store = await openWritableStore(to)
    const manifest = await runExport({ settings: settingsOf(parsed, prompt), from: positional.map(describeUri), prompt, store, read: () => readRecords(positional, { stdin: io.stdin, signal }), signal })
    await (json ? sayJson(io.stdout, manifest) : say(io.stdout, formatExport(manifest, store.url, io)))
    return Object.keys(manifest.totals.parts).length === 0 ? EXIT.findings : EXIT.ok
  }
}

type Flags = Omit<z.output<typeof flags>, 'json' | 'to'>

function settingsOf ({ for: trainee, format, split, by, maxTokens, excludeLicence }: Flags, prompt: Prompt | undefined): ExportSettings {
  return { for: trainee, format, split, by, maxTokens: maxTokens ?? null, excludeLicences: [...new Set(excludeLicence)].sort(), prompt: prompt?.ref ?? null }
}

interface ExportWork {
  readonly settings: ExportSettings
  readonly from: readonly string[]
  readonly prompt: Prompt | undefined
  readonly store: WritableStore
  readonly read: () => ReturnType<typeof readRecords>
  readonly signal: AbortSignal
}

async function runExport ({ settings, from, prompt, store, read, signal }: ExportWork): Promise<ExportManifest> {
  const format = FORMATS[settings.format]
  await claimPlace(store, { from, settings, version: 1 }, signal)
  await writeManifest(store, { version: 1, from, settings })
  for (const part of [TRAIN, ...settings.split.map(({ name }) => name)]) await store.remove(`${part}.${format.file}`)
  const totals = await exportSet({
    items: read(),
    store,
    format: settings.format,
    sample: prompt === undefined ? sampleAgent : createSynthesizerSampler(prompt),
    holdouts: settings.split,
    by: settings.by,
    tokens: await createTokenCounter('qwen3'),
    maxTokens: settings.maxTokens ?? undefined,
    excludeLicences: new Set(settings.excludeLicences)
  })
  const manifest: ExportManifest = { version: 1, from, settings, totals }
  const info = datasetInfoOf(settings.format, totals)
  if (info !== undefined) await store.put('dataset_info.json', Buffer.from(`${JSON.stringify(info, null, 2)}\n`))
  await store.put('README.md', Buffer.from(exportCardOf(manifest, format)))
  await writeManifest(store, manifest)
  return manifest
}

function formatExport ({ totals }: ExportManifest, place: string, { color, columns }: CommandIo): string {
  const paint = createPaint(color)
  const right = { align: 'right' } as const
  const parts = Object.entries(totals.parts).map(([name, { rows, tokens }]) => [name, String(rows), String(Math.round(tokens?.mean ?? 0)), String(tokens?.median ?? 0), String(tokens?.greatest ?? 0)])
  const leftOut = Object.entries(totals.leftOut)
  const written = Object.values(totals.parts).reduce((sum, { rows }) => sum + rows, 0)
  return [
    ...parts.length === 0 ? [] : [formatTable([{ title: 'part', flexible: true }, { title: 'rows', ...right }, { title: 'tokens: mean', ...right }, { title: 'median', ...right }, { title: 'greatest', ...right }], parts, columns), ''],
    ...leftOut.length === 0 ? [] : wrap(`left out: ${leftOut.map(([reason, rows]) => `${reason} ${rows}`).join(', ')}`, columns),
    ...totals.ruleBased === 0 ? [] : wrap(`${totals.ruleBased} rows were written by rules, not by a language model: no training data.`, columns).map(line => paint.yellow(line)),
    (written === 0 ? paint.red : paint.green)(`${written} of ${totals.read} rows written to ${printable(place)}`)
  ].join('\n')
}
