import { Readable } from 'node:stream'
import { compareBytes } from '../../../connectors/store-support.js'
import { byChild } from '../../engine/settlement-in-making.js'
import { GemlineError } from '../../engine/errors.js'
import { readRecords, type ReadItem, type ReadRecordsOptions } from '../read-records.js'
import type { FoundOutput } from './find-output.js'
import { openAccepted, openEnded, type Line } from './open-line.js'

/** What became of a document or of one of its children, as its line says; or a line or file that cannot be read, and why. */
export type OutcomeItem = Line & { readonly file: string, readonly line: number } | Fault

/** A line that is no record, or a file (then without `line`) that cannot be read. */
export interface Fault {
  readonly kind: 'fault'
  readonly file: string
  readonly line?: number
  readonly problem: string
}

/** Which lines are read, and what ends the reading early. */
export interface ReadOutcomesOptions extends Pick<ReadRecordsOptions, 'signal' | 'holding'> {
  /** Default both. */
  readonly part?: 'data' | 'rejects'
}

/**
 * The accepted records and the rejects of an output as one stream, each line opened. Where data and rejects are in plan
 * order, as a run and `revalidate` write them, so is the stream, and what became of one document stands together. Files
 * that are no output are read as data. Holds a batch of each. Rejects with `run-cancelled` once the signal fires.
 */
export async function * readOutcomes (output: FoundOutput, { part, ...options }: ReadOutcomesOptions): AsyncGenerator<OutcomeItem> {
  const data = part === 'rejects' ? none() : openEach(readPart(output, 'data', options), openAccepted)
  const rejects = part === 'data' || output.kind === 'files' ? none() : openEach(readPart(output, 'rejects', options), openEnded)
  yield * merge(data, rejects)
}

/** `readOutcomes` for what must be whole: rejects with `output-invalid` at the first line or file that cannot be read. */
export async function * readWhole (output: FoundOutput, options: ReadOutcomesOptions): AsyncGenerator<Exclude<OutcomeItem, Fault>> {
  for await (const item of readOutcomes(output, options)) {
    if (item.kind === 'fault') throw new GemlineError('output-invalid', `${placeOf(item)}: ${item.problem}`)
    yield item
  }
}

/** File and line for people. */
export function placeOf ({ file, line }: Pick<Fault, 'file' | 'line'>): string {
  return line === undefined ? file : `${file}:${line}`
}

type Outcomes = AsyncGenerator<OutcomeItem, void>

async function * none (): Outcomes {}

function readPart ({ name }: FoundOutput, part: 'data' | 'rejects', options: ReadOutcomesOptions): AsyncIterable<readonly ReadItem[]> {
  return readRecords([name], { ...options, part, stdin: Readable.from([]) })
}

async function * openEach (batches: AsyncIterable<readonly ReadItem[]>, open: (value: unknown) => Line | { readonly problem: string }): Outcomes {
  for await (const items of batches) for (const item of items) yield openItem(item, open)
}

function openItem (item: ReadItem, open: (value: unknown) => Line | { readonly problem: string }): OutcomeItem {
  if (item.kind === 'unreadable') return { kind: 'fault', file: item.file, problem: item.error.message }
  const { file, line } = item
  const opened = item.kind === 'broken' ? item : open(item.value)
  return 'problem' in opened ? { kind: 'fault', file, line, problem: opened.problem } : { ...opened, file, line }
}

/** The smaller of two heads first; faults at once. */
async function * merge (data: Outcomes, rejects: Outcomes): Outcomes {
  let [one, other] = [await data.next(), await rejects.next()]
  try {
    while (one.done !== true || other.done !== true) {
      if (other.done === true || (one.done !== true && compare(one.value, other.value) <= 0)) {
        yield (one as IteratorYieldResult<OutcomeItem>).value
        one = await data.next()
      } else {
        yield other.value
        other = await rejects.next()
      }
    }
  } finally {
    await data.return(undefined)
    await rejects.return(undefined)
  }
}

function compare (one: OutcomeItem, other: OutcomeItem): number {
  if (one.kind === 'fault') return -1
  if (other.kind === 'fault') return 1
  const [left, right] = [one.body.source, other.body.source]
  return compareBytes(left.path, right.path) || left.rowGroup - right.rowGroup || left.row - right.row || byChild(one.body, other.body)
}
