import type { ShardInfo, ShardWriter, Sink, WritableStore } from '../engine/connector.js'

/** A shard that exists only if something is written to it. */
export interface LazyShard {
  write (records: readonly object[]): Promise<void>
  /** Undefined where nothing was written. */
  close (): Promise<ShardInfo | undefined>
  /** Leaves nothing behind, best effort. */
  abort (): Promise<void>
}

/** Opens `path` of the sink with the first record. */
export function createLazyShard (sink: Sink, store: WritableStore, path: string): LazyShard {
  let writer: ShardWriter | undefined
  return {
    async write (records) {
      if (records.length === 0) return
      writer ??= await sink.open(store, path)
      await writer.write(records)
    },
    async close () { return await writer?.close() },
    async abort () { await writer?.abort().catch(() => {}) }
  }
}
