import { auditRateOf } from './audit-rate.js'
import type { RunResult } from './run.js'
import { noticesOf } from './summary.js'

/** `report.json` of a run, and what `run --json` prints. Keys are stable. */
export function reportOf ({ outcome, resolved, monitor, journal, seconds, out }: RunResult): object {
  const { totals, splits, complete, keys } = outcome
  const { calls, retries, promptTokens, completionTokens, answerRetries } = monitor.state
  return {
    version: 1,
    pipeline: resolved.config.pipeline,
    out,
    complete,
    splits: { planned: splits.planned ?? null, done: totals.splits, doneBefore: splits.doneBefore, failed: splits.failed.map(({ split, error }) => ({ path: split.path, rowGroup: split.rowGroup, code: error.code, message: error.message })) },
    books: totals.books,
    /** How often the pre-filter was wrong; null where nothing was audited. */
    audit: auditRateOf(totals.books) ?? null,
    data: { rows: totals.rows, bytes: totals.bytes },
    /** Behind the records, whoever paid. */
    usage: totals.usage,
    /** By this process. */
    paid: { calls, retries, answerRetries, promptTokens, completionTokens },
    journal,
    dedupKeys: keys,
    notices: noticesOf(resolved),
    resultKeys: resolved.resultKeys,
    seconds
  }
}
