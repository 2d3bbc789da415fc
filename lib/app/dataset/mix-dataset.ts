import type { WritableStore } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'
import type { ReadItem } from '../read-records.js'
import { createCandidates } from './mix-candidates.js'
import { chooseMix, shortfallOf } from './mix-choose.js'
import { labelsOf, type MixBy } from './mix-labels.js'
import type { Quota } from './mix-quota.js'
import { gatherRecords, keyedRecords, type Gathered, type KeyedRecord, type MixFaults } from './mix-records.js'
import { reportMix, type MixedLabel } from './mix-report.js'
import { checkEmpty, createDatasetWriter } from './write-dataset.js'

/** What is mixed, and where the set goes. */
export interface MixParts {
  /** All records, from the first; called twice. */
  readonly read: () => AsyncIterable<readonly ReadItem[]>
  /** Names of what is read, for the card. */
  readonly from: readonly string[]
  /** Where the set is written; without it only the report is made. */
  readonly store: WritableStore | undefined
}

/** How many records, by what, by which quota (`quotaName`: as it was asked for) and seed. */
export interface MixOptions {
  readonly n: number
  readonly by: MixBy
  readonly quota: Quota
  readonly quotaName: string
  readonly seed: number
}

/** What `mix --json` prints. Keys are stable. */
export interface MixReport extends MixFaults {
  readonly version: 1
  readonly n: number
  readonly by: MixBy
  readonly quota: string
  readonly seed: number
  /** Records read. */
  readonly records: number
  /** Records of the set. */
  readonly taken: number
  /** Records that were left out for another one of the same content. */
  readonly copies: number
  /** Why there are fewer than `n`. */
  readonly short: string | null
  readonly labels: readonly MixedLabel[]
  /** Where the set lies; null where nothing was written. */
  readonly out: string | null
}

/**
 * Makes a final set: reads everything twice, once to choose and once to take what was chosen, and writes it in the order of the
 * draw, so that its first records are a smaller set of the same kind. Which records are chosen depends on their content,
 * labels and the seed alone, not on the order of files or lines. Holds `n` candidates a wanted label, and no record.
 * Rejects with `config-invalid` for a place that is not empty, `source-missing` where nothing can be chosen, and with the error of
 * a file that cannot be read.
 */
export async function mixDataset ({ read, from, store }: MixParts, options: MixOptions): Promise<MixReport> {
  if (store !== undefined) await checkEmpty(store)
  const { n, by, quota, quotaName, seed } = options
  const faults: MixFaults = { invalid: 0, examples: [] }
  const candidates = createCandidates(options)
  const seen = new Map<string, number>()
  let records = 0
  for await (const { key, record } of eachRecord(read, faults)) {
    records++
    const labels = labelsOf(record, by)
    for (const label of labels) count(seen, label)
    candidates.add(key, labels)
  }
  const choice = chooseMix(candidates.groups(), quota, n)
  if (choice.chosen.length === 0) throw new GemlineError('source-missing', `${from.join(', ')}: of ${records} records none is wanted by the quota ${quotaName}`)
  const gathered = await gatherRecords(eachRecord(read, { invalid: 0, examples: [] }), choice.chosen)
  try {
    const made = { command: 'mix', from, options: { n, by, quota: quotaName, seed, labels: Object.fromEntries(choice.labels.map(({ label, ...rest }) => [label, rest])) } }
    const had = store === undefined ? countLabels(gathered, by) : await writeSet(store, { made, gathered, by })
    return {
      version: 1, n, by, quota: quotaName, seed, records, ...faults, taken: choice.chosen.length, copies: gathered.copies,
      short: shortfallOf(choice, quota, n) ?? null, labels: reportMix(choice, { by, seen, had }), out: store?.url ?? null
    }
  } finally {
    gathered.close()
  }
}

async function * eachRecord (read: MixParts['read'], faults: MixFaults): AsyncGenerator<KeyedRecord> {
  for await (const items of read()) yield * keyedRecords(items, faults)
}

interface Writing { readonly made: Parameters<typeof createDatasetWriter>[1], readonly gathered: Gathered, readonly by: MixBy }

async function writeSet (store: WritableStore, { made, gathered, by }: Writing): Promise<Map<string, number>> {
  const writer = await createDatasetWriter(store, made)
  const had = new Map<string, number>()
  try {
    for (const record of gathered.records()) {
      for (const label of labelsOf(record, by)) count(had, label)
      await writer.accept(record)
    }
    await writer.close()
    return had
  } catch (error) {
    await writer.abort()
    throw error
  }
}

function countLabels (gathered: Gathered, by: MixBy): Map<string, number> {
  const had = new Map<string, number>()
  for (const record of gathered.records()) for (const label of labelsOf(record, by)) count(had, label)
  return had
}

const MOST_COUNTED = 1_000

function count (counts: Map<string, number>, label: string): void {
  if (counts.has(label) || counts.size < MOST_COUNTED) counts.set(label, (counts.get(label) ?? 0) + 1)
}
