import { GEM_TASK_SHARES } from './gem-shares.js'
import type { Choice, ChosenLabel } from './mix-choose.js'
import { REST, type MixBy } from './mix-labels.js'

/** A label in the set that was made. */
export interface MixedLabel {
  /** `*` stands for all labels without a quota and without a share in the paper. */
  readonly label: string
  /** Records that have it, in what was read; copies count once where there are no more than `n`. */
  readonly available: number
  /** By quota, and taken for it; null where this label has none. */
  readonly wanted: number | null
  readonly taken: number | null
  /** Records of the set that have it, whatever label they were taken for. */
  readonly records: number
  /** With quotas the part of the set that was taken for this label, null where it has none; else its part of all labels that the records of the set have. */
  readonly share: number | null
  /** Its share in the paper (figure 2); null where the paper has none. */
  readonly paper: number | null
}

/** How often each label was read, and how often it is in the set. */
export interface LabelCounts {
  readonly by: MixBy
  readonly seen: ReadonlyMap<string, number>
  readonly had: ReadonlyMap<string, number>
}

/** Every label that the set, a quota or the paper has, the most frequent first, and what is left over at the end. */
export function reportMix (choice: Choice, counts: LabelCounts): MixedLabel[] {
  // Where only the rest was drawn from, there was no quota.
  const quotas = new Map<string, ChosenLabel>(choice.labels.every(({ label }) => label === REST) ? [] : choice.labels.map(chosen => [chosen.label, chosen]))
  const paper: ReadonlyMap<string, number> = counts.by === 'task' ? GEM_TASK_SHARES : new Map()
  const parts = { ...counts, quotas, paper, size: choice.chosen.length }
  const named = [...new Set([...counts.had.keys(), ...quotas.keys(), ...paper.keys()])].filter(label => label !== REST)
  const rows = named.map(label => rowOf(label, [label], parts)).sort((one, other) => other.records - one.records || (one.label < other.label ? -1 : 1))
  if (!quotas.has(REST) && !paper.has(REST)) return rows
  const apart = quotas.has(REST) ? quotas : paper
  return [...rows, rowOf(REST, [REST, ...named.filter(label => !apart.has(label))], parts)]
}

interface Parts extends LabelCounts {
  readonly quotas: ReadonlyMap<string, ChosenLabel>
  readonly paper: ReadonlyMap<string, number>
  /** Records of the set. */
  readonly size: number
}

/** `members` are the labels that the row stands for. */
function rowOf (label: string, members: readonly string[], { quotas, paper, size, had, seen }: Parts): MixedLabel {
  const quota = quotas.get(label)
  const percent = paper.get(label)
  const records = sumOf(members.map(member => had.get(member) ?? 0))
  const takenFor = members.flatMap(member => quotas.get(member)?.taken ?? [])
  const share = quotas.size === 0 ? records / sumOf([...had.values()]) : takenFor.length === 0 ? null : sumOf(takenFor) / size
  return {
    label, records, share,
    available: quota?.available ?? sumOf(members.map(member => seen.get(member) ?? 0)),
    wanted: quota?.wanted ?? null, taken: quota?.taken ?? null,
    paper: percent === undefined ? null : percent / 100
  }
}

function sumOf (values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
