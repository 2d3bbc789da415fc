import { openStore } from '../../../connectors/open-store.js'
import { splitUri } from '../../../connectors/split-uri.js'
import { DEDUP, READ, SEEN } from '../../engine/books.js'
import type { ByteStore, WritableStore } from '../../engine/connector.js'
import { onlyDone, readCommits } from '../../run/commits.js'
import type { Commit } from '../../run/commit-record.js'
import { createLedger, type Ledger } from '../../run/ledger.js'
import { sumCommits, type Totals } from '../../run/manifest.js'
import { readPlan, readSplits, type Plan } from '../../run/plan.js'

/** What the output of a run says of itself beside its records. */
export interface RunFacts {
  /** Name of the corpus. */
  readonly source: string
  /** What decided the result, by config path. */
  readonly resultKeys: Plan['resultKeys']
  /** Splits of the plan; undefined where they were not planned (standard input). */
  readonly planned: number | undefined
  /** Sums over all commits. */
  readonly totals: Totals
}

/** The facts of a run at a place; undefined where the output of no run lies there. Rejects with `plan-invalid` where it is damaged. */
export async function readRun (name: string): Promise<RunFacts | undefined> {
  if (name === '-') return undefined
  const { root, path } = splitUri(name)
  return path === '' ? await readRunFacts(await openStore(root)) : undefined
}

/** The facts of the run in a store. `through` may look at the commits on their way, which come in the order of the plan. */
export async function readRunFacts (store: ByteStore, through: (commits: AsyncIterable<Commit>) => AsyncIterable<Commit> = commits => commits): Promise<RunFacts | undefined> {
  const plan = await readPlan(store)
  if (plan === undefined) return undefined
  const ledger = createLedger(store as WritableStore)
  const done = await ledger.done()
  const ids = (): AsyncIterable<string> | Iterable<string> => plan.parts === 0 ? done : onlyDone(readSplits(store, plan), done)
  const first = await firstCommit(ledger, ids())
  const operators = Object.keys(first?.result.books.stages ?? {}).filter(name => ![READ, SEEN, DEDUP].includes(name))
  return {
    source: first?.source.name ?? '',
    resultKeys: plan.resultKeys,
    planned: plan.parts === 0 ? undefined : plan.splits,
    totals: await sumCommits(through(readCommits(ledger, ids())), operators)
  }
}

async function firstCommit (ledger: Ledger, ids: AsyncIterable<string> | Iterable<string>): Promise<Commit | undefined> {
  const some = readCommits(ledger, ids)
  const { value } = await some.next() as { readonly value?: Commit }
  await some.return(undefined)
  return value
}
