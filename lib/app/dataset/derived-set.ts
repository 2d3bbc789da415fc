import type { ByteStore } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'

/** What a derived set begins with: how it is being made. A set that has this and no manifest was interrupted. */
export const STARTED = 'derived.json'

/** Whether a folder holds a derived set that is whole. Rejects with `plan-invalid` for one that was interrupted. */
export async function isDerived (store: ByteStore, signal?: AbortSignal): Promise<boolean> {
  if (await store.stat(STARTED, signal) === undefined) return false
  if (await store.stat('_SUCCESS', signal) !== undefined) return true
  throw new GemlineError('plan-invalid', `${store.url} holds a set that was not finished when its command stopped; remove it and run the command again`)
}
