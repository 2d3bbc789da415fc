import { groundLeaves, type GroundedLeaf } from '../../../lib/rules/grounding/ground-trajectory.js'
import { GROUNDING_CLASSES, type GroundingClass } from '../../../lib/rules/rule.js'
import { createChance, type Chance } from '../../support/dialogue.js'
import { KINDS, kindOf, replaceValue, swapOf, textBefore, type Kind } from './swap.js'
import { callsOf, halfOf, openTask, type Dialogue, type Unsaid, type WrappedTask } from './tasks.js'

/** Classes of a table, with those that drop the record beside the others. */
export type Outcome = GroundingClass | 'drop'
export const OUTCOMES: readonly Outcome[] = [...GROUNDING_CLASSES, 'drop']

/** An argument that drops its record; `isUnsaid` if nobody had said it, or only an answer to an earlier call that had made it up. */
export interface Finding extends Unsaid { readonly task: string, readonly tool: string, readonly isUnsaid: boolean }

/** What became of some dialogues. */
export interface GoldFigures {
  readonly tasks: number
  readonly dropped: number
  /** Dropped though every value that dropped it had been said before. */
  readonly falseDrops: number
  readonly classes: Readonly<Record<string, number>>
}

/** How swapped values are classed: `[kind][outcome]`, and how often an observation or the text of a sum met them by chance. */
export type Confusion = Readonly<Record<Kind, Readonly<Record<string, number>>>>

/** All figures of one set of tasks. */
export interface Figures {
  readonly gold: Readonly<Record<string, GoldFigures>>
  /** All tasks once more, now by an assistant that looks up what nobody said, where that can be looked up. */
  readonly lookedUp: GoldFigures
  readonly findings: readonly Finding[]
  readonly before: Confusion
  readonly swapped: Confusion
  readonly missed: ReadonlyArray<{ readonly task: string, readonly tool: string, readonly path: string, readonly was: unknown, readonly is: unknown, readonly class: string }>
  readonly foreignAmounts: Readonly<Record<string, number>>
}

const SWAPS_PER_KIND = 2
const GROUNDED: ReadonlySet<string> = new Set(['user', 'observation', 'system', 'derived'])

type Opened = ReturnType<typeof openTask> & { readonly leaves: readonly GroundedLeaf[] }

/** Measures false drops, then what becomes of seeded swaps. The same tasks and seed give the same figures. */
export function measure (tasks: readonly WrappedTask[], seed: number): Figures {
  const opened = tasks.map((task): Opened => {
    const { gold, lookedUp } = openTask(task)
    return { gold, lookedUp, leaves: [...groundLeaves(gold.trajectory, callsOf(gold))] }
  })
  const categories = [...new Set(tasks.map(({ category }) => category))]
  const goldOf = (some: readonly Opened[]): GoldFigures => countGold(some.map(({ gold, leaves }) => ({ dialogue: gold, leaves })))
  const completed = opened.map(({ gold, leaves, lookedUp }) => lookedUp === undefined ? { dialogue: gold, leaves } : { dialogue: lookedUp, leaves: [...groundLeaves(lookedUp.trajectory, callsOf(lookedUp))] })
  return {
    gold: Object.fromEntries([
      ...categories.map(name => [name, goldOf(opened.filter(({ gold }) => gold.task.category === name))] as const),
      ...(['tuned', 'held out'] as const).map(half => [half, goldOf(opened.filter(({ gold }) => halfOf(gold.task) === half))] as const),
      ['all', goldOf(opened)]
    ]),
    lookedUp: countGold(completed),
    findings: opened.flatMap(({ gold, leaves }) => findingsOf(gold, leaves)),
    ...measureSwaps(opened, createChance(seed))
  }
}

function countGold (dialogues: ReadonlyArray<{ readonly dialogue: Dialogue, readonly leaves: readonly GroundedLeaf[] }>): GoldFigures {
  const found = dialogues.map(({ dialogue, leaves }) => findingsOf(dialogue, leaves)).filter(findings => findings.length > 0)
  return {
    tasks: dialogues.length,
    dropped: found.length,
    falseDrops: found.filter(findings => findings.every(({ isUnsaid }) => !isUnsaid)).length,
    classes: countBy(dialogues.flatMap(({ leaves }) => leaves.map(outcomeOf)))
  }
}

function findingsOf ({ task, unsaid }: Dialogue, leaves: readonly GroundedLeaf[]): Finding[] {
  return leaves.filter(({ suspect }) => suspect !== undefined).map(({ site: { call }, leaf: { path, value } }) => ({
    task: task.id, tool: call.name, call: call.id, path, value: value as string, isUnsaid: unsaid.some(one => String(one.value) === String(value) && numberOf(one.call) <= numberOf(call.id))
  }))
}

/** Calls are named in order; a look-up makes up nothing. */
const numberOf = (call: string): number => Number(/^call_(\d+)$/.exec(call)?.[1] ?? Infinity)

const outcomeOf = ({ class: name, suspect }: Pick<GroundedLeaf, 'class' | 'suspect'>): Outcome => suspect === undefined ? name : 'drop'

function countBy (names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function measureSwaps (opened: readonly Opened[], chance: Chance): Pick<Figures, 'before' | 'swapped' | 'missed' | 'foreignAmounts'> {
  const before = emptyConfusion()
  const swapped = emptyConfusion()
  const missed: Array<Figures['missed'][number]> = []
  const pools = poolsOf(opened)
  for (const { gold, leaves } of opened) {
    for (const kind of KINDS) {
      const candidates = leaves.filter(found => found.suspect === undefined && GROUNDED.has(found.class) && kindOf(found.leaf) === kind)
      for (const found of pickSome(candidates, SWAPS_PER_KIND, chance)) {
        const value = swapOf(kind, { value: found.leaf.value, said: textBefore(gold, found.site.message), pool: pools.get(found.leaf.name) ?? [] }, chance)
        if (value === undefined) continue
        const outcome = outcomeAfter(gold, found, value)
        add(before[kind], outcomeOf(found))
        add(swapped[kind], outcome)
        if ((kind === 'id' || kind === 'credential') && outcome !== 'drop') missed.push({ task: gold.task.id, tool: found.site.call.name, path: found.leaf.path, was: found.leaf.value, is: value, class: outcome })
      }
    }
  }
  return { before, swapped, missed, foreignAmounts: countForeign(opened, chance) }
}

/** The class of a value in the place of another, everything before it as it was. */
function outcomeAfter (dialogue: Dialogue, { site, leaf }: GroundedLeaf, value: unknown): Outcome {
  const changed = replaceValue(dialogue, { site, leaf }, value)
  for (const found of groundLeaves(changed.trajectory, callsOf(changed))) {
    if (found.site.call.id === site.call.id && found.leaf.path === leaf.path) return outcomeOf(found)
  }
  throw new Error(`${dialogue.task.id}: the swapped value was not found`)
}

/** Amounts of other tasks in the place of amounts: what is called derived here is so by chance. */
function countForeign (opened: readonly Opened[], chance: Chance): Record<string, number> {
  const amounts = opened.flatMap(({ leaves }) => leaves.map(({ leaf }) => leaf).filter(leaf => kindOf(leaf) === 'amount').map(({ value }) => value)).filter(value => Math.abs(Number(value)) > 10)
  return countBy(opened.flatMap(({ gold, leaves }) => pickSome(leaves.filter(({ leaf }) => kindOf(leaf) === 'amount'), SWAPS_PER_KIND, chance)
    .map(found => outcomeAfter(gold, found, chance.pick(amounts)))))
}

function poolsOf (opened: readonly Opened[]): Map<string, unknown[]> {
  const pools = new Map<string, Set<unknown>>()
  for (const { leaves } of opened) for (const { leaf: { name, value } } of leaves) pools.set(name, (pools.get(name) ?? new Set()).add(value))
  return new Map([...pools].map(([name, values]) => [name, [...values]]))
}

function pickSome<T> (values: readonly T[], most: number, chance: Chance): T[] {
  const left = [...values]
  return Array.from({ length: Math.min(most, left.length) }, () => left.splice(chance.integer(0, left.length - 1), 1)[0] as T)
}

function emptyConfusion (): Record<Kind, Record<string, number>> {
  return Object.fromEntries(KINDS.map(kind => [kind, {}])) as Record<Kind, Record<string, number>>
}

function add (counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
