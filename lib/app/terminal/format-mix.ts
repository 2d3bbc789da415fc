import type { MixReport } from '../dataset/mix-dataset.js'
import { REST } from '../dataset/mix-labels.js'
import type { MixedLabel } from '../dataset/mix-report.js'
import { createPaint } from './paint.js'
import { printable } from './printable.js'
import { formatTable, type Column } from './table.js'
import { wrap } from './width.js'

/** What a set was made of, as text of at most `columns` columns. `top` labels are shown, and all with a quota or a share in the paper. */
export function formatMix (report: MixReport, { color, columns, top }: { readonly color: boolean, readonly columns: number, readonly top: number }): string {
  const paint = createPaint(color)
  const { n, by, quota, seed, records, invalid, examples, taken, copies, short, labels, out } = report
  const shown = labels.filter((label, at) => at < top || label.wanted !== null || label.paper !== null)
  return [
    ...wrap(`${paint.bold(`${taken} trajectories`)} of ${records}, mixed by ${by}, quota ${printable(quota)}, seed ${seed}${copies === 0 ? '' : `; ${copies} copies left out`}`, columns),
    ...invalid === 0 ? [] : wrap(`${invalid} lines are no records: ${examples.map(example => printable(example, { most: 200 })).join('; ')}`, columns).map(line => paint.red(line)),
    '', formatLabels(report, shown, columns), '',
    ...labels.length > shown.length ? [paint.dim(`${labels.length - shown.length} further labels`)] : [],
    ...short === null ? [] : wrap(`fewer than ${n}: ${printable(short)}`, columns).map(line => paint.yellow(line)),
    out === null ? paint.dim('nothing is written without --to') : `${paint.bold('out')} ${printable(out)}`
  ].join('\n')
}

function formatLabels ({ by, quota }: MixReport, labels: readonly MixedLabel[], width: number): string {
  const withQuota = quota !== 'proportional'
  const withPaper = labels.some(({ paper }) => paper !== null)
  const right = (title: string): Column => ({ title, align: 'right' })
  const columns = [{ title: by, flexible: true }, right('available'), ...withQuota ? [right('wanted'), right('taken')] : [], right('in set'), right('share'), ...withPaper ? [right('paper')] : []]
  return formatTable(columns, labels.map(({ label, available, wanted, taken, records, share, paper }) => [
    label === REST ? '* (all others)' : printable(label), String(available), ...withQuota ? [numberOf(wanted), numberOf(taken)] : [],
    String(records), percentOf(share), ...withPaper ? [percentOf(paper)] : []
  ]), width)
}

function numberOf (value: number | null): string {
  return value === null ? '-' : String(value)
}

function percentOf (share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`
}
