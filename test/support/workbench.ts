import { join } from 'node:path'
import type { Test } from 'tap'
import { startEmbeddedServer, type EmbeddedServer, type Fault, type FaultHook, type FaultInfo } from '../../connectors/embedded-vllm/index.js'
import { createFileStore } from '../../connectors/file-store.js'
import { findOutput } from '../../lib/app/dataset/find-output.js'
import type { AcceptedLine, EndedLine } from '../../lib/app/dataset/open-line.js'
import { readWhole } from '../../lib/app/dataset/read-outcomes.js'
import { temporaryFolder } from '../app/in-memory.js'
import { completionBody } from './misbehaving-server.js'
import { runArgs, runGemline, type Ended } from './run-child.js'
import { writeCorpus, type CorpusOptions } from './run-corpus.js'

/** A corpus, a server whose answers are not all good, and the command line before them. */
export interface Workbench {
  readonly folder: string
  readonly source: string
  readonly server: EmbeddedServer
  at (name: string): string
  /** Completions that the server was asked for since it was last asked this. */
  calls (): number
  gemline (...args: readonly string[]): Promise<Ended>
  /** `gemline run --pipeline teacher` into this output, with what is to be set beyond. */
  run (name: string, ...more: readonly string[]): Promise<Ended>
}

const CORPUS: CorpusOptions = { documents: 48, rowsPerGroup: 10, files: 2 }
const CHAT = '/v1/chat/completions'

/** Opens a workbench; its server is closed and its folder removed with the test. */
export async function openWorkbench (t: Test, { corpus = CORPUS, faults = judgedBadly }: { readonly corpus?: CorpusOptions, readonly faults?: FaultHook } = {}): Promise<Workbench> {
  const folder = await temporaryFolder(t)
  const source = join(folder, 'corpus')
  await writeCorpus(source, corpus)
  const server = await startEmbeddedServer({ faults })
  t.teardown(() => server.close())
  const at = (name: string): string => join(folder, name)
  return {
    folder, source, server, at,
    calls () {
      const calls = server.stats().received[CHAT] ?? 0
      server.reset()
      return calls
    },
    gemline: (...args) => runGemline(args),
    run: (name, ...more) => runGemline(runArgs({ pipeline: 'teacher', source, out: at(name), url: server.url }, ...more))
  }
}

/** Drafts that are none, and verdicts of all kinds. Which, hangs on the id of the document, and of a draft on the attempt. */
export function judgedBadly ({ stage, requestId }: Pick<FaultInfo, 'stage' | 'requestId'>): Fault | undefined {
  const [id = '', , attempt = ''] = requestId.split('-')
  const dice = Number.parseInt(id.slice(0, 8), 16)
  if (stage === 'generate' && dice % 5 < 2 && (attempt === '0' || dice % 2 === 0)) return said('I would rather talk about the weather. It is 21 degrees.')
  if (stage !== 'judge') return undefined
  return said(['{"R1": 0, "R2": 1, "R3": 1}', '{"R1": 1, "R2": 1, "R3": 0}', 'It looks fine to me.'][dice % 6] ?? '{"R1": 1, "R2": 1, "R3": 1}')
}

function said (text: string): Fault {
  return { status: 200, body: completionBody(text, { message: { reasoning: 'Let me think.' }, top: { model: 'gemline-embedded' } }) }
}

/** Everything that an output holds, in its order. */
export async function linesOf (place: string): Promise<{ readonly accepted: readonly AcceptedLine[], readonly ended: readonly EndedLine[] }> {
  const accepted: AcceptedLine[] = []
  const ended: EndedLine[] = []
  for await (const line of readWhole(await findOutput(place), { signal: new AbortController().signal })) {
    if (line.kind === 'accepted') accepted.push(line)
    else ended.push(line)
  }
  return { accepted, ended }
}

/** How often each way to end was taken, as `stage/reason`; `accepted` among them. */
export async function endsOf (place: string): Promise<Readonly<Record<string, number>>> {
  const { accepted, ended } = await linesOf(place)
  const ends: Record<string, number> = { accepted: accepted.length }
  for (const { body } of ended) ends[`${body.stage}/${body.reason}`] = (ends[`${body.stage}/${body.reason}`] ?? 0) + 1
  return ends
}

/** The paths of all objects of an output. */
export async function pathsOf (place: string): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const { path } of createFileStore(place).list('')) paths.push(path)
  return paths
}
