import { GemlineError } from '../../engine/errors.js'
import { createSpill, type Spill, type SpillRef } from '../../engine/spill.js'
import { canonicalJson, sha256 } from '../../run/canonical.js'
import type { TrajectoryRecord } from '../../schema/trajectory-record.js'
import { openRecord } from '../check-record.js'
import type { ReadItem } from '../read-records.js'
import type { Candidate } from './mix-candidates.js'

/** A record of the sets that are mixed, with the key of its content: equal text and equal trajectory, equal key. */
export interface KeyedRecord {
  readonly key: string
  readonly record: TrajectoryRecord
}

/** Lines that are no record. */
export interface MixFaults {
  invalid: number
  /** The first of them, as `file:line: reason`. */
  readonly examples: string[]
}

const MOST_EXAMPLES = 5

/**
 * The records of some items. A line that is none is counted and left out. Throws the error of a file that cannot be read:
 * what is chosen hangs on all of them.
 */
export function * keyedRecords (items: readonly ReadItem[], faults: MixFaults): Generator<KeyedRecord> {
  for (const item of items) {
    if (item.kind === 'unreadable') throw item.error
    const opened = item.kind === 'record' ? openRecord(item.value) : item
    if ('record' in opened) {
      const { record, trajectory } = opened
      yield { record, key: sha256(canonicalJson([record.textKey, trajectory])) }
      continue
    }
    faults.invalid++
    if (faults.examples.length < MOST_EXAMPLES) faults.examples.push(`${item.file}:${item.line}: ${opened.problem}`)
  }
}

/** The records of chosen contents, in a temporary file until all have come. Whoever gathers closes it. */
export interface Gathered {
  /** Records that another one of the same content was preferred to. */
  readonly copies: number
  /** In the order of the choice. */
  records (): Generator<TrajectoryRecord>
  close (): void
}

/**
 * Takes the record of each chosen content out of a second reading; of copies the one with the smallest id, of those that
 * share it the one with the smallest hash, whatever came first. Rejects with `object-changed` where one is not there any more.
 */
export async function gatherRecords (records: AsyncIterable<KeyedRecord>, chosen: readonly Candidate[]): Promise<Gathered> {
  const spill = createSpill()
  try {
    const found = new Map<string, Found | undefined>(chosen.map(({ key }) => [key, undefined]))
    let copies = 0
    for await (const { key, record } of records) {
      if (!found.has(key)) continue
      const before = found.get(key)
      if (before !== undefined) copies++
      if (before === undefined || isPreferred(record, before)) found.set(key, keep(spill, record))
    }
    const refs = chosen.map(({ key }) => found.get(key)?.ref)
    const gone = refs.filter(ref => ref === undefined).length
    if (gone > 0) throw new GemlineError('object-changed', `${gone} of ${chosen.length} chosen records were not there when they were read again; mix sets that nobody writes to`)
    return { copies, records: () => readBack(spill, refs as SpillRef[]), close: () => spill.close() }
  } catch (error) {
    spill.close()
    throw error
  }
}

interface Found { readonly id: string, readonly hash: string, readonly ref: SpillRef }

function keep (spill: Spill, record: TrajectoryRecord): Found {
  return { id: record.id, hash: sha256(canonicalJson(record)), ref: spill.write(record) }
}

function isPreferred (record: TrajectoryRecord, { id, hash }: Found): boolean {
  return record.id === id ? sha256(canonicalJson(record)) < hash : record.id < id
}

function * readBack (spill: Spill, refs: readonly SpillRef[]): Generator<TrajectoryRecord> {
  for (const ref of refs) yield spill.read(ref) as TrajectoryRecord
}
