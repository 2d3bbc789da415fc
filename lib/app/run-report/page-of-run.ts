import { formatNumber } from '../report/format-number.js'
import type { Page } from '../report/spec.js'
import type { DatasetStats } from '../stats/collect-stats.js'
import { meanOf } from '../stats/distribution.js'
import { noticesOfStats } from '../stats/notices.js'
import { contentSection } from './content-section.js'
import { lineageSection } from './lineage-section.js'
import { originSection } from './origin-section.js'
import type { RunFacts } from './read-run.js'
import { sizesSection } from './sizes-section.js'
import { stagesSection } from './stages-section.js'
import { tokensOf, tokensSection } from './tokens-section.js'
import { topicsSection } from './topics-section.js'

/** What a page is made of: statistics of records, and of a run what it says of itself. */
export interface RunReport {
  readonly stats: DatasetStats
  readonly run?: RunFacts
  /** Committed splits whose records are not in the statistics. */
  readonly uncounted?: number
}

/** The page of a run, or of data files. Nothing in it depends on who ran it, when, how often it was stopped, and where it lies. */
export function pageOfRun ({ stats, run, uncounted = 0 }: RunReport): Page {
  return {
    title: run === undefined ? 'Tool-use trajectories' : `Tool-use trajectories from ${run.source}`,
    lead: leadOf(stats, run),
    notices: [...noticesOfStats(stats), ...run === undefined ? [] : noticesOfRun(run, uncounted)],
    facts: run === undefined ? factsOfData(stats) : factsOfRun(run),
    sections: [
      ...run === undefined ? [] : [stagesSection(run.totals.books)],
      sizesSection(stats), contentSection(stats), topicsSection(stats), tokensSection(stats, run), originSection(stats), lineageSection(stats, run)
    ]
  }
}

function leadOf ({ records }: DatasetStats, run: RunFacts | undefined): string {
  const subject = `${formatNumber(records, 'count')} trajectories beside the figures of GEM (arXiv 2601.10355). Below each figure is a table with its numbers; docs/report.md has the formulas.`
  return run === undefined ? subject : `Made by gemline with the ${String(run.resultKeys['pipeline'] ?? 'unknown')} pipeline: ${subject}`
}

function noticesOfRun ({ planned, totals }: RunFacts, uncounted: number): readonly string[] {
  return [
    ...planned === undefined || totals.splits >= planned ? [] : [`NOT COMPLETE: ${totals.splits} of ${planned} splits are done.`],
    ...totals.books.accepted > 0 ? [] : ['Nothing was accepted: there are no trajectories to measure. The reasons are below.'],
    ...uncounted === 0 ? [] : [`The statistics leave out ${uncounted} of ${totals.splits} splits, which have none beside them; “gemline stats OUTPUT --html FILE” reads all records.`]
  ]
}

function factsOfRun ({ totals, planned }: RunFacts): Page['facts'] {
  const { books, usage, splits } = totals
  const { accepted, documents } = books
  return [
    { label: 'documents', value: formatNumber(documents, 'count') },
    { label: 'trajectories accepted', value: formatNumber(accepted, 'count') },
    { label: 'accepted per 100 documents', value: formatNumber(documents === 0 ? undefined : 100 * accepted / documents, 'number') },
    { label: 'tokens per accepted trajectory', value: formatNumber(accepted === 0 ? undefined : tokensOf(Object.values(usage)) / accepted, 'count') },
    { label: 'splits', value: planned === undefined ? formatNumber(splits, 'count') : `${formatNumber(splits, 'count')} of ${formatNumber(planned, 'count')}` }
  ]
}

function factsOfData ({ records, measures }: DatasetStats): Page['facts'] {
  const mean = (name: keyof DatasetStats['measures']): string => formatNumber(meanOf(measures[name]), 'number')
  return [
    { label: 'trajectories', value: formatNumber(records, 'count') },
    { label: 'messages, mean', value: mean('messages') },
    { label: 'distinct tools, mean', value: mean('distinctTools') },
    { label: 'tool calls, mean', value: mean('toolCalls') }
  ]
}
