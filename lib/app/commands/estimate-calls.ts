import type { ResolvedConfig } from '../resolve.js'

/** Model calls, without repeats of malformed answers and without what a journal or dedup saves. */
export interface CallEstimate {
  /** A document that goes all the way. */
  readonly most: number
  /** Mean over documents of which `relevantShare` pass the filter, nothing being lost after it. */
  readonly typical: number
  readonly relevantShare: number
  /** Of the whole source; `null` where its rows are not known. */
  readonly total: { readonly most: number, readonly typical: number } | null
  /** What the figures stand on. */
  readonly basis: string
}

/** Share of web text with an explicit workflow of several steps (GEM, section 2.1). */
const RELEVANT_SHARE = 0.14

/** How many calls a document costs, from the stages that are on; `rows` is the size of the source. */
export function estimateCalls ({ config, stages }: ResolvedConfig, rows: number | undefined): CallEstimate {
  const { workflows, maxWorkflows } = config.stages.extract
  const children = config.pipeline === 'teacher' && workflows === 'all' ? maxWorkflows : 1
  const each = [...stages.keys()].filter(name => name !== 'filter' && name !== 'extract').length
  const first = stages.has('filter') ? 1 : 0
  const once = stages.has('extract') ? 1 : 0
  const most = first + once + each * children
  // Without a filter model everything goes on to the next stage.
  const relevantShare = first === 1 ? RELEVANT_SHARE : 1
  const typical = first + relevantShare * (once + each)
  return {
    most, typical, relevantShare,
    total: rows === undefined ? null : { most: most * rows, typical: typical * rows },
    basis: `Counted from the stages that are on${children === 1 ? '' : `, at most ${children} workflows a document`}; without the pre-filter and dedup, which save calls, and without repeats, which cost some.`
  }
}
