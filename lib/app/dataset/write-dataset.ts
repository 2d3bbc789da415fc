import { createJsonlSink } from '../../../connectors/jsonl-sink.js'
import type { ObjectInfo, ShardInfo, ShardWriter, WritableStore } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'
import type { RejectRecord, TrajectoryRecord } from '../../schema/trajectory-record.js'
import { countName } from './count-name.js'
import { derivedCardOf } from './derived-card.js'
import { STARTED } from './derived-set.js'

/** How a set was made: the command, what it was made of, and everything that decides what is in it. */
export interface Making {
  readonly command: string
  readonly from: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

/** `manifest.json` of a derived set: its parts in order, and its sums. */
export interface DerivedManifest {
  readonly version: 1
  readonly kind: 'derived'
  readonly made: Making
  /** What must be said of it, in sentences; they stand on the card. */
  readonly notes?: readonly string[]
  readonly data: readonly ShardInfo[]
  readonly rejects: readonly ShardInfo[]
  readonly totals: {
    readonly accepted: number
    /** Rejects by `stage/reason`, the first 1,000 names. */
    readonly ended: Readonly<Record<string, number>>
    /** Accepted records by licence; `unknown` where none is said. */
    readonly licences: Readonly<Record<string, number>>
    /** Accepted records with an answer of the rule-based author behind them. */
    readonly ruleBased: number
  }
}

/** Takes the records of a derived set in order. `close` makes it whole: without its manifest nobody reads it. */
export interface DatasetWriter {
  accept (record: TrajectoryRecord): Promise<void>
  reject (record: RejectRecord): Promise<void>
  /** `notes` is what must be said of the set, in sentences. */
  close (notes?: readonly string[]): Promise<DerivedManifest>
  abort (): Promise<void>
}

const PART_ROWS = 10_000
const BATCH = 256

/**
 * Starts a derived set in an empty store: `data/part-00000.jsonl.gz`, `rejects/part-00000.jsonl.gz` and so on, 10,000 lines
 * each, then `manifest.json`, a card and `_SUCCESS`. The same records in the same order give the same bytes on one Node build.
 * Rejects with `config-invalid` where the place holds something.
 */
export async function createDatasetWriter (store: WritableStore, made: Making): Promise<DatasetWriter> {
  await checkEmpty(store)
  await store.put(STARTED, Buffer.from(JSON.stringify(made, null, 2) + '\n'))
  const data = createParts(store, 'data')
  const rejects = createParts(store, 'rejects')
  const totals = { accepted: 0, ended: {} as Record<string, number>, licences: {} as Record<string, number>, ruleBased: 0 }
  return {
    async accept (record) {
      totals.accepted++
      countName(totals.licences, record.licence ?? 'unknown')
      if (record.lineage.steps.some(step => step.author === 'rule-based')) totals.ruleBased++
      await data.write(record)
    },
    async reject (record) {
      countName(totals.ended, `${record.stage}/${record.reason}`)
      await rejects.write(record)
    },
    async close (notes = []) {
      const said = notes.length === 0 ? {} : { notes }
      const manifest: DerivedManifest = { version: 1, kind: 'derived', made, ...said, data: await data.close(), rejects: await rejects.close(), totals }
      await store.put('README.md', Buffer.from(derivedCardOf(manifest)))
      await store.put('manifest.json', Buffer.from(JSON.stringify(manifest, null, 2) + '\n'))
      await store.put('_SUCCESS', new Uint8Array())
      return manifest
    },
    async abort () {
      await data.abort()
      await rejects.abort()
    }
  }
}

/** Refuses a place that holds something, before any work is done for it. Rejects with `config-invalid`. */
export async function checkEmpty (store: WritableStore): Promise<void> {
  const { value: first } = await store.list('')[Symbol.asyncIterator]().next() as { value?: ObjectInfo }
  if (first !== undefined) throw new GemlineError('config-invalid', `${store.url} is not empty (${first.path}); a set that was made is never changed: choose another place, or remove it`)
}

interface Parts {
  write (record: object): Promise<void>
  close (): Promise<readonly ShardInfo[]>
  abort (): Promise<void>
}

function createParts (store: WritableStore, folder: string): Parts {
  const sink = createJsonlSink()
  const done: ShardInfo[] = []
  let open: ShardWriter | undefined
  let rows = 0
  let batch: object[] = []

  async function flush (): Promise<void> {
    if (batch.length === 0) return
    open ??= await sink.open(store, `${folder}/part-${String(done.length).padStart(5, '0')}`)
    const records = batch
    batch = []
    rows += records.length
    await open.write(records)
    if (rows >= PART_ROWS) await finishPart()
  }

  async function finishPart (): Promise<void> {
    if (open === undefined) return
    const closing = open
    open = undefined
    rows = 0
    done.push(await closing.close())
  }

  return {
    async write (record) {
      batch.push(record)
      if (batch.length >= BATCH || rows + batch.length >= PART_ROWS) await flush()
    },
    async close () {
      await flush()
      await finishPart()
      return done
    },
    async abort () {
      await open?.abort()
    }
  }
}
