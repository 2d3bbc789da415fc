import type { ByteStore, WritableStore } from '../engine/connector.js'
import type { Logger } from '../engine/operator.js'
import type { TransportAnswer } from './chat-model.js'
import { createAppendWriter } from './journal-append.js'
import { loadJournal, readJournaled, type JournalIndex } from './journal-index.js'
import { encodeRecord, HEADER_BYTES } from './journal-record.js'
import { createSegmentWriter } from './journal-segments.js'
import type { JournalWriter, JournalWriterOptions } from './journal-writer.js'
import { realTimers, type Timers } from './timers.js'

/** Where answers are written down, and where known ones are looked up. */
export interface JournalOptions {
  /** Where this run writes; what earlier attempts of it left there is read too. */
  readonly store: WritableStore
  /** Older runs whose answers may be used again; of two answers to one request the first counts. */
  readonly from?: readonly ByteStore[]
  /** Unique for each process and attempt, so that two writers never share a segment. */
  readonly nonce: string
  readonly log: Logger
  readonly timers?: Timers
}

/** What became of the requests that asked the journal, and of what was written to it. */
export interface JournalStats {
  readonly hits: number
  readonly misses: number
  /** Asked while the same request was in flight. */
  readonly joined: number
  readonly written: number
  /** Of the records written, compressed, with headers. */
  readonly bytes: number
  /** Segments whose end was cut or damaged. */
  readonly torn: number
}

/** An answer and where it came from: the journal, a call in flight that somebody else made, or a call of one's own. */
export interface Journaled { readonly answer: TransportAnswer, readonly from: 'journal' | 'flight' | 'call' }

/** Every model response by request key, kept per split, so that no token is paid for twice. */
export interface Journal {
  /** The answer of an earlier call. Reads the listing and segments of the split on its first use. */
  lookup (split: string, key: string): Promise<TransportAnswer | undefined>
  /** Hands an answer over; it need not be durable yet. Waits only while too much is on its way. Rejects with `store-failed`. */
  write (split: string, key: string, answer: TransportAnswer): Promise<void>
  /** The answer from the journal, from the same call in flight, or from `produce`, which is then journaled. */
  once (split: string, key: string, produce: () => Promise<TransportAnswer>): Promise<Journaled>
  /** Resolves when every answer of the split is durable. No commit before it. Rejects with `store-failed`. */
  flush (split: string): Promise<void>
  /** Flushes, then forgets the split and its index. */
  close (split: string): Promise<void>
  /** Closes every split. */
  end (): Promise<void>
  stats (): JournalStats
}

interface SplitState {
  readonly split: string
  readonly index: JournalIndex
  readonly flights: Map<string, Promise<TransportAnswer>>
  readonly writing: Set<Promise<void>>
  writer: JournalWriter | undefined
  nextSegment: number
}

type Counts = { -readonly [name in keyof JournalStats]: JournalStats[name] }

interface Book { readonly options: JournalOptions, readonly splits: Map<string, Promise<SplitState>>, readonly counts: Counts }

/** What may be on its way to the store for one split. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024

/**
 * Journal on a store, in `journal/<split>/<nonce>-<n>`. A store that appends gets each answer at once, any other a segment
 * after 1 s or 4 MB. A torn tail is tolerated, counted and logged. Memory: an index entry per answer of the open splits.
 */
export function createJournal (options: JournalOptions): Journal {
  const book: Book = { options, splits: new Map(), counts: { hits: 0, misses: 0, joined: 0, written: 0, bytes: 0, torn: 0 } }
  return {
    lookup: async (split, key) => await lookup(book, await splitOf(book, split), key),
    write: async (split, key, answer) => await write(book, await splitOf(book, split), { key, answer }),
    once: async (split, key, produce) => await once(book, await splitOf(book, split), { key, produce }),
    flush: split => flush(book, split),
    close: split => close(book, split),
    async end () { await Promise.all([...book.splits.keys()].map(split => close(book, split))) },
    stats: () => ({ ...book.counts })
  }
}

function splitOf (book: Book, split: string): Promise<SplitState> {
  const known = book.splits.get(split)
  if (known !== undefined) return known
  const opened = openSplit(book, split)
  book.splits.set(split, opened)
  // A listing that failed must not answer for ever.
  opened.catch(() => book.splits.delete(split))
  return opened
}

async function openSplit ({ options: { store, from = [], nonce, log }, counts }: Book, split: string): Promise<SplitState> {
  const own = await loadJournal(store, split, log)
  const { index } = own
  counts.torn += own.torn
  for (const older of from) {
    const loaded = await loadJournal(older, split, log)
    counts.torn += loaded.torn
    for (const [key, place] of loaded.index) if (!index.has(key)) index.set(key, place)
  }
  // A split that was closed and is used again must not write into a segment it left.
  const prefix = `journal/${split}/${nonce}-`
  const numbers = own.paths.filter(path => path.startsWith(prefix)).map(path => Number(path.slice(prefix.length)))
  return { split, index, flights: new Map(), writing: new Set(), writer: undefined, nextSegment: Math.max(-1, ...numbers) + 1 }
}

async function lookup ({ options, counts }: Book, state: SplitState, key: string): Promise<TransportAnswer | undefined> {
  const answer = await readJournaled(state.index, key, options.log)
  if (answer === undefined) counts.misses++
  else counts.hits++
  return answer
}

async function write (book: Book, state: SplitState, entry: { key: string, answer: TransportAnswer }): Promise<void> {
  const written = writeAnswer(book, state, entry).finally(() => state.writing.delete(written))
  state.writing.add(written)
  await written
}

async function writeAnswer ({ options, counts }: Book, state: SplitState, { key, answer }: { key: string, answer: TransportAnswer }): Promise<void> {
  const record = await encodeRecord(key, answer)
  const writer = state.writer ??= openWriter(state, options)
  const written = writer.add(record)
  state.index.set(key, { record: written, offset: written.offset + HEADER_BYTES, length: record.length - HEADER_BYTES })
  counts.written++
  counts.bytes += record.length
  await writer.safe()
  if (writer.pendingBytes() > MAX_PENDING_BYTES) await writer.flush()
}

function openWriter (state: SplitState, { store, nonce, timers = realTimers }: JournalOptions): JournalWriter {
  const options: JournalWriterOptions = { store, timers, nextPath: () => `journal/${state.split}/${nonce}-${state.nextSegment++}` }
  return store.append === undefined ? createSegmentWriter(options) : createAppendWriter(options)
}

async function once (book: Book, state: SplitState, { key, produce }: { key: string, produce: () => Promise<TransportAnswer> }): Promise<Journaled> {
  const flight = state.flights.get(key)
  if (flight !== undefined) {
    book.counts.joined++
    return { answer: await flight, from: 'flight' }
  }
  let from: Journaled['from'] = 'journal'
  const own = lookup(book, state, key).then(async found => {
    if (found !== undefined) return found
    from = 'call'
    const answer = await produce()
    await write(book, state, { key, answer })
    return answer
  }).finally(() => state.flights.delete(key))
  state.flights.set(key, own)
  return { answer: await own, from }
}

async function flush (book: Book, split: string): Promise<void> {
  const state = await book.splits.get(split)
  if (state === undefined) return
  await Promise.allSettled(state.writing)
  await state.writer?.flush()
}

async function close (book: Book, split: string): Promise<void> {
  const state = await book.splits.get(split)
  if (state === undefined) return
  await Promise.allSettled(state.writing)
  book.splits.delete(split)
  await state.writer?.close()
}
