import type { Candidate, CandidateGroup } from './mix-candidates.js'
import { REST } from './mix-labels.js'
import type { Quota } from './mix-quota.js'

/** What became of the quota of a label. */
export interface ChosenLabel {
  readonly label: string
  readonly available: number
  readonly wanted: number
  /** Records that count for this label. One that has others too counts for none of them. */
  readonly taken: number
}

/** A final set: its contents in the order of the draw, and what was taken for which label. */
export interface Choice {
  readonly chosen: readonly Candidate[]
  readonly labels: readonly ChosenLabel[]
}

/**
 * Chooses at most `n` contents. Labels are served one after the other, the scarcest first (available to wanted; for equal
 * shares the one with fewest), equals by name; each takes its candidates of smallest rank that no label before it took. So a
 * record with several labels counts for the scarcest of them, and a common label does not use up what a rare one needs.
 * With equal shares each label is served its part of what is still wanted, and what a rare one cannot give the others do.
 */
export function chooseMix (groups: readonly CandidateGroup[], quota: Quota, n: number): Choice {
  const taken = new Map<string, Candidate>()
  const order = orderOf(withEmpty(groups, quota), quota)
  const labels = order.map(({ label, available, candidates }, at) => {
    const wanted = wantedOf(label, quota, { left: n - taken.size, labels: order.length - at })
    const mine = candidates.filter(({ key }) => !taken.has(key)).slice(0, wanted)
    for (const candidate of mine) taken.set(candidate.key, candidate)
    return { label, available, wanted, taken: mine.length }
  })
  return { chosen: [...taken.values()].sort((one, other) => one.rank < other.rank ? -1 : 1), labels }
}

/** Why a choice has fewer than `n` records; undefined where it has as many. */
export function shortfallOf ({ chosen, labels }: Choice, quota: Quota, n: number): string | undefined {
  if (chosen.length >= n) return undefined
  const asked = labels.reduce((sum, { wanted }) => sum + wanted, 0)
  const short = labels.filter(({ wanted, taken }) => taken < wanted)
  return [
    `${chosen.length} of ${n} records`,
    ...quota.kind === 'wanted' && asked < n ? [`the quotas ask for ${asked} only`] : [],
    ...quota.kind === 'wanted' ? short.map(({ label, wanted, taken }) => `${label === REST ? 'the rest' : label} gave ${taken} of ${wanted}`) : ['there are no more'],
  ].join('; ')
}

/** A label that is wanted and that no record has belongs to the report. */
function withEmpty (groups: readonly CandidateGroup[], quota: Quota): readonly CandidateGroup[] {
  if (quota.kind !== 'wanted') return groups
  const found = new Set(groups.map(({ label }) => label))
  return [...groups, ...[...quota.wanted.keys()].filter(label => !found.has(label)).map(label => ({ label, candidates: [], available: 0 }))]
}

function orderOf (groups: readonly CandidateGroup[], quota: Quota): readonly CandidateGroup[] {
  const scarcity = ({ label, available }: CandidateGroup): number => quota.kind === 'wanted' ? available / Math.max(1, quota.wanted.get(label) ?? 0) : available
  return [...groups].sort((one, other) => scarcity(one) - scarcity(other) || (one.label < other.label ? -1 : 1))
}

function wantedOf (label: string, quota: Quota, { left, labels }: { readonly left: number, readonly labels: number }): number {
  if (quota.kind === 'wanted') return quota.wanted.get(label) ?? 0
  return quota.kind === 'equal' ? Math.ceil(left / labels) : left
}
