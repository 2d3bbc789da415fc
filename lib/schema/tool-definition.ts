import { z } from 'zod'

/** A JSON Schema as data. Only `validate` and ajv look inside. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** What a tool is (OpenAI's function object; GEM's wire format calls `parameters` `inputSchema`, appendix A.2). */
export const toolDefinitionSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** JSON Schema of the arguments, `type: object`. */
  parameters: z.record(z.string(), z.unknown())
})

/** What a tool is. */
export type ToolDefinition = Readonly<z.infer<typeof toolDefinitionSchema>>
