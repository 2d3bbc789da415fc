import { SPLIT_ROWS } from '../../../connectors/plan-rows.js'
import { STDIN_PATH } from '../../../connectors/jsonl-source.js'
import { journalId } from '../../../connectors/split-id.js'
import type { Split } from '../../engine/connector.js'
import type { Logger } from '../../engine/operator.js'
import type { TransportAnswer } from '../../model/chat-model.js'
import { loadJournal, readJournaled } from '../../model/journal-index.js'
import { readSplits } from '../../run/plan.js'
import type { RejectRecord } from '../../schema/trajectory-record.js'
import type { FoundRun } from '../dataset/find-output.js'

/** Where a record came from, as its line says. */
export type LineSource = RejectRecord['source']

/** Answers by request key. */
export type Answers = ReadonlyMap<string, TransportAnswer>

/** Looks the requests of a record up in the journals of these runs; what none has is left out. Reads the journal of its split alone. */
export async function readAnswers (runs: readonly FoundRun[], { source, keys }: { readonly source: LineSource, readonly keys: readonly string[] }, log: Logger): Promise<Answers> {
  const answers = new Map<string, TransportAnswer>()
  for (const run of runs) {
    const missing = keys.filter(key => !answers.has(key))
    const split = missing.length === 0 ? undefined : await findSplit(run, source)
    if (split === undefined) continue
    const { index } = await loadJournal(run.store, journalId(split), log)
    for (const key of missing) {
      const answer = await readJournaled(index, key, log)
      if (answer !== undefined) answers.set(key, answer)
    }
  }
  return answers
}

/** The split of a plan that holds this row. Standard input is not planned; its splits are cut every 10,000 lines. */
export async function findSplit ({ store, plan }: FoundRun, { name, path, rowGroup, row }: LineSource): Promise<Pick<Split, 'source' | 'path' | 'rowGroup' | 'from'> & Partial<Split> | undefined> {
  for await (const split of readSplits(store, plan)) {
    if (split.source === name && split.path === path && split.rowGroup === rowGroup && split.from <= row && row < split.to) return split
  }
  if (path !== STDIN_PATH) return undefined
  return { source: name, path, rowGroup, from: Math.floor(row / SPLIT_ROWS) * SPLIT_ROWS }
}
