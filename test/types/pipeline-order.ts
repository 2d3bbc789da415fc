/**
 * A wrong order of stages does not compile. Nothing here runs: `npm run typecheck` fails if a line below a
 * `@ts-expect-error` is accepted, or any other line is not.
 */
import type { Operator } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import type { StageModel } from '../../lib/model/ask.js'
import type { TrajectoryCandidate } from '../../lib/schema/candidate.js'
import type { Document } from '../../lib/schema/document.js'
import { extract } from '../../operators/extract.js'
import { filter } from '../../operators/filter.js'
import { generate } from '../../operators/generate.js'
import { judge } from '../../operators/judge.js'
import { refine } from '../../operators/refine.js'
import { synthesize } from '../../operators/synthesize.js'
import { validate } from '../../operators/validate.js'

declare const stage: StageModel
declare const asText: Operator<number, string>
declare const asNumber: Operator<string, number>
declare const wide: Operator<unknown, string>
declare const narrow: Operator<'a' | 'b', string>

const documents = Pipeline.of<Document>()
const relevant = documents.through(filter({ stage }))
const workflows = relevant.through(extract(stage))

/** The orders of the paper, and what comes out of them. */
const teacher: Pipeline<Document, TrajectoryCandidate> = workflows
  .through(generate(stage)).through(refine(stage)).through(validate()).through(judge(stage))
const synthesizer: Pipeline<Document, TrajectoryCandidate> = relevant
  .through(synthesize(stage)).through(validate()).through(judge(stage))

// @ts-expect-error -- generate needs the workflow that extract finds
relevant.through(generate(stage))

// @ts-expect-error -- generate needs a document that went through filter and extract
documents.through(generate(stage))

// @ts-expect-error -- extract takes what filter gives, not a bare document
documents.through(extract(stage))

// @ts-expect-error -- synthesize takes what filter gives, not a bare document
documents.through(synthesize(stage))

// @ts-expect-error -- there is no trajectory to judge before generate
workflows.through(judge(stage))

// @ts-expect-error -- there is no trajectory to refine before generate
workflows.through(refine(stage))

// @ts-expect-error -- there is no trajectory to check before generate
relevant.through(validate())

// @ts-expect-error -- a trajectory is no document: filter comes first
synthesizer.through(filter())

// @ts-expect-error -- a string is no number
Pipeline.of<string>().through(asText)

// @ts-expect-error -- a number is no string, in the second place either
Pipeline.of<string>().through(asNumber).through(asNumber)

// @ts-expect-error -- an operator that takes less than what comes: `process` is a property, so its input is checked strictly
Pipeline.of<string>().through(narrow)

// @ts-expect-error -- what comes out is a trajectory, not a document
const wrong: Pipeline<Document, Document> = teacher

/** An operator that takes more than what comes fits. */
const fits: Pipeline<number, number> = Pipeline.of<number>().through(wide).through(asNumber)

export { fits, wrong }
