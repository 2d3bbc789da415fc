import { GemlineError } from '../../engine/errors.js'
import type { FoundOutput } from '../dataset/find-output.js'
import { readOutcomes, type Fault, type OutcomeItem } from '../dataset/read-outcomes.js'

/** A line of an output, and the output that it stands in. */
export interface FoundLine { readonly output: FoundOutput, readonly item: Exclude<OutcomeItem, Fault> }

/** What ends the search early, and who is told of lines and files that cannot be read. */
export interface FindLineOptions {
  readonly signal: AbortSignal
  readonly onFault?: (fault: Fault) => void
}

/** Ids that are named where a beginning fits several. */
const MOST_NAMED = 10

/**
 * Finds a record or reject by its id, or by a beginning that only one has. Ids are hashes and tell no place, so shards are
 * read one after the other: up to the id itself, or to the end where only a beginning is known. Lines without it are not even parsed.
 * Rejects with `config-invalid` where nothing fits, or more than one.
 */
export async function findLine (id: string, outputs: readonly FoundOutput[], { signal, onFault }: FindLineOptions): Promise<FoundLine> {
  if (id.trim() === '') throw new GemlineError('config-invalid', 'name an id, or the beginning of one')
  const holding = JSON.stringify(id).slice(1, -1)
  const found: FoundLine[] = []
  for (const output of outputs) {
    for await (const item of readOutcomes(output, { signal, holding })) {
      if (item.kind === 'fault') onFault?.(item)
      else if (item.body.id === id) return { output, item }
      else if (item.body.id.startsWith(id) && found.length <= MOST_NAMED) found.push({ output, item })
    }
  }
  const [first, ...others] = found
  if (first !== undefined && others.length === 0) return first
  const where = outputs.map(({ name }) => name).join(', ')
  if (first === undefined) throw new GemlineError('config-invalid', `no record and no reject of ${where} has an id that begins with ${id}`)
  throw new GemlineError('config-invalid', `${found.length > MOST_NAMED ? `more than ${MOST_NAMED}` : found.length} ids of ${where} begin with ${id}; name one of them:\n${found.slice(0, MOST_NAMED).map(describe).join('\n')}`)
}

function describe ({ output, item }: FoundLine): string {
  const end = item.kind === 'accepted' ? 'accepted' : `${item.body.stage}/${item.body.reason}`
  return `  ${item.body.id}  ${end} in ${output.name}`
}
