import type { z } from 'zod'
import { fromOpenAi } from '../../schema/open-ai.js'
import { rejectRecordSchema, trajectoryRecordSchema, type RejectRecord, type TrajectoryRecord } from '../../schema/trajectory-record.js'
import type { Trajectory } from '../../schema/trajectory.js'

/** A line of a data shard with its trajectory. */
export interface AcceptedLine {
  readonly kind: 'accepted'
  readonly body: TrajectoryRecord
  readonly trajectory: Trajectory
  /** Before refinement, where it was kept. */
  readonly draft: Trajectory | undefined
}

/** A line of a rejects shard, with the trajectory that the stage was given that ended it, where there was one and it was kept. */
export interface EndedLine {
  readonly kind: 'ended'
  readonly body: RejectRecord
  readonly trajectory: Trajectory | undefined
  readonly draft: Trajectory | undefined
}

/** A line of an output. */
export type Line = AcceptedLine | EndedLine

/** Opens a line of data; says what is wrong with one that is no record. */
export function openAccepted (value: unknown): AcceptedLine | { readonly problem: string } {
  return open(trajectoryRecordSchema, value, body => ({ kind: 'accepted', body, trajectory: fromOpenAi(body), draft: body.draft && fromOpenAi(body.draft) }))
}

/** Opens a line of rejects; says what is wrong with one that is no reject. */
export function openEnded (value: unknown): EndedLine | { readonly problem: string } {
  return open(rejectRecordSchema, value, body => {
    const { candidate } = body
    // What refine was given is the draft itself.
    const isDraft = body.stage === 'refine'
    const trajectory = candidate && fromOpenAi(candidate)
    return { kind: 'ended', body, trajectory: isDraft ? undefined : trajectory, draft: isDraft ? trajectory : candidate?.draft && fromOpenAi(candidate.draft) }
  })
}

/** What was made of the document of a line, as it stands in it. Undefined for a reject that kept nothing. */
export function contentOf (line: Line): RejectRecord['candidate'] {
  return line.kind === 'accepted' ? line.body : line.body.candidate
}

/** Id of the document behind a line: its own, without the number of the child. */
export function documentIdOf ({ body }: Line): string {
  return body.id.replace(/\..*$/s, '')
}

function open<Body, Opened> (schema: z.ZodType<Body>, value: unknown, toLine: (body: Body) => Opened): Opened | { readonly problem: string } {
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { problem: `${issue?.path.join('.') || 'line'}: ${issue?.message ?? 'wrong'}`.slice(0, 300) }
  }
  try {
    return toLine(parsed.data)
  } catch (error) {
    return { problem: (error as Error).message.slice(0, 300) }
  }
}
