import type { ByteStore, Split } from '../engine/connector.js'
import type { KeyIndex } from '../dedup/key-index.js'
import { claimSplitKeys } from '../dedup/split-keys.js'
import type { Commit } from './commit-record.js'
import type { Ledger } from './ledger.js'
import { readAhead } from './read-ahead.js'

/** The commits of these splits, in their order; some are read ahead. */
export function readCommits (ledger: Ledger, splits: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Commit> {
  return readAhead(splits, split => ledger.read(split))
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
