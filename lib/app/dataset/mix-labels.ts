import { DOMAINS, PLATFORMS, TASKS } from '../../schema/labels.js'
import type { TrajectoryRecord } from '../../schema/trajectory-record.js'

/** By what a set is mixed. */
export const MIX_BY = ['task', 'domain', 'platform', 'source', 'licence'] as const

/** One of `MIX_BY`. */
export type MixBy = typeof MIX_BY[number]

/** The label of a record that has none: the filter asked no model, or nobody said the licence. */
export const NO_LABEL = 'unknown'

/** In a quota: all records without a label that is named. */
export const REST = '*'

/** The labels of a record, each once, at least one. */
export function labelsOf ({ labels, source, licence }: TrajectoryRecord, by: MixBy): readonly string[] {
  const found = {
    task: () => labels?.tasks,
    domain: () => labels?.domains,
    platform: () => labels?.platforms,
    source: () => [source.name],
    licence: () => licence === undefined ? undefined : [licence]
  }[by]()
  return found === undefined || found.length === 0 ? [NO_LABEL] : [...new Set(found)]
}

/** The words that labels are taken from; undefined where any name may stand. */
export function vocabularyOf (by: MixBy): readonly string[] | undefined {
  return { task: TASKS, domain: DOMAINS, platform: PLATFORMS, source: undefined, licence: undefined }[by]
}
