import type { Readable } from 'node:stream'
import type { SourceItem } from './envelope.js'

/** An object of a store. `etag` changes whenever the content does. */
export interface ObjectInfo {
  /** Path below the root of the store, with `/`, never starting with one. */
  readonly path: string
  readonly bytes: number
  readonly etag: string
}

/** Which bytes of an object are wanted, and of which version of it. */
export interface ReadOptions {
  /** First byte, from 0. */
  readonly start?: number
  /** First byte not wanted; default the end. */
  readonly end?: number
  /** Rejects with `object-changed` unless the object still has this etag. */
  readonly ifMatch?: string
  readonly signal?: AbortSignal
}

/**
 * Where bytes lie. All paths are relative to the root. Rejects with `object-missing` where an object is not there,
 * `object-changed` for a failed `ifMatch`, `store-failed` for everything else (message with full URL, never a secret).
 */
export interface ByteStore {
  /** Root for people: `file:///…`, `s3://bucket/prefix`, `https://host/path`. Without credentials or query. */
  readonly url: string
  /** All objects whose path starts with `prefix`, in byte order of the path, page by page. */
  list (prefix: string, signal?: AbortSignal): AsyncIterable<ObjectInfo>
  /** Undefined where there is no such object. */
  stat (path: string, signal?: AbortSignal): Promise<ObjectInfo | undefined>
  /** The bytes of a range, exactly as many as asked for. */
  read (path: string, options?: ReadOptions): Promise<Uint8Array>
  /** The whole object, or a range of it, as a stream with back-pressure. */
  stream (path: string, options?: ReadOptions): Promise<Readable>
}

/** A store that can be written to. */
export interface WritableStore extends ByteStore {
  /** Creates the object whole or not at all; `false` if one was there, which is left as it was. Durable on return. */
  create (path: string, bytes: Uint8Array): Promise<boolean>
  /** Replaces or creates. For reports and other things nobody builds on. */
  put (path: string, bytes: Uint8Array): Promise<void>
  /** A new object of unknown length; visible only after `close`. */
  open (path: string): Promise<ObjectWriter>
  /** No error where there is none. */
  remove (path: string): Promise<void>
  /** Stores with a true append (disks): a file whose appends each reach the kernel at once. */
  append? (path: string): Promise<Appender>
}

/** A growing object. Waiting for `write` is the back-pressure. */
export interface ObjectWriter {
  write (bytes: Uint8Array): Promise<void>
  /** Makes it visible and durable. */
  close (): Promise<void>
  /** Leaves nothing behind, best effort. */
  abort (): Promise<void>
}

/** A file that grows. What was appended outlives the process, and after `sync` the machine. */
export interface Appender {
  append (bytes: Uint8Array): Promise<void>
  /** Flushes to the device. */
  sync (): Promise<void>
  close (): Promise<void>
}

/** One unit of lease and commit: a range of rows of one file. Plain data, stands in the plan. */
export interface Split {
  /** hash(source, path, rowGroup, row range, chosen rows if not all): the same whatever the config. */
  readonly id: string
  /** Place in the plan, from 0. */
  readonly ordinal: number
  readonly source: string
  readonly path: string
  readonly etag: string
  readonly bytes: number
  /** Row group of a Parquet file, else 0. */
  readonly rowGroup: number
  /** Rows [from, to) inside the row group, or inside the file where there are none. */
  readonly from: number
  readonly to: number
  /** Byte where row `from` starts, in files that can be entered there. */
  readonly offset?: number
  /** Only these rows are read, ascending, within [from, to); all of them where there is no list. */
  readonly rows?: readonly number[]
}

/** How many rows of its file are read for a split. */
export function rowsOfSplit ({ from, to, rows }: Pick<Split, 'from' | 'to' | 'rows'>): number {
  return rows?.length ?? to - from
}

/** Where the count of records begins, and what ends the reading early. */
export interface SourceReadOptions {
  readonly signal: AbortSignal
  /** Sequence of the first record that is given. */
  readonly firstSequence: number
}

/** Where records come from. Lazy: nothing is read before it is pulled. */
export interface Source<T> {
  readonly name: string
  /** Standard input: its splits are cut as it comes, follow one another without end, and the last one is short. */
  readonly endless?: boolean
  /** The splits of everything there is, files in path order. Reads listings and footers only. */
  plan (signal: AbortSignal): AsyncIterable<Split>
  /** The records of the given splits, in order, in batches of 64 to 256; after each split its SplitEnd, with `error` if it could not be read. */
  read (splits: Iterable<Split> | AsyncIterable<Split>, options: SourceReadOptions): AsyncIterable<ReadonlyArray<SourceItem<T>>>
}

/** What a finished shard is, for the commit record. */
export interface ShardInfo {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** Of the object as it lies in the store, hex. */
  readonly sha256: string
  /** Of the uncompressed JSON lines, hex; the same on every machine. */
  readonly contentSha256: string
}

/** Writes records into one object. */
export interface ShardWriter {
  write (records: readonly object[]): Promise<void>
  close (): Promise<ShardInfo>
  abort (): Promise<void>
}

/** Where records go: a file format over a writable store. */
export interface Sink {
  /** Ending of its files, with the dot: `.jsonl.gz`, `.parquet`. */
  readonly extension: string
  /** Starts the shard at `path` (without the ending). */
  open (store: WritableStore, path: string): Promise<ShardWriter>
}
