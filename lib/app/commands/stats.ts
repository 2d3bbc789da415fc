import { z } from 'zod'
import { FOREIGN_SHAPES, type ForeignShape } from '../../formats/index.js'
import { addForeignToStats, addToStats, MEASURES, openStats, summaryOf, type DatasetStats, type Measure, type NameCounts } from '../collect-stats.js'
import type { CommandSpec } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { openRow } from '../open-row.js'
import { readRecords, type ReadItem } from '../read-records.js'
import { formatStats } from '../format-stats.js'
import { say, sayJson } from '../terminal/say.js'
import { flagInt, FORMAT_OPTION, parseFlags } from './options.js'

const flags = z.object({ json: z.boolean().default(false), top: flagInt(1, 1000).default(10), format: z.enum(FOREIGN_SHAPES).optional() })

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
  summary: 'Shows sizes, labels and grounding of data files, ours or other people\'s, beside the figures of the paper.',
  examples: ['gemline stats out/run', 'gemline stats data/*.parquet --json'],
  arguments: '<files...>',
  options: [
    FORMAT_OPTION,
    { flags: '--top <n>', description: 'Names in each list.', default: 10 },
    { flags: '--json', description: 'One JSON object for scripts.' }
  ],
  async run ({ positional, options, io, signal }) {
    const { json, top, format: shape } = parseFlags(flags, options)
    const stats = openStats()
    const faults: StatsFaults = { invalid: 0, examples: [], unreadable: [] }
    for await (const items of readRecords(positional, { stdin: io.stdin, signal })) for (const item of items) count({ stats, faults, shape }, item)
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
  if ('trajectory' in opened) {
    if (opened.record === undefined) addForeignToStats(stats, opened.trajectory, opened.shape)
    else addToStats(stats, opened.record, opened.trajectory)
    return
  }
  faults.invalid++
  if (faults.examples.length < MOST_EXAMPLES) faults.examples.push(`${item.file}:${item.line}: ${opened.problem}`)
}

function toJson (stats: DatasetStats, { invalid, unreadable }: StatsFaults): object {
  const { records, ruleBased, untrained, measures, ...names } = stats
  return {
    version: 1, records, invalid, ruleBased, untrained,
    measures: Object.fromEntries(MEASURES.map((name: Measure) => [name, summaryOf(measures[name])])),
    ...Object.fromEntries(Object.entries(names).map(([name, counts]) => [name, Object.fromEntries(sorted(counts))])),
    unreadable
  }
}

function sorted (counts: NameCounts): ReadonlyArray<[string, number]> {
  return [...counts].sort(([name, one], [other, two]) => two - one || (name < other ? -1 : 1))
}
