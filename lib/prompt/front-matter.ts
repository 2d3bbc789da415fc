import { parse } from 'yaml'
import { z } from 'zod'

const variable = z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower_snake_case')

/** What stands between the `---` lines of a prompt file. */
export const frontMatterSchema = z.strictObject({
  /** `<operator>/<what it does>`; the file is called `<name>.v<version>.md`. */
  name: z.string().regex(/^[a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*)*$/, 'must be kebab-case words joined by /'),
  version: z.int().min(1),
  /** Every placeholder of the body, once. */
  variables: z.array(variable),
  /** Those variables whose value is wire format already and goes in as it is. */
  wire: z.array(variable).default([]),
  /** What the author of the prompt suggests; the config decides. */
  sampling: z.strictObject({
    temperature: z.number().min(0).optional(),
    topP: z.number().gt(0).max(1).optional(),
    topK: z.int().min(0).optional(),
    maxTokens: z.int().min(1).optional()
  }).default({}),
  /** Suggested stop strings. */
  stop: z.array(z.string().min(1)).default([]),
  /** Shape of the answer: tags of the wire format, or JSON of a schema. */
  response: z.union([z.literal('tags'), z.strictObject({ json: z.record(z.string(), z.unknown()) })]).default('tags')
})

/** The checked front matter of a prompt file, with its defaults. */
export type FrontMatter = Readonly<z.infer<typeof frontMatterSchema>>

/** Splits a prompt file, line endings folded, into front matter and body. Throws what YAML or zod throw, or an Error with the reason. */
export function readFrontMatter (source: string): { readonly front: FrontMatter, readonly body: string } {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source)
  if (match === null) throw new Error('no front matter between two --- lines at the start')
  const result = frontMatterSchema.safeParse(parse(match[1] as string))
  if (!result.success) throw new Error(result.error.issues.map(describeIssue).join('; '))
  const { variables, wire } = result.data
  if (new Set(variables).size !== variables.length) throw new Error('variables: a name stands there twice')
  const stranger = wire.find(name => !variables.includes(name))
  if (stranger !== undefined) throw new Error(`wire: ${stranger} is not one of the variables`)
  return { front: result.data, body: match[2] as string }
}

function describeIssue (issue: z.core.$ZodIssue): string {
  return `${issue.path.length === 0 ? 'front matter' : issue.path.join('.')}: ${issue.message}`
}
