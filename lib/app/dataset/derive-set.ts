import type { WritableStore } from '../../engine/connector.js'
import { createDatasetWriter, type DatasetWriter, type DerivedManifest, type Making } from './write-dataset.js'

/**
 * Makes a derived set in an empty store: `fill` writes its records and gives what must be said of them. A set whose filling
 * failed stays unfinished, and no reader takes it. Rejects as `fill` and the store do, and with `config-invalid` where the place is in use.
 */
export async function deriveSet (store: WritableStore, made: Making, fill: (writer: DatasetWriter) => Promise<readonly string[]>): Promise<DerivedManifest> {
  const writer = await createDatasetWriter(store, made)
  try {
    return await writer.close(await fill(writer))
  } catch (error) {
    await writer.abort()
    throw error
  }
}
