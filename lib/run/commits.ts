import type { ByteStore, Split } from '../engine/connector.js'
import type { KeyIndex } from '../dedup/key-index.js'
import { claimSplitKeys } from '../dedup/split-keys.js'
import type { Commit } from './commit-record.js'
import type { Ledger } from './ledger.js'

const READS_AT_ONCE = 32

/** The commits of these splits, in their order; some are read ahead, never more than 32. */
export async function * readCommits (ledger: Ledger, splits: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Commit> {
  const ahead: Array<Promise<Commit>> = []
  for await (const split of splits) {
    const commit = ledger.read(split)
    commit.catch(() => {})
    ahead.push(commit)
    if (ahead.length >= READS_AT_ONCE) yield await (ahead.shift() as Promise<Commit>)
  }
  for (const commit of ahead) yield await commit
}

/** Of these splits those that are done. */
export async function * onlyDone (splits: AsyncIterable<Split>, done: ReadonlySet<string>): AsyncGenerator<string> {
  for await (const { id } of splits) if (done.has(id)) yield id
}

/** Enters the keys of all finished splits, so that what follows knows their texts and results. */
export async function claimDone (store: ByteStore, commits: AsyncIterable<Commit>, indexes: { readonly texts?: KeyIndex, readonly results?: KeyIndex }): Promise<void> {
  for await (const { attempt, ordinal } of commits) {
    if (attempt.keys === undefined) continue
    claimSplitKeys(await store.read(attempt.keys), indexes, { ordinal, where: `${store.url}/${attempt.keys}` })
  }
}
