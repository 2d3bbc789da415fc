import type { WritableStore } from '../../engine/connector.js'
import type { Logger } from '../../engine/operator.js'
import type { Commit } from '../../run/commit-record.js'
import { readAhead } from '../../run/read-ahead.js'
import { renderPage } from '../report/render-page.js'
import { addStats, openStats, type DatasetStats } from '../stats/collect-stats.js'
import { unpackStats } from '../stats/pack-stats.js'
import { pageOfRun } from './page-of-run.js'
import { readRunFacts } from './read-run.js'

/**
 * Writes `report.html` of an output from its commits and the statistics beside them, some kilobytes a split: no record is read
 * again, however large the data. The page is the same whoever ran what and when. Without a plan it writes nothing.
 */
export async function writeRunReport (store: WritableStore, log: Logger): Promise<void> {
  const stats = openStats()
  let uncounted = 0
  const run = await readRunFacts(store, async function * (commits) {
    for await (const { commit, counted } of readAhead(commits, async commit => ({ commit, counted: await readStats(store, commit, log) }))) {
      if (counted === undefined) uncounted++
      else addStats(stats, counted)
      yield commit
    }
  })
  if (run !== undefined) await store.put('report.html', Buffer.from(await renderPage(pageOfRun({ stats, run, uncounted }))))
}

/** What a split holds; undefined where nobody counted it, or what was counted cannot be read. */
async function readStats (store: WritableStore, { split, result, attempt }: Commit, log: Logger): Promise<DatasetStats | undefined> {
  if (result.data === undefined) return openStats()
  if (attempt.stats === undefined) return undefined
  try {
    return await unpackStats(await store.read(attempt.stats))
  } catch (error) {
    log.warn({ split, path: attempt.stats, error: String(error).slice(0, 300) }, 'statistics of a split cannot be read; the report goes without them')
    return undefined
  }
}
