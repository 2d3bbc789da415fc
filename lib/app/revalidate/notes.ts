import type { rejectsOf } from '../dataset/find-output.js'
import type { SetName } from './basis.js'
import type { Revalidation } from './revalidate.js'

/** What a set is, and what its output had kept. */
export interface NotesOptions {
  readonly set: SetName
  readonly unjudged: 'drop' | 'keep'
  readonly kept: ReturnType<typeof rejectsOf>
}

const SAID: Readonly<Record<SetName, string | undefined>> = {
  full: undefined,
  'no-refinement': 'These are drafts, before refinement (GEM, ablation "w/o refinement"). No judge has seen them.',
  'no-judge': 'What the judge said did not count (GEM, ablation "w/o LLM check"); where it was asked, its verdict stands in the record.'
}

/** What must be said of a revalidated set, in sentences. */
export function notesOf ({ unjudged, notKept }: Revalidation, options: NotesOptions): string[] {
  const notes = [SAID[options.set]]
  if (unjudged > 0) notes.push(`${unjudged} trajectories pass these rules and were never judged: ${options.unjudged === 'drop' ? 'they were left out, as `judge/not-judged` where the judge was not asked' : 'they are among the accepted ones'}.`)
  if (options.kept !== 'full') notes.push(TOLD[options.kept])
  if (notKept > 0) notes.push(`${notKept} trajectories that the run dropped were not kept (sink.keepIntermediate): they stay dropped.`)
  return notes.filter(note => note !== undefined)
}

const TOLD: Readonly<Record<Exclude<NotesOptions['kept'], 'full'>, string>> = {
  errors: 'The run kept errors alone (sink.rejects: errors): what its rules or its judge dropped is not among this.',
  counts: 'The run kept no rejects (sink.rejects: counts): what its rules or its judge dropped is not among this.',
  unknown: 'Made from mere data files: what was dropped before is not among this.'
}
