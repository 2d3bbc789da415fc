import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { ByteStore } from '../../lib/engine/connector.js'
import { createLedger } from '../../lib/run/ledger.js'

/** What a run wrote, without anything that may differ between two runs of the same plan. */
export interface RunOutput {
  readonly resultHash: string
  readonly splits: ReadonlyArray<{ readonly split: string, readonly ordinal: number, readonly result: object }>
  readonly totals: object
  /** sha256 of the plain lines, as read here, by split in order; empty where there is no shard. */
  readonly data: readonly string[]
  readonly rejects: readonly string[]
  /** sha256 of `report.html`. */
  readonly report: string
}

/** What the manifest of an output says, held against the objects themselves. Throws if any of them is not what its commit says. */
export async function readOutput (store: ByteStore): Promise<RunOutput> {
  const ledger = createLedger(store as Parameters<typeof createLedger>[0])
  const manifest = JSON.parse(Buffer.from(await store.read('manifest.json')).toString()) as Manifest
  const output = { data: [] as string[], rejects: [] as string[] }
  for (const { split, result } of manifest.splits) {
    const commit = await ledger.read(split)
    equal(commit.result, result, `${split}: manifest and commit`)
    for (const kind of ['data', 'rejects'] as const) output[kind].push(await checkShard(store, commit.attempt[kind], commit.result[kind]))
    equal(commit.attempt.keys === undefined ? undefined : hash(await store.read(commit.attempt.keys)), commit.result.keysSha256, `${split}: keys`)
  }
  const { resultHash, totals } = manifest
  return { resultHash, totals, splits: manifest.splits.map(({ split, ordinal, result }) => ({ split, ordinal, result })), ...output, report: hash(await store.read('report.html')) }
}

interface Manifest { readonly resultHash: string, readonly totals: object, readonly splits: ReadonlyArray<{ readonly split: string, readonly ordinal: number, readonly result: object }> }
type Shard = { readonly rows: number, readonly bytes: number, readonly sha256: string, readonly contentSha256: string } | undefined

async function checkShard (store: ByteStore, path: string | undefined, shard: Shard): Promise<string> {
  if (path === undefined || shard === undefined) {
    equal(path, shard, 'a shard and its path')
    return ''
  }
  const bytes = await store.read(path)
  const lines = gunzipSync(bytes)
  equal({ bytes: bytes.length, sha256: hash(bytes), contentSha256: hash(lines), rows: lines.toString().split('\n').length - 1 }, { bytes: shard.bytes, sha256: shard.sha256, contentSha256: shard.contentSha256, rows: shard.rows }, path)
  return hash(lines)
}

/** Objects below `data/`, `rejects/`, `keys/` and `stats/` that no commit names: what attempts left that did not come to their commit. */
export async function findOrphans (store: ByteStore): Promise<string[]> {
  const ledger = createLedger(store as Parameters<typeof createLedger>[0])
  const named = new Set<string | undefined>()
  for (const split of await ledger.done()) {
    const { attempt } = await ledger.read(split)
    for (const path of [attempt.data, attempt.rejects, attempt.keys, attempt.stats]) named.add(path)
  }
  const orphans: string[] = []
  for (const folder of ['data/', 'rejects/', 'keys/', 'stats/']) for await (const { path } of store.list(folder)) if (!named.has(path)) orphans.push(path)
  return orphans
}

function hash (bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function equal (found: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`)
}
