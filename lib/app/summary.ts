import { READ, sumOf, type Books } from '../engine/books.js'
import { auditRateOf, formatAudit } from './audit-rate.js'
import type { RunResult } from './run.js'

/** The books of a run as a table: what came into each stage, what went on, and why the rest did not. */
export function formatBooks (books: Books): string {
  const rows = Object.entries(books.stages).map(([name, stage]) => [name, String(stage.received), String(stage.values), reasons(stage.dropped), reasons(stage.rejected)])
  return table([['stage', 'in', 'on', 'dropped', 'rejected'], ...rows])
}

/** Everything a person wants to know at the end of a run, as lines. */
export function formatSummary ({ outcome, resolved, monitor, journal, seconds, out }: RunResult): string {
  const { totals, splits, complete, keys } = outcome
  const { books } = totals
  const read = books.stages[READ]
  const audit = auditRateOf(books)
  const ended = Object.values(books.stages).reduce((sum, stage) => sum + sumOf(stage.dropped) + sumOf(stage.rejected), 0)
  const lines = [
    formatBooks(books),
    '',
    `documents ${books.documents} (${(read?.received ?? 0) - (read?.emitted ?? 0)} unreadable)   accepted ${books.accepted}   ended otherwise ${ended}   the books balance`,
    `splits    ${totals.splits}${splits.planned === undefined ? '' : ` of ${splits.planned}`} done (${splits.doneBefore} before this run)${complete ? '' : ', NOT COMPLETE'}`,
    `calls     ${monitor.state.calls} made, ${journal.hits} answered by the journal, ${resolved.config.offline === true ? `${journal.misses} in no journal` : `${monitor.state.retries} repeated`}`,
    `tokens    ${monitor.state.promptTokens} in, ${monitor.state.completionTokens} out, paid in this run`,
    ...(audit === undefined ? [] : [`audit     ${formatAudit(audit)}`]),
    `keys      ${keys.texts} texts, ${keys.results} trajectories in ${(keys.bytes / 1024).toFixed(0)} KiB`,
    `time      ${seconds.toFixed(1)} s (${(monitor.state.documents / seconds).toFixed(0)} documents/s)`,
    ...splits.failed.map(({ split, error }) => `failed    ${split.path} row group ${split.rowGroup}: ${error.message}`),
    ...noticesOf(resolved).map(notice => `notice    ${notice}`),
    `output    ${out}`,
    ...complete && out !== '-' ? [`report    ${out}/report.html`] : []
  ]
  return lines.join('\n')
}

/** What must be said of the models behind a run. */
export function noticesOf ({ config, stages }: RunResult['resolved']): string[] {
  const notices: string[] = []
  if (config.offline === true) notices.push('made offline: no model was called. Records that a journal could not answer ended as journal-missed.')
  if ([...stages.values()].some(({ model }) => model.endpoints === 'embedded')) notices.push('answers come from the embedded author: rules, no language model. They exercise the path and are no training data.')
  const synthesizer = stages.get('synthesize')
  if (synthesizer !== undefined && !synthesizer.model.trained) notices.push(`the synthesizer ${synthesizer.model.name} is not a trained one (its weights were never released): it is asked with ${synthesizer.prompt.name}.`)
  return notices
}

function reasons (counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).sort(([, one], [, other]) => other - one).map(([reason, count]) => `${reason} ${count}`).join(', ')
}

function table (rows: readonly string[][]): string {
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map(row => (row[column] as string).length)))
  return rows.map(row => row.map((cell, column) => column === 1 || column === 2 ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number)).join('  ').trimEnd()).join('\n')
}
