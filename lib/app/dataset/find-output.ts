import { openStore } from '../../../connectors/open-store.js'
import { splitUri } from '../../../connectors/split-uri.js'
import type { ByteStore } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'
import { readPlan, type Plan } from '../../run/plan.js'
import { isDerived } from './derived-set.js'

/** A place that records are read from, and what it says of itself. */
export type FoundOutput = FoundRun | FoundOther

interface Found {
  /** As it was given. */
  readonly name: string
  readonly store: ByteStore
}

/** The output of a run. Which of its rejects were written stands among `plan.resultKeys`. */
export interface FoundRun extends Found {
  readonly kind: 'run'
  readonly plan: Plan
}

/** A derived set with data and rejects, or mere files of records. */
export interface FoundOther extends Found {
  readonly kind: 'derived' | 'files'
  readonly plan?: undefined
}

/** Looks at a place once: a run, a derived set, or files. Rejects with `plan-invalid` for a set that was interrupted, and as the store does. */
export async function findOutput (name: string, signal?: AbortSignal): Promise<FoundOutput> {
  const { root, path } = splitUri(name)
  const store = await openStore(root)
  if (path !== '') return { name, store, kind: 'files' }
  const plan = await readPlan(store)
  if (plan !== undefined) return { name, store, kind: 'run', plan }
  return { name, store, kind: await isDerived(store, signal) ? 'derived' : 'files' }
}

/** `findOutput` for commands that need the output of a run: its plan, commits and journal. Rejects with `output-invalid` for anything else. */
export async function findRun (name: string, signal?: AbortSignal): Promise<FoundRun> {
  const found = await findOutput(name, signal)
  if (found.kind === 'run') return found
  throw new GemlineError('output-invalid', `${name} is ${found.kind === 'derived' ? 'a derived set' : 'no output of a run'}: it has no plan.json; name the output of a run`)
}

/** Which rejects a place holds as far as it says: `unknown` for files, which may be anything. */
export function rejectsOf ({ kind, plan }: FoundOutput): 'full' | 'errors' | 'counts' | 'unknown' {
  if (kind !== 'run') return kind === 'derived' ? 'full' : 'unknown'
  const said = plan.resultKeys['sink.rejects']
  return said === 'errors' || said === 'counts' ? said : 'full'
}
