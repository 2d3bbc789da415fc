import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable, type Readable } from 'node:stream'
import type { Test } from 'tap'
import type { CommandInput, CommandSpec } from '../../lib/app/command.js'
import { loadConfig } from '../../lib/app/config.js'
import { silent } from '../../lib/engine/operator.js'
import { toOpenAi, type TrajectoryRecord } from '../../lib/schema/index.js'
import { countTrajectory, type Trajectory } from '../../lib/schema/trajectory.js'

/** What a command said, and how it ended. */
export interface Said { readonly code: number, readonly out: string, readonly err: string }

export interface Given extends Partial<Pick<CommandInput, 'positional' | 'options' | 'signal'>> {
  readonly stdin?: Readable
  /** Keys of the config, as `--set` gives them. */
  readonly set?: ReadonlyArray<readonly [string, unknown]>
  readonly color?: boolean
  readonly columns?: number
  /** Called with everything that has come on stdout so far. */
  readonly onOut?: (out: string) => void
  readonly onErr?: (err: string) => void
}

/** Runs a command with streams in memory. Rejects as it does. */
export async function runInMemory (spec: CommandSpec, given: Given = {}): Promise<Said> {
  const { stdin = new PassThrough(), color = false, columns = 80, onOut = () => {}, onErr = () => {}, set = [] } = given
  const said = { out: '', err: '' }
  const stdout = new Writable({
    write (chunk, _, done) {
      said.out += String(chunk)
      onOut(said.out)
      done()
    }
  })
  const stderr = new Writable({
    write (chunk, _, done) {
      said.err += String(chunk)
      onErr(said.err)
      done()
    }
  })
  const { signal } = new AbortController()
  const code = await spec.run({
    positional: given.positional ?? [],
    options: given.options ?? {},
    io: { stdin, stdout, stderr, color, columns },
    log: silent,
    signal: given.signal ?? signal,
    second: signal,
    config: () => loadConfig({ set: structuredClone(set), env: {} })
  } as CommandInput)
  return { code, ...said }
}

/** A folder of the test's own, gone with it. */
export async function temporaryFolder (t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gemline-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A record around a trajectory, as a run writes it. */
export function recordOf (trajectory: Trajectory, parts: Partial<TrajectoryRecord> = {}): TrajectoryRecord {
  return {
    id: 'doc-1',
    source: { name: 'corpus', path: 'part.parquet', rowGroup: 0, row: 3, uri: 'corpus/part.parquet' },
    text: 'A text with steps.',
    textKey: 'k',
    ...toOpenAi(trajectory),
    labels: { platforms: ['computer'], domains: ['shopping'], tasks: ['databases', 'search'] },
    stats: countTrajectory(trajectory),
    checks: { grounding: { user: 3, unexplained: 1 }, findings: { 'source-numbers': 2 } },
    lineage: {
      pipeline: 'synthesizer',
      steps: [{ stage: 'synthesize', attempt: 0, prompt: 'synthesize/zero-shot@v1#abc', model: 'qwen', author: 'model', trained: true, requestKey: 'r', finishReason: 'stop', usage: { promptTokens: 10, completionTokens: 20 } }]
    },
    usage: { promptTokens: 10, completionTokens: 20 },
    ...parts
  }
}

/** A config that the embedded server answers. */
export function embeddedConfig (uri: string, out: string, more: ReadonlyArray<readonly [string, unknown]> = []): ReadonlyArray<readonly [string, unknown]> {
  return [
    ['source', { name: 'corpus', uri, licence: 'Apache-2.0' }], ['out', out],
    ['models.default', { name: 'embedded', preset: 'embedded', endpoints: 'embedded' }],
    ...more
  ]
}

/** Documents that the pre-filter and the author take for procedures, and one that is none. */
export const DOCUMENTS: readonly string[] = [
  'How to return a parcel in the web shop. 1. Open your orders and choose the order that you want to return. 2. Select the items and enter a reason for each of them. 3. Print the label that the shop sends you by mail. 4. Bring the parcel to a post office within 14 days. 5. Check the refund in your account after 5 days.',
  'The sea lay still that evening, and nobody spoke. My grandmother used to say that the tide remembers every name. We sat on the wall and listened to the gulls, and the lamps along the quay went on one after the other, and I thought of nothing at all. It was the last summer before the war, although none of us knew.',
  'Setting up a new printer. First, unpack the printer and remove all tapes. Then connect the power cable and press the button for 3 seconds. Next, open the settings on your computer and choose "Add a printer". Then select the printer from the list and enter the code on its display. Finally, print a test page and save the settings.'
]
