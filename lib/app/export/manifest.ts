import type { ObjectInfo, WritableStore } from '../../engine/connector.js'
import { GemlineError } from '../../engine/errors.js'
import type { FormatName } from '../../formats/index.js'
import { canonicalJson } from '../../run/canonical.js'
import type { ExportTotals } from './export-set.js'
import type { Holdout } from './holdouts.js'
import type { SplitKey } from './row-key.js'
import type { Trainee } from './samples.js'

/** Everything that decides what is in an export, beside the data. */
export interface ExportSettings {
  readonly for: Trainee
  readonly format: FormatName
  readonly split: readonly Holdout[]
  readonly by: SplitKey
  readonly maxTokens: number | null
  readonly excludeLicences: readonly string[]
  /** Prompt of the synthesizer; null for an agent. */
  readonly prompt: string | null
}

/** `export.json`. There from the beginning, so that an export that was interrupted can be made again; `totals` at the end. */
export interface ExportManifest {
  readonly version: 1
  readonly from: readonly string[]
  readonly settings: ExportSettings
  readonly totals: ExportTotals
}

const MANIFEST = 'export.json'

/** Writes `export.json`. */
export async function writeManifest (store: WritableStore, manifest: Omit<ExportManifest, 'totals'> & Partial<ExportManifest>): Promise<void> {
  await store.put(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
}

/**
 * Refuses a place that holds anything but the same export, whole or interrupted, which is made again over the old one.
 * Rejects with `config-invalid`, naming what lies there or the setting that differs.
 */
export async function claimPlace (store: WritableStore, { from, settings }: Omit<ExportManifest, 'totals'>, signal: AbortSignal): Promise<void> {
  const old = await readManifest(store, signal)
  if (old === undefined) {
    const { value: first } = await store.list('', signal)[Symbol.asyncIterator]().next() as { value?: ObjectInfo }
    if (first !== undefined) throw taken(store, `it holds ${first.path}`)
    return
  }
  const wanted: Readonly<Record<string, unknown>> = { from, ...settings }
  const there: Readonly<Record<string, unknown>> = { from: old.from, ...old.settings }
  const other = Object.keys(wanted).find(name => canonicalJson(wanted[name]) !== canonicalJson(there[name] ?? null))
  if (other !== undefined) throw taken(store, `it holds another export: ${other} is ${JSON.stringify(there[other])} there, ${JSON.stringify(wanted[other])} here`)
}

async function readManifest (store: WritableStore, signal: AbortSignal): Promise<Partial<ExportManifest> | undefined> {
  if (await store.stat(MANIFEST, signal) === undefined) return undefined
  const text = Buffer.from(await store.read(MANIFEST, { signal })).toString()
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function taken (store: WritableStore, why: string): GemlineError {
  return new GemlineError('config-invalid', `--to ${store.url}: ${why}; choose an empty place, or remove it`)
}
