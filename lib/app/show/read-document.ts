import { Readable } from 'node:stream'
import type { Split } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'
import type { Document } from '../../schema/document.js'
import type { Config } from '../config-schema.js'
import { openWholeSource } from '../stores.js'

/**
 * Reads one row of a split again, as the run read it. Rejects with `config-invalid` where the source of the config is another
 * one, with `source-changed` where the file is no longer the one that was planned, and with `record-invalid` where the row is no document.
 */
export async function readDocument (config: Config, { split, row, signal }: { readonly split: Split, readonly row: number, readonly signal: AbortSignal }): Promise<Document> {
  if (config.source.name !== split.source) throw new GemlineError('config-invalid', `source.name: the output was made from ${split.source}, this config reads ${config.source.name}`)
  const source = await openWholeSource(config, Readable.from([]))
  for await (const batch of source.read([{ ...split, rows: [row] }], { signal, firstSequence: 0 })) {
    for (const item of batch) {
      if (item.kind === 'split-end' && item.error !== undefined) throw item.error
      if (item.kind !== 'split-end' && item.origin.row === row) {
        if (item.kind === 'envelope') return item.value
        throw new GemlineError('record-invalid', item.ended[0]?.message ?? `row ${row} of ${split.path} is no document`)
      }
    }
  }
  throw new GemlineError('record-invalid', `${split.path} has no row ${row}`)
}
