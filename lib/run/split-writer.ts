import { randomBytes } from 'node:crypto'
import { checkBooks, enterBooks, openBooks, READ, SEEN } from '../engine/books.js'
import type { ShardInfo, Split } from '../engine/connector.js'
import type { Ended, Settlement, SplitEnd } from '../engine/envelope.js'
import type { GemlineError } from '../engine/errors.js'
import { packSplitKeys, type PlacedKey } from '../dedup/split-keys.js'
import { sha256 } from './canonical.js'
import type { Commit, StageUsage } from './commit-record.js'
import type { CommitterOptions, Rejects } from './committer.js'
import { createLazyShard, type LazyShard } from './lazy-shard.js'
import { addUsage } from './usage.js'

/** One split being written: its shards, its books, its keys. A class because all of it is one state that ends once. */
export class SplitWriter<T> {
  readonly #options: CommitterOptions<T>
  readonly #split: Split
  readonly #nonce = randomBytes(6).toString('hex')
  readonly #books
  readonly #usage: StageUsage = {}
  readonly #keys = { texts: [] as PlacedKey[], results: [] as PlacedKey[] }
  readonly #data: LazyShard
  readonly #rejects: LazyShard
  readonly #startedAt: string

  constructor (options: CommitterOptions<T>, split: Split) {
    this.#options = options
    this.#split = split
    this.#books = openBooks(options.operators)
    this.#data = createLazyShard(options.data, options.store, `data/${this.#name}`)
    this.#rejects = createLazyShard(options.rejectsSink, options.store, `rejects/${this.#name}`)
    this.#startedAt = options.now().toISOString()
  }

  async write (settlements: ReadonlyArray<Settlement<T>>): Promise<void> {
    const { toRecord, toReject, rejects } = this.#options
    enterBooks(this.#books, settlements)
    for (const settlement of settlements) {
      addUsage(this.#usage, settlement)
      this.#collectKeys(settlement)
    }
    await this.#data.write(settlements.flatMap(settlement => settlement.accepted.map(result => toRecord(result, settlement))))
    await this.#rejects.write(settlements.flatMap(settlement => settlement.ended.filter(ended => wanted(ended, rejects)).map(ended => toReject(ended, settlement))))
  }

  /** Closes the objects, waits for the journal, and makes the split done, unless somebody else has. */
  async commit (end: SplitEnd): Promise<void> {
    const { ledger, flushJournal, onCommit } = this.#options
    checkBooks(this.#books)
    const data = await this.#data.close()
    const rejects = await this.#rejects.close()
    const keys = await this.#writeKeys()
    await flushJournal(this.#split.id)
    const mine = this.#record(end, { data, rejects, keys })
    const holds = await ledger.commit(mine)
    if (holds.attempt.nonce !== this.#nonce) await this.#removeLost(mine, holds)
    onCommit?.(holds)
  }

  async giveUp (error: GemlineError): Promise<void> {
    await this.abort()
    this.#options.onSplitFailed?.(this.#split, error)
  }

  async abort (): Promise<void> {
    await this.#data.abort()
    await this.#rejects.abort()
  }

  get #name (): string { return `${this.#split.id}-${this.#nonce}` }

  #record (end: SplitEnd, written: { readonly data?: ShardInfo, readonly rejects?: ShardInfo, readonly keys?: KeyFile }): Commit {
    const { id, ordinal, source, path, rowGroup, from, to, rows } = this.#split
    const { worker, now } = this.#options
    const { data, rejects, keys } = written
    return {
      version: 1, split: id, ordinal,
      source: { name: source, path, rowGroup },
      result: {
        rows: [from, end.to ?? to], chosen: rows?.length, data: infoOf(data), rejects: infoOf(rejects), keysSha256: keys?.sha256,
        books: this.#books, usage: this.#usage
      },
      attempt: {
        nonce: this.#nonce, data: data?.path, rejects: rejects?.path, keys: keys?.path,
        worker, startedAt: this.#startedAt, endedAt: now().toISOString()
      }
    }
  }

  /** Keys of every text that could be read and is no twin, and of every accepted result: what a twin owns is not its own. */
  #collectKeys (settlement: Settlement<T>): void {
    const { contentKeyOf } = this.#options
    if (contentKeyOf === undefined) return
    const row = settlement.origin.row - this.#split.from
    if (!isTextless(settlement.ended[0]?.stage)) this.#keys.texts.push({ key: settlement.key, row, child: 0 })
    settlement.accepted.forEach((result, child) => this.#keys.results.push({ key: contentKeyOf(result.value), row, child }))
  }

  async #writeKeys (): Promise<KeyFile | undefined> {
    if (this.#options.contentKeyOf === undefined) return undefined
    const packed = packSplitKeys(this.#keys)
    const path = `keys/${this.#name}`
    await this.#options.store.put(path, packed)
    return { path, sha256: sha256(packed) }
  }

  /** Removes only what the winning record does not name. */
  async #removeLost (mine: Commit, holds: Commit): Promise<void> {
    const { store, log } = this.#options
    log.warn({ split: mine.split, winner: holds.attempt.worker }, 'another worker had committed this split; its result holds')
    const named = [holds.attempt.data, holds.attempt.rejects, holds.attempt.keys]
    for (const path of [mine.attempt.data, mine.attempt.rejects, mine.attempt.keys]) {
      if (path !== undefined && !named.includes(path)) await store.remove(path).catch(error => log.warn({ path, error: String(error) }, 'an object that lost its race stays behind'))
    }
  }
}

function isTextless (stage: string | undefined): boolean {
  return stage === READ || stage === SEEN
}

interface KeyFile { readonly path: string, readonly sha256: string }

function wanted (ended: Ended, rejects: Rejects): boolean {
  return rejects === 'full' || (rejects === 'errors' && ended.kind === 'reject')
}

function infoOf (shard: ShardInfo | undefined): Omit<ShardInfo, 'path'> | undefined {
  if (shard === undefined) return undefined
  const { rows, bytes, sha256, contentSha256 } = shard
  return { rows, bytes, sha256, contentSha256 }
}
