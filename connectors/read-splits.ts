import type { SourceReadOptions, Split } from '../lib/engine/connector.js'
import type { SourceItem, SplitEnd } from '../lib/engine/envelope.js'
import { GemlineError } from '../lib/engine/errors.js'
import type { Document } from '../lib/schema/document.js'
import { createGrouper } from './group-rows.js'
import type { Row, RowMapping } from './presets.js'
import { createRowReader, type RowReaderOptions } from './row-to-document.js'

/** A row of a file, or why it is none. `row` counts from 0 as in `Origin`. */
export type RawRow =
  | { readonly row: number, readonly value: Row }
  | { readonly row: number, readonly problem: string }

/**
 * What a format of files brings to the reading of splits: rows in order, how they become documents, and when none will
 * come any more.
 */
export interface SplitReaderOptions extends RowReaderOptions {
  readonly mapping: RowMapping
  /** The rows of a split, some at a time, in order. Whatever it throws ends the split, or the run, by the error's scope. */
  readonly rows: (split: Split, signal: AbortSignal) => AsyncIterable<readonly RawRow[]>
  /** Asked after each split: nothing will come any more, so no further split is taken. */
  readonly ended?: () => Promise<boolean>
  /** Called once when reading ends, however it ends. */
  readonly close?: () => Promise<void>
  /** Hands on what has come instead of waiting for a full batch: for standard input. */
  readonly eager?: boolean
}

type Item = SourceItem<Document>
type Splits = Iterable<Split> | AsyncIterable<Split>

/** Largest batch that a source gives; smaller ones come at the end of a split. */
export const BATCH_ROWS = 256

/**
 * The documents of the splits, in batches, after each split its end: the part of reading that all sources share.
 * Rejects with `run-cancelled` once the signal fires, and with errors whose scope is the run.
 */
export async function * readSplits (splits: Splits, options: SplitReaderOptions, read: SourceReadOptions): AsyncGenerator<readonly Item[]> {
  let firstSequence = read.firstSequence
  let before: ReadEnd | undefined
  try {
    for await (const split of splits) {
      throwIfCancelled(read.signal)
      // A stream that broke has no further splits either. Asked once there is a further one: nobody waits for what is not wanted.
      if (before !== undefined && options.ended !== undefined && (before.failed || await options.ended())) return
      before = yield * readToEnd({ split, firstSequence }, options, read.signal)
      firstSequence += before.rows
    }
  } finally {
    await options.close?.()
  }
}

interface ReadEnd { readonly rows: number, readonly failed: boolean }

/** Gives the batches of a split and its end; returns how many records there were, and whether it broke off. */
async function * readToEnd (start: SplitStart, options: SplitReaderOptions, signal: AbortSignal): AsyncGenerator<readonly Item[], ReadEnd> {
  const { split } = start
  const progress = { next: split.from }
  let rows = 0
  let error: GemlineError | undefined
  try {
    checkChosen(split, options)
    for await (const batch of readSplit({ ...start, progress }, options, signal)) {
      rows += batch.length
      yield batch
    }
  } catch (thrown) {
    error = splitError(thrown, split, { ...options, signal })
  }
  // A stream that was over before this split began has no such split.
  if (rows === 0 && error === undefined && await options.ended?.() === true) return { rows, failed: false }
  const isShort = options.ended !== undefined && progress.next < split.to
  const end: SplitEnd = { kind: 'split-end', split: split.id, rows, ...(isShort ? { to: progress.next } : {}), ...(error === undefined ? {} : { error }) }
  yield [end]
  return { rows, failed: error !== undefined }
}

interface SplitStart { readonly split: Split, readonly firstSequence: number }

/** Where documents are made of several rows, some of the rows are parts of documents. */
function checkChosen ({ from, to, path, rows }: Split, { mapping }: SplitReaderOptions): void {
  if (rows === undefined) return
  if (mapping.groupKey !== undefined) throw new GemlineError('config-invalid', `${path}: only some of its rows were chosen, but this preset makes one document of several rows; read the whole source, or one with a document a row`)
  const isInside = rows.every((row, at) => row >= (at === 0 ? from : (rows[at - 1] as number) + 1) && row < to)
  if (!isInside) throw new GemlineError('plan-invalid', `${path}: the chosen rows do not ascend within ${from} to ${to}`)
}

/** `progress` is told the row behind the last that was read. */
async function * readSplit ({ split, firstSequence, progress }: SplitStart & { readonly progress: { next: number } }, options: SplitReaderOptions, signal: AbortSignal): AsyncGenerator<readonly Item[]> {
  const reader = createRowReader(split, options)
  const grouper = createGrouper(options.mapping, reader, options.maxTextBytes)
  let sequence = firstSequence
  let batch: Item[] = []
  const collect = (item: Item | undefined) => {
    if (item === undefined) return
    batch.push(item)
    sequence++
  }
  for await (const some of options.rows(split, signal)) {
    throwIfCancelled(signal)
    for (const raw of some) {
      progress.next = raw.row + 1
      collect(grouper.add(raw, sequence))
      if (batch.length >= BATCH_ROWS) {
        yield batch
        batch = []
      }
    }
    if (options.eager === true && batch.length > 0) {
      yield batch
      batch = []
    }
  }
  collect(grouper.flush(sequence))
  if (batch.length > 0) yield batch
}

/** Rejects with `run-cancelled` (or the GemlineError that is the signal's reason) once the signal fired. */
export function throwIfCancelled (signal: AbortSignal): void {
  if (!signal.aborted) return
  if (signal.reason instanceof GemlineError) throw signal.reason
  throw new GemlineError('run-cancelled', 'reading was stopped', { cause: signal.reason })
}

function splitError (thrown: unknown, split: Split, { locate, signal }: SplitReaderOptions & { signal: AbortSignal }): GemlineError {
  throwIfCancelled(signal)
  const where = locate(split, split.from)
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  if (!(thrown instanceof GemlineError)) return new GemlineError('split-unreadable', `${where}: ${reason}`, { cause: thrown })
  if (thrown.code === 'object-changed' || thrown.code === 'object-missing') {
    return new GemlineError('source-changed', `${where}: ${reason}`, { cause: thrown })
  }
  if (thrown.scope === 'run') throw thrown
  return thrown
}
