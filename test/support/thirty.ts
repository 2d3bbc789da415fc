import { readdir, readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { GemlineError } from '../../lib/engine/errors.js'
import { parseTrajectory } from '../../lib/model/parse/trajectory.js'
import { checkTrajectory, type TrajectoryCheck } from '../../lib/rules/index.js'
import type { Trajectory } from '../../lib/schema/index.js'

const FOLDER = new URL('../fixtures/trajectories/', import.meta.url)

/** The five patterns of GEM (appendix A.3, A.4) as the front matter names them. */
export const PATTERNS = ['rule-conflict', 'error-recovery', 'clarification', 'multi-hop', 'limit-admitted'] as const

/** What a twin expects beside names of rules: only a model could see it, or the parser rejects it. */
export const BEYOND_RULES = ['judge', 'answer-malformed'] as const

const frontSchema = z.strictObject({
  domain: z.string().min(1),
  /** Patterns that the author wrote into it. */
  patterns: z.array(z.enum(PATTERNS)).min(3)
})

/** A small change of the written text: in one turn (`message` counts from 0) or in the whole; without `find`, the whole turn. */
const editSchema = z.strictObject({ message: z.int().min(0).optional(), find: z.string().min(1).optional(), replace: z.string() })

const twinSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  kind: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
  description: z.string().min(1),
  edits: z.array(editSchema).min(1),
  /** All that catches it: rules by name, or one of `BEYOND_RULES` alone. */
  expect: z.array(z.string()).min(1)
})

/** A subtly wrong copy of a trajectory, told as its difference. */
export type Twin = Readonly<z.infer<typeof twinSchema>>

/** A trajectory that was written by hand, with the source text that its system prompt agrees with and its wrong twins. */
export interface Written extends Readonly<z.infer<typeof frontSchema>> {
  readonly name: string
  /** The wire format of GEM, tools in front. */
  readonly wire: string
  readonly source: string
  readonly trajectory: Trajectory
  /** What the default profile says of it. */
  readonly check: TrajectoryCheck
  readonly twins: readonly Twin[]
}

/** Reads all of `test/fixtures/trajectories`, in the order of their numbers. Throws what names the file. */
export async function readThirty (): Promise<readonly Written[]> {
  const names = (await readdir(FOLDER)).flatMap(file => /^(\d\d-[a-z-]+)\.txt$/.exec(file)?.slice(1) ?? []).sort()
  return Promise.all(names.map(readWritten))
}

async function readWritten (name: string): Promise<Written> {
  const read = (ending: string): Promise<string> => readFile(new URL(`${name}.${ending}`, FOLDER), 'utf8')
  const [text, source, twins] = await Promise.all([read('txt'), read('source.txt'), read('twins.json')])
  try {
    const [, front = '', wire = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
    const trajectory = readWire(wire)
    return {
      name,
      ...frontSchema.parse(parseYaml(front)),
      wire,
      source,
      trajectory,
      check: checkTrajectory(trajectory, { source }),
      twins: z.array(twinSchema).parse(JSON.parse(twins))
    }
  } catch (thrown) {
    throw new Error(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown })
  }
}

/** Parses the wire format of a written trajectory. Throws a GemlineError `answer-malformed`. */
export function readWire (wire: string): Trajectory {
  return parseTrajectory(wire, { toolsets: 'required' })
}

/** The written text with the edits of a twin. Throws an Error where an edit does not fit exactly one place. */
export function editWire (wire: string, { name, edits }: Pick<Twin, 'name' | 'edits'>): string {
  return edits.reduce((text, { message, find, replace }) => {
    const [from, to] = message === undefined ? [0, text.length] : rangeOfTurn(text, message)
    const region = text.slice(from, to)
    const places = find === undefined ? 1 : region.split(find).length - 1
    if (places !== 1) throw new Error(`twin ${name}: ${JSON.stringify(find)} stands ${places} times${message === undefined ? '' : ` in message ${message}`}`)
    return text.slice(0, from) + (find === undefined ? replace : region.replace(find, () => replace)) + text.slice(to)
  }, wire)
}

function rangeOfTurn (wire: string, message: number): readonly [number, number] {
  const turn = [...wire.matchAll(/^<(system|user|assistant|tool)>[\s\S]*?<\/\1>\n?/gm)][message]
  if (turn === undefined) throw new Error(`there is no message ${message}`)
  return [turn.index, turn.index + turn[0].length]
}

/**
 * What catches a twin: the rules that find more than in the original, `answer-malformed` where it cannot be parsed, `judge`
 * where nothing else does.
 */
export function catchersOf (written: Written, twin: Twin): readonly string[] {
  const edited = editWire(written.wire, twin)
  let trajectory: Trajectory
  try {
    trajectory = readWire(edited)
  } catch (thrown) {
    if (thrown instanceof GemlineError) return [thrown.code]
    throw thrown
  }
  const before = countByRule(written.check)
  const after = countByRule(checkTrajectory(trajectory, { source: written.source }))
  const found = [...after].filter(([rule, count]) => count > (before.get(rule) ?? 0)).map(([rule]) => rule).sort()
  return found.length === 0 ? ['judge'] : found
}

function countByRule ({ findings }: TrajectoryCheck): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return counts
}
