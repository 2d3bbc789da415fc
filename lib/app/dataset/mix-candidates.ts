import { createLeast, type Least } from '../../engine/least.js'
import { GemlineError } from '../../engine/errors.js'
import { sha256 } from '../../run/canonical.js'
import { REST } from './mix-labels.js'
import { MOST_LABELS, type Quota } from './mix-quota.js'

/** A content that could be taken: its key, and its place in the order of the draw. */
export interface Candidate {
  readonly key: string
  readonly rank: string
}

/** A label that records are taken for, with the candidates of smallest rank. */
export interface CandidateGroup {
  readonly label: string
  /** Ascending by rank; `n` of them, or all there are. */
  readonly candidates: readonly Candidate[]
  /** How many different contents there are; where there are more than `n`, records, copies among them. */
  readonly available: number
}

/** Collects what could be taken; holds at most `n` candidates for each label that is wanted. */
export interface Candidates {
  /** Takes a record in by the key of its content. The same content counts once. */
  add (key: string, labels: readonly string[]): void
  /** By label. */
  groups (): readonly CandidateGroup[]
}

/** How many records shall be taken, by which seed, and what is wanted of each label. */
export interface CandidatesOptions {
  readonly n: number
  readonly seed: number
  readonly quota: Quota
}

/**
 * Starts a collection. A record is a candidate for each of its labels that is wanted, and for the rest if none of them is.
 * Which candidates are held does not depend on the order of the records: their rank is a hash of seed and content.
 * `add` throws `config-invalid` where more than 1,000 labels would have to be told apart.
 */
export function createCandidates ({ n, seed, quota }: CandidatesOptions): Candidates {
  const groups = new Map<string, OpenGroup>()
  /** Each content that some group holds, once. */
  const held = new Map<string, Candidate & { holders: number }>()
  const openGroup = (label: string): OpenGroup => {
    const open = groups.get(label)
    if (open !== undefined) return open
    if (groups.size >= MOST_LABELS) throw new GemlineError('config-invalid', `the records have more than ${MOST_LABELS} labels; name those that are wanted in a quota file`)
    const made: OpenGroup = { keys: new Set(), least: createLeast(n, byRank), seen: 0, isOverfull: false }
    groups.set(label, made)
    return made
  }
  const release = (group: OpenGroup, key: string): void => {
    group.isOverfull = true
    group.keys.delete(key)
    const candidate = held.get(key)
    if (candidate !== undefined && --candidate.holders === 0) held.delete(key)
  }
  return {
    add (key, labels) {
      for (const label of wantedLabels(labels, quota)) {
        const group = openGroup(label)
        group.seen++
        if (group.keys.has(key)) continue
        const candidate = held.get(key) ?? { key, rank: sha256(JSON.stringify([seed, key])), holders: 0 }
        held.set(key, candidate)
        candidate.holders++
        group.keys.add(key)
        const left = group.least.offer(candidate)
        if (left !== undefined) release(group, left.key)
      }
    },
    groups: () => [...groups].sort(([one], [other]) => one < other ? -1 : 1).map(([label, { least, seen, isOverfull }]) => ({
      label, candidates: least.sorted(), available: isOverfull ? seen : least.size
    }))
  }
}

interface OpenGroup {
  readonly keys: Set<string>
  readonly least: Least<Candidate>
  seen: number
  isOverfull: boolean
}

/** For which labels a record could be taken. */
function wantedLabels (labels: readonly string[], quota: Quota): readonly string[] {
  if (quota.kind !== 'wanted') return quota.kind === 'equal' ? labels : [REST]
  if (labels.some(label => quota.without.has(label))) return []
  const named = labels.filter(label => quota.wanted.has(label))
  return named.length === 0 && quota.wanted.has(REST) ? [REST] : named
}

function byRank (one: Candidate, other: Candidate): number {
  return one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0
}
