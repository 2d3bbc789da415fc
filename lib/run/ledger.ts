import type { WritableStore } from '../engine/connector.js'
import { GemlineError } from '../engine/errors.js'
import { commitSchema, type Commit } from './commit-record.js'

/** The truth about what is done: one create-only object a split. */
export interface Ledger {
  /** Ids of the splits that are done. One listing. */
  done (): Promise<ReadonlySet<string>>
  /** Rejects with `plan-invalid` if the record is damaged. */
  read (split: string): Promise<Commit>
  /** Makes the split done, unless somebody else has: then gives the commit that holds. */
  commit (commit: Commit): Promise<Commit>
}

const FOLDER = 'commit/'
const READ_ATTEMPTS = 3

/** The ledger in a store. Safe for as long as `create` of that store refuses the second writer. */
export function createLedger (store: WritableStore): Ledger {
  async function read (split: string): Promise<Commit> {
    const path = pathOf(split)
    const bytes = await store.read(path)
    try {
      return commitSchema.parse(JSON.parse(Buffer.from(bytes).toString()))
    } catch (error) {
      throw new GemlineError('plan-invalid', `${store.url}/${path} is no commit record of this version: ${(error as Error).message.slice(0, 200)}`, { cause: error })
    }
  }

  return {
    read,
    async done () {
      const ids = new Set<string>()
      for await (const { path } of store.list(FOLDER)) if (path.endsWith('.json')) ids.add(path.slice(FOLDER.length, -'.json'.length))
      return ids
    },
    async commit (commit) {
      const bytes = Buffer.from(JSON.stringify(commit) + '\n')
      for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
        if (await store.create(pathOf(commit.split), bytes)) return commit
        const winner = await read(commit.split).catch(ignoreMissing)
        if (winner !== undefined) return winner
      }
      throw new GemlineError('store-failed', `${store.url}/${pathOf(commit.split)} can neither be created nor read`)
    }
  }
}

function pathOf (split: string): string {
  return `${FOLDER}${split}.json`
}

function ignoreMissing (error: unknown): undefined {
  if (error instanceof GemlineError && error.code === 'object-missing') return undefined
  throw error
}
