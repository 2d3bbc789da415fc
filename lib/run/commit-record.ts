import { z } from 'zod'

const countsSchema = z.record(z.string(), z.int())

/** Books of a split as they stand in a commit; see lib/engine/books.ts. */
export const booksSchema = z.strictObject({
  documents: z.int(),
  accepted: z.int(),
  stages: z.record(z.string(), z.strictObject({ received: z.int(), emitted: z.int(), values: z.int(), dropped: countsSchema, rejected: countsSchema })),
  counts: countsSchema
})

const shardSchema = z.strictObject({ rows: z.int(), bytes: z.int(), sha256: z.string(), contentSha256: z.string() })

const stageUsageSchema = z.record(z.string(), z.strictObject({ calls: z.int(), promptTokens: z.int(), completionTokens: z.int() }))

/** Tokens and calls by stage, as the answers say that stand behind the records; the same whoever computed them and when. */
export type StageUsage = z.infer<typeof stageUsageSchema>

/**
 * The record by which a split is done. `result` is the same for every run of the same plan with the same answers; `attempt`
 * tells who did it, and where the objects lie.
 */
export const commitSchema = z.strictObject({
  version: z.literal(1),
  split: z.string(),
  ordinal: z.int(),
  source: z.strictObject({ name: z.string(), path: z.string(), rowGroup: z.int() }),
  result: z.strictObject({
    /** Rows [from, to) of the file or row group that this commit covers. */
    rows: z.tuple([z.int(), z.int()]),
    /** How many of them were chosen to be read, where not all; the plan says which. */
    chosen: z.int().optional(),
    data: shardSchema.optional(),
    rejects: shardSchema.optional(),
    keysSha256: z.string().optional(),
    books: booksSchema,
    usage: stageUsageSchema
  }),
  attempt: z.strictObject({
    nonce: z.string(),
    data: z.string().optional(),
    rejects: z.string().optional(),
    keys: z.string().optional(),
    worker: z.string(),
    startedAt: z.string(),
    endedAt: z.string()
  })
})

/** The record by which a split is done, as `commitSchema` checks it. */
export type Commit = Readonly<z.infer<typeof commitSchema>>
