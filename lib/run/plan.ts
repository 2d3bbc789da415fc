import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import { rowsOfSplit, type ByteStore, type Split, type WritableStore } from '../engine/connector.js'
import { GemlineError } from '../engine/errors.js'
import { canonicalJson, sha256 } from './canonical.js'

/** What decides the result of a run, by config path, and the prompts and models behind it. */
export type ResultKeys = Readonly<Record<string, unknown>>

const planSchema = z.strictObject({
  version: z.literal(1),
  /** Config keys that can change data, with their values. */
  resultKeys: z.record(z.string(), z.unknown()),
  /** sha256 of the canonical JSON of `resultKeys`. */
  resultHash: z.string(),
  /** How duplicates are found: as the one writer goes, or not at all. */
  dedup: z.enum(['as-it-goes', 'off']),
  splits: z.int(),
  /** Rows of all splits together. */
  rows: z.int(),
  parts: z.int()
})

/**
 * What an output is to hold: its splits by number, and the hash of all that decides its content. Never changes once
 * written.
 */
export type Plan = Readonly<z.infer<typeof planSchema>>

const splitSchema = z.strictObject({
  id: z.string(), ordinal: z.int(), source: z.string(), path: z.string(), etag: z.string(), bytes: z.int(),
  rowGroup: z.int(), from: z.int(), to: z.int(), offset: z.int().optional(), rows: z.array(z.int()).optional()
})

const PLAN = 'plan.json'
const PART_SPLITS = 10_000

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** The plan of an output, if there is one. Rejects with `plan-invalid` if it is damaged. */
export async function readPlan (store: ByteStore): Promise<Plan | undefined> {
  if (await store.stat(PLAN) === undefined) return undefined
  return parse(planSchema, Buffer.from(await store.read(PLAN)).toString(), `${store.url}/${PLAN}`)
}

/**
 * Writes the plan: first its parts, then `plan.json`, create-only, by which it begins to exist. If somebody else's was
 * there first, that one holds and is given back.
 */
export async function writePlan (store: WritableStore, resultKeys: ResultKeys, options: { readonly dedup: Plan['dedup'], readonly splits: AsyncIterable<Split> }): Promise<Plan> {
  let splits = 0
  let rows = 0
  let parts = 0
  let part: Split[] = []
  for await (const split of options.splits) {
    part.push({ ...split, ordinal: splits++ })
    rows += rowsOfSplit(split)
    if (part.length === PART_SPLITS) { await writePart(store, parts++, part); part = [] }
  }
  if (part.length > 0) await writePart(store, parts++, part)
  const plan: Plan = { version: 1, resultKeys: { ...resultKeys }, resultHash: sha256(canonicalJson(resultKeys)), dedup: options.dedup, splits, rows, parts }
  if (await store.create(PLAN, Buffer.from(JSON.stringify(plan, null, 2) + '\n'))) return plan
  return await readPlan(store) as Plan
}

/** The splits of a plan in order, part by part. Rejects with `plan-invalid` where a part is damaged. */
export async function * readSplits (store: ByteStore, plan: Plan): AsyncGenerator<Split> {
  for (let part = 0; part < plan.parts; part++) {
    const path = partPath(part)
    const where = `${store.url}/${path}`
    const packed = await store.read(path)
    const lines = await unzip(packed).catch(error => { throw unreadable(error, where) })
    for (const line of lines.toString().trimEnd().split('\n')) yield parse(splitSchema, line, where)
  }
}

/** Refuses, by name, a key that can change data and differs from the plan. Throws `config-changed`. */
export function checkResultKeys (plan: Plan, now: ResultKeys, where: string): void {
  const names = [...new Set([...Object.keys(plan.resultKeys), ...Object.keys(now)])].sort()
  const changed = names.filter(name => canonicalJson(plan.resultKeys[name]) !== canonicalJson(now[name]))
  if (changed.length === 0) return
  const list = changed.map(name => `  ${name}: planned ${shown(plan.resultKeys[name])}, now ${shown(now[name])}`)
  throw new GemlineError('config-changed', `${where} was planned with other values of what decides the result:\n${list.join('\n')}\nRestore them, or choose another output (the old journal can be re-used there: --journal).`)
}

async function writePart (store: WritableStore, part: number, splits: readonly Split[]): Promise<void> {
  await store.put(partPath(part), await zip(splits.map(split => JSON.stringify(split)).join('\n') + '\n'))
}

function partPath (part: number): string {
  return `plan/${String(part).padStart(5, '0')}.jsonl.gz`
}

function shown (value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

function parse<T> (schema: z.ZodType<T>, json: string, where: string): T {
  try {
    return schema.parse(JSON.parse(json))
  } catch (error) {
    throw unreadable(error, where)
  }
}

function unreadable (error: unknown, where: string): GemlineError {
  return new GemlineError('plan-invalid', `${where} cannot be read as a plan of this version: ${(error as Error).message.slice(0, 200)}`, { cause: error })
}
