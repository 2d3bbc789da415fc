import { z } from 'zod'
import { toolDefinitionSchema } from './tool-definition.js'

/** An example call along the execution graph (GEM, appendix A.2). */
export const actionSchema = z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })

/** The abstract steps found in a document, with the tools that carry them out. */
export const workflowSchema = z.strictObject({
  description: z.string(),
  steps: z.array(z.string()),
  /** Arrow chain of tool names, as the model wrote it: `(a) -> (b, c) -> (d)`. */
  executionGraph: z.string(),
  actions: z.array(actionSchema),
  tools: z.array(toolDefinitionSchema)
})

/** The steps of a document, with their tools. */
export type Workflow = Readonly<z.infer<typeof workflowSchema>>
