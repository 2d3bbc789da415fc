import type { ShardInfo, WritableStore } from '../../engine/connector.js'
import { findObstacle, FORMATS, renderQwen3, type FormatName, type Row } from '../../formats/index.js'
import type { TokenCounter } from '../../model/chat-model.js'
import { addValue, openDistribution, type Distribution } from '../stats/distribution.js'
import { addName, type NameCounts } from '../stats/name-counts.js'
import { summaryOf, type Summary } from '../stats/stats-json.js'
import { openRow, type OpenedRow } from '../open-row.js'
import type { ReadItem } from '../read-records.js'
import { createSplitter, type Holdout } from './holdouts.js'
import { columnsOf, createExportParts, type ExportParts } from './parts.js'
import { keyOf, type SplitKey } from './row-key.js'
import type { Sampler } from './samples.js'

/** What is exported, and how. */
export interface ExportRequest {
  readonly items: AsyncIterable<readonly ReadItem[]>
  readonly store: WritableStore
  readonly sample: Sampler
  readonly format: FormatName
  readonly holdouts: readonly Holdout[]
  readonly by: SplitKey
  readonly tokens: TokenCounter
  readonly maxTokens: number | undefined
  /** Lower case; `unknown` stands for rows of which no licence is said. */
  readonly excludeLicences: ReadonlySet<string>
}

/** What became of all rows. */
export interface ExportTotals {
  readonly read: number
  /** By reason: the check that a line fails, an obstacle, `too-many-tokens`, `licence-excluded`. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Written rows by licence. */
  readonly licences: Readonly<Record<string, number>>
  /** Written rows with an answer of the rule-based author behind them. */
  readonly ruleBased: number
  /** Tokens of the longest row, if a trainer puts an empty think block into each assistant turn. */
  readonly longest: number
  /** Columns that some row has, in order. */
  readonly columns: readonly string[]
  /** By name of the part: its file, and the tokens of its rows in Qwen3's chat template. */
  readonly parts: Readonly<Record<string, ShardInfo & { readonly tokens: Summary | null }>>
}

/**
 * Writes rows as training data, in reading order, a batch at a time. Rows that a trainer would take wrongly, that are too
 * long or under an excluded licence, and lines that are no rows are left out and counted. Rejects as the reading and the
 * store do: a file that cannot be read ends the export, since a set with a hole is none.
 */
export async function exportSet (request: ExportRequest): Promise<ExportTotals> {
  const parts = createExportParts(request.store, FORMATS[request.format])
  const counts: Counts = { read: 0, ruleBased: 0, longest: 0, leftOut: new Map(), licences: new Map(), tokens: new Map(), columns: new Set() }
  try {
    await exportItems(request, parts, counts)
    const files = Object.entries(await parts.close())
    return {
      read: counts.read,
      leftOut: sortedCounts(counts.leftOut),
      licences: sortedCounts(counts.licences),
      ruleBased: counts.ruleBased,
      longest: counts.longest,
      columns: columnsOf(FORMATS[request.format]).map(({ name }) => name).filter(name => counts.columns.has(name)),
      parts: Object.fromEntries(files.map(([name, info]) => [name, { ...info, tokens: summaryOf(counts.tokens.get(name) ?? openDistribution()) }]))
    }
  } catch (error) {
    await parts.abort()
    throw error
  }
}

interface Counts {
  read: number
  ruleBased: number
  longest: number
  readonly leftOut: NameCounts
  readonly licences: NameCounts
  readonly tokens: Map<string, Distribution>
  readonly columns: Set<string>
}

async function exportItems (request: ExportRequest, parts: ExportParts, counts: Counts): Promise<void> {
  const choose = createChooser(request)
  for await (const items of request.items) {
    const rows = new Map<string, Row[]>()
    for (const item of items) {
      const chosen = choose(item)
      counts.read++
      if ('reason' in chosen) {
        addName(counts.leftOut, chosen.reason)
        continue
      }
      countRow(counts, chosen)
      rows.set(chosen.part, [...rows.get(chosen.part) ?? [], chosen.row])
    }
    for (const [part, some] of rows) await parts.write(part, some)
  }
}

interface Written {
  readonly part: string
  readonly row: Row
  readonly tokens: number
  /** With an empty think block in every assistant turn. */
  readonly mostTokens: number
  readonly licence: string
  readonly isRuleBased: boolean
}

const THINK_BLOCK = '<think>\n\n</think>\n\n'

/** Turns an item into a row and its part, or says why not. Throws for a file that cannot be read. */
function createChooser ({ sample, format, holdouts, by, tokens, maxTokens = Infinity, excludeLicences }: ExportRequest): (item: ReadItem) => Written | { readonly reason: string } {
  const partOf = createSplitter(holdouts)
  const { write } = FORMATS[format]
  const thinkTokens = tokens.count(THINK_BLOCK)
  return item => {
    if (item.kind === 'unreadable') throw item.error
    const opened = item.kind === 'broken' ? { rule: 'line-broken' } : openRow(item.value)
    if (!('trajectory' in opened)) return { reason: opened.rule }
    const licence = opened.record?.licence ?? 'unknown'
    if (excludeLicences.has(licence.toLowerCase())) return { reason: 'licence-excluded' }
    const trajectory = sample(opened, `${item.file}:${item.line}`)
    const obstacle = findObstacle(trajectory)
    if (obstacle !== undefined) return { reason: obstacle }
    const { text, spans } = renderQwen3(trajectory)
    const length = tokens.count(text)
    if (length > maxTokens) return { reason: 'too-many-tokens' }
    return {
      part: partOf(keyOf(opened, by)),
      row: { id: opened.id ?? '', ...write(trajectory) },
      tokens: length,
      mostTokens: length + thinkTokens * spans.length,
      licence,
      isRuleBased: isRuleBased(opened)
    }
  }
}

function isRuleBased ({ record }: OpenedRow): boolean {
  return record?.lineage.steps.some(step => step.author === 'rule-based') === true
}

function countRow (counts: Counts, { part, row, tokens, mostTokens, licence, isRuleBased: ruleBased }: Written): void {
  counts.longest = Math.max(counts.longest, mostTokens)
  for (const name of Object.keys(row)) counts.columns.add(name)
  if (ruleBased) counts.ruleBased++
  addName(counts.licences, licence)
  const lengths = counts.tokens.get(part) ?? openDistribution()
  counts.tokens.set(part, lengths)
  addValue(lengths, tokens)
}

/** Names in byte order, so that the same set says the same. */
function sortedCounts (counts: NameCounts): Record<string, number> {
  return Object.fromEntries([...counts].sort(([one], [other]) => one < other ? -1 : 1))
}
