import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import { FOREIGN_SHAPES, type ForeignShape } from '../../formats/index.js'
import type { CommandSpec } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { openRow } from '../open-row.js'
import { readRecords, type ReadItem } from '../read-records.js'
import { renderPage } from '../report/render-page.js'
import { pageOfRun } from '../run-report/page-of-run.js'
import { readRun } from '../run-report/read-run.js'
import { addToStats, openStats, type DatasetStats } from '../stats/collect-stats.js'
import { formatStats } from '../stats/format-stats.js'
import { statsToJson } from '../stats/stats-json.js'
import { say, sayJson } from '../terminal/say.js'
import { flagInt, FORMAT_OPTION, parseFlags } from './options.js'

const flags = z.object({ json: z.boolean().default(false), top: flagInt(1, 1000).default(10), html: z.string().min(1).optional(), format: z.enum(FOREIGN_SHAPES).optional() })

/** Lines that are no record, and places that could not be read. */
export interface StatsFaults {
  invalid: number
  /** The first invalid lines, as `file:line: reason`. */
  readonly examples: string[]
  readonly unreadable: Array<{ file: string, code: string, message: string }>
}

/** `gemline stats`: the paper's table beside ours, and how everything is spread. */
export const statsCommand: CommandSpec = {
  name: 'stats',
  summary: 'Shows sizes, labels, checks and origin of data files, ours or other people\'s, beside the figures of the paper.',
  examples: ['gemline stats out/run', 'gemline stats data/*.parquet --json', 'gemline stats out/run --html report.html'],
  arguments: '<files...>',
  options: [
    FORMAT_OPTION,
    { flags: '--top <n>', description: 'Names in each list.', default: 10 },
    { flags: '--html <file>', description: 'Writes the report there too, one self-contained page; of the output of a run with its stages and reasons.' },
    { flags: '--json', description: 'One JSON object for scripts.' }
  ],
  async run ({ positional, options, io, signal }) {
    const { json, top, html, format: shape } = parseFlags(flags, options)
    const stats = openStats()
    const faults: StatsFaults = { invalid: 0, examples: [], unreadable: [] }
    for await (const items of readRecords(positional, { stdin: io.stdin, signal })) for (const item of items) count({ stats, faults, shape }, item)
    if (html !== undefined) await writePage(html, positional, stats)
    await (json ? sayJson(io.stdout, toJson(stats, faults)) : say(io.stdout, formatStats(stats, faults, { ...io, top })))
    return faults.unreadable.length > 0 ? EXIT.usage : EXIT.ok
  }
}

const MOST_EXAMPLES = 5
const MOST_UNREADABLE = 1000

interface Counting { readonly stats: DatasetStats, readonly faults: StatsFaults, readonly shape: ForeignShape | undefined }

function count ({ stats, faults, shape }: Counting, item: ReadItem): void {
  if (item.kind === 'unreadable') {
    const { file, error: { code, message } } = item
    if (faults.unreadable.length < MOST_UNREADABLE) faults.unreadable.push({ file, code, message })
    return
  }
  const opened = item.kind === 'record' ? openRow(item.value, shape) : item
  if ('trajectory' in opened) return addToStats(stats, opened.record ?? { shape: opened.shape }, opened.trajectory)
  faults.invalid++
  if (faults.examples.length < MOST_EXAMPLES) faults.examples.push(`${item.file}:${item.line}: ${opened.problem}`)
}

/** What a run says beside its records is known where its whole output is shown, and nothing else. */
async function writePage (file: string, names: readonly string[], stats: DatasetStats): Promise<void> {
  const run = names.length === 1 ? await readRun(names[0] as string) : undefined
  const page = await renderPage(pageOfRun({ stats, run }))
  await writeFile(file, page).catch((error: NodeJS.ErrnoException) => {
    throw new GemlineError('config-invalid', `--html ${file} cannot be written: ${error.message}`, { cause: error })
  })
}

function toJson (stats: DatasetStats, { invalid, unreadable }: StatsFaults): object {
  return { version: 1, invalid, ...statsToJson(stats), unreadable }
}
