import { sumOf, type Books } from '../../engine/books.js'
import { formatNumber } from '../report/format-number.js'
import type { BarsRow, Figure, Remark, Section, Table } from '../report/spec.js'

const MOST_REASONS = 20
const MOST_COUNTS = 50

/** What came into each stage, what went on, and why the rest did not. */
export function stagesSection (books: Books): Section {
  return {
    id: 'stages',
    title: 'Stages',
    intro: 'In each stage, what it received = went on + dropped (a decision) + rejected (an error). A stage may hand on more than it received, where a document has several workflows.',
    blocks: [funnelOf(books), reasonsOf(books), ...countsOf(books)]
  }
}

function funnelOf ({ stages, documents, accepted }: Books): Figure {
  return {
    kind: 'figure',
    title: 'The way of the documents',
    caption: 'Records that each stage received, by what became of them. The share is of all documents.',
    plot: {
      kind: 'bars', rowTitle: 'stage', axis: 'records received', format: 'count', layout: 'stacked',
      series: [{ name: 'went on', tone: 'first' }, { name: 'dropped', tone: 'drop' }, { name: 'rejected', tone: 'reject' }],
      rows: [
        ...Object.entries(stages).map(([label, stage]): BarsRow => ({
          label, values: [stage.emitted, sumOf(stage.dropped), sumOf(stage.rejected)], more: [formatNumber(stage.values, 'count'), shareOf(stage.received, documents)]
        })),
        { label: 'accepted', values: [accepted, 0, 0], more: [formatNumber(accepted, 'count'), shareOf(accepted, documents)] }
      ],
      more: ['handed on', 'received, share']
    }
  }
}

function reasonsOf ({ stages, documents }: Books): Figure | Remark {
  const reasons = Object.entries(stages).flatMap(([stage, { dropped, rejected }]) => [
    ...Object.entries(dropped).map(([reason, count]) => ({ label: `${stage}: ${reason}`, count, isDrop: true })),
    ...Object.entries(rejected).map(([reason, count]) => ({ label: `${stage}: ${reason}`, count, isDrop: false }))
  ]).sort((one, other) => other.count - one.count || (one.label < other.label ? -1 : 1))
  if (reasons.length === 0) return { kind: 'remark', text: 'Every record was accepted: there are no reasons to show.' }
  const rest = reasons.slice(MOST_REASONS)
  const sum = (isDrop: boolean): number => rest.reduce((total, each) => each.isDrop === isDrop ? total + each.count : total, 0)
  return {
    kind: 'figure',
    title: 'Why records ended',
    caption: `Drops by reason and rejects by error code, the ${MOST_REASONS} most frequent. The share is of all documents.`,
    plot: {
      kind: 'bars', rowTitle: 'stage: reason', axis: 'records', format: 'count', layout: 'stacked',
      series: [{ name: 'dropped', tone: 'drop' }, { name: 'rejected', tone: 'reject' }],
      rows: [
        ...reasons.slice(0, MOST_REASONS).map(({ label, count, isDrop }): BarsRow => ({ label, values: isDrop ? [count, 0] : [0, count], more: [shareOf(count, documents)] })),
        ...rest.length === 0 ? [] : [{ label: `others (${rest.length})`, values: [sum(true), sum(false)], more: [shareOf(sum(true) + sum(false), documents)] }]
      ],
      more: ['share']
    }
  }
}

/** What stages counted beside what became of their records. */
function countsOf ({ counts }: Books): readonly Table[] {
  const names = Object.entries(counts).sort(([one], [other]) => one < other ? -1 : 1)
  if (names.length === 0) return []
  return [{
    kind: 'table', title: 'Counted on the way',
    columns: [{ title: 'stage/what' }, { title: 'times', numeric: true }],
    rows: names.slice(0, MOST_COUNTS).map(([name, times]) => [name, formatNumber(times, 'count')])
  }]
}

function shareOf (count: number, documents: number): string {
  return formatNumber(documents === 0 ? undefined : 100 * count / documents, 'percent')
}
