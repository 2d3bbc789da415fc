import { rmdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { probeCreateOnly } from '../../../connectors/probe-create-only.js'
import { localPath, schemeOf } from '../../../connectors/split-uri.js'
import type { Ended, SourceItem } from '../../engine/envelope.js'
import type { Config } from '../config-schema.js'
import { holdsAnswers, openOlderJournals } from '../run-journal.js'
import { openOutput, openWholeSource } from '../stores.js'
import { fail, ok, skip, warn, type Check } from './check.js'

/** Whether the licence of the texts is said: who publishes a set must know it, and nobody can find it out afterwards. */
export function checkLicence ({ source }: Config): Check {
  if (source.licence !== undefined) return ok('licence', `${source.name}: ${source.licence}`)
  return fail('licence', `${source.name}: nothing says under which licence its texts are`, 'Set source.licence (an SPDX identifier, or `unknown`); every record will carry it.')
}

/** Reads the plan of the source up to its first split, and the first rows of that; a sample would ask for every footer. */
export async function checkSource (config: Config, stdin: Readable, signal: AbortSignal): Promise<Check> {
  const source = await openWholeSource(config, stdin)
  if (source.endless === true) return skip('source', 'standard input: known once it is read')
  const first = await firstOf(source.plan(signal))
  if (first === undefined) return fail('source', `${config.source.uri} has no rows`, 'Check the path; files with names that start with _ or . are passed over.')
  const batch = await firstOf(source.read([first], { signal, firstSequence: 0 })) ?? []
  return judgeRows(first.path, batch)
}

function judgeRows (path: string, batch: ReadonlyArray<SourceItem<unknown>>): Check {
  const end = batch.find(item => item.kind === 'split-end')
  if (end?.kind === 'split-end' && end.error !== undefined) return fail('source', end.error.message, end.error.help)
  const documents = batch.filter(item => item.kind === 'envelope').length
  const faulty = batch.flatMap(item => item.kind === 'settlement' ? item.ended : [])
  const example = exampleOf(faulty)
  if (documents === 0) return fail('source', `${path}: none of the first rows is a document${example}`, 'Name the columns in source.columns, or the right source.preset.')
  if (faulty.length > documents) return warn('source', `${path}: only ${documents} of the first ${documents + faulty.length} rows are documents${example}`, 'Check source.columns and source.preset.')
  return ok('source', `${path}: the first ${documents} rows are documents`)
}

function exampleOf ([first]: readonly Ended[]): string {
  return first === undefined ? '' : ` (${first.message ?? first.reason})`
}

async function firstOf<T> (values: AsyncIterable<T>): Promise<T | undefined> {
  const iterator = values[Symbol.asyncIterator]()
  try {
    const { value, done } = await iterator.next()
    return done === true ? undefined : value as T
  } finally {
    await iterator.return?.()
  }
}

/** Writes to the output: whether it can be done, and whether the store refuses the second create. Leaves nothing behind. */
export async function checkOutput ({ out, sink }: Config): Promise<Check> {
  if (out === '-') return skip('output', 'standard output; nothing is kept')
  const folders = isLocal(out) ? await missingFolders(localPath(out)) : []
  const store = await openOutput(out, sink.s3)
  try {
    await probeCreateOnly(store, 'doctor/')
    return ok('output', `${store.url} can be written to and refuses the second create`)
  } finally {
    if (isLocal(out)) await removeEmpty([join(localPath(out), 'doctor'), ...folders])
  }
}

/** Whether there are answers to work with: in the older outputs that `journal` names, and offline somewhere at all. */
export async function checkJournal (config: Config): Promise<Check> {
  const older = await openOlderJournals(config)
  const empty: string[] = []
  for (const store of older) if (!await holdsAnswers(store)) empty.push(store.url)
  if (empty.length > 0) return fail('journal', `${empty.join(', ')} holds no answers`, 'Name the output of a run in `journal`.')
  if (older.length > 0) return ok('journal', `answers of ${older.map(({ url }) => url).join(', ')} are used again`)
  const own = config.out !== '-' && await holdsAnswers(await openOutput(config.out, config.sink.s3))
  return own ? ok('journal', 'answers of this output are used') : fail('journal', 'offline, and there is no journal: every record would end as journal-missed', 'Name the output of a run: `journal`, or --journal.')
}

const GIGABYTE = 1e9
const LEAST_GIGABYTES = 5

/** How much the disk of the output still holds. */
export async function checkDisk ({ out }: Config): Promise<Check> {
  if (out === '-' || !isLocal(out)) return skip('disk', 'the output is not on a disk of this machine')
  const path = localPath(out)
  const missing = await missingFolders(path)
  const { bavail, bsize } = await statfs(missing.length === 0 ? path : dirname(missing.at(-1) as string))
  const gigabytes = bavail * bsize / GIGABYTE
  const message = `${gigabytes.toFixed(1)} GB are free at ${path}`
  return gigabytes < LEAST_GIGABYTES ? warn('disk', message, 'Make room, or choose another `out`; a run that fills the disk stops, and goes on when run again.') : ok('disk', message)
}

function isLocal (uri: string): boolean {
  return schemeOf(uri) === 'file'
}

/** The folders of a path that do not exist, deepest first. */
async function missingFolders (path: string): Promise<string[]> {
  const missing: string[] = []
  for (let at = path.replace(/(?!^)\/+$/, ''); !await exists(at); at = dirname(at)) missing.push(at)
  return missing
}

async function exists (path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => path === dirname(path))
}

async function removeEmpty (folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => {})
}
