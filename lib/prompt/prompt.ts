import { hash } from 'node:crypto'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import { escapeWire } from '../schema/wire.js'
import { readFrontMatter, type FrontMatter } from './front-matter.js'
import { splitRoles, type PromptRole, type RoleTemplate, type Segment } from './split-roles.js'

/** One turn of a rendered prompt. */
export interface PromptMessage { readonly role: PromptRole, readonly content: string }

/** A prompt file, read and checked. Immutable once released: a change is a new version in a file of its own. */
export interface Prompt extends FrontMatter {
  /** `name@v<version>#<hash>`, for lineage and plan. */
  readonly ref: string
  readonly roles: readonly RoleTemplate[]
  /** `renderPrompt` of this prompt. */
  render (values: Readonly<Record<string, string>>): readonly PromptMessage[]
}

/**
 * Reads a prompt file. Its `ref` is `name@v<version>#` and the first 12 hex digits of the file's sha256, line endings folded.
 * Rejects with `prompt-invalid` for bad front matter, an unknown, empty or missing role, and a placeholder that is
 * undeclared or a variable that is unused; the message names file and reason.
 */
export function parsePrompt (source: string, fileName: string): Prompt {
  const folded = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  try {
    const { front, body } = readFrontMatter(folded)
    const roles = splitRoles(body)
    checkPlaceholders(front.variables, roles)
    const prompt: Prompt = {
      ...front,
      ref: `${front.name}@v${front.version}#${hash('sha256', folded).slice(0, 12)}`,
      roles,
      render: values => renderPrompt(prompt, values)
    }
    return prompt
  } catch (error) {
    throw toGemlineError(error, 'prompt-invalid', `prompt ${fileName}`)
  }
}

/**
 * Puts the values in, in one pass: a placeholder, a role heading or a `$&` inside a value stays what it is, text. Values are
 * escaped for the wire format, except those that the front matter declares as `wire`. Rejects with `prompt-invalid` if a
 * value is missing or there is one too many.
 */
export function renderPrompt (prompt: Prompt, values: Readonly<Record<string, string>>): readonly PromptMessage[] {
  const extra = Object.keys(values).find(name => !prompt.variables.includes(name))
  if (extra !== undefined) throw new GemlineError('prompt-invalid', `prompt ${prompt.ref}: there is no variable ${extra}`)
  const ready = new Map(prompt.variables.map(name => [name, valueOf(prompt, values, name)]))
  const fill = (segment: Segment): string => 'text' in segment ? segment.text : ready.get(segment.variable) as string
  return prompt.roles.map(({ role, segments }) => ({ role, content: segments.map(fill).join('') }))
}

function valueOf (prompt: Prompt, values: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (typeof value !== 'string') throw new GemlineError('prompt-invalid', `prompt ${prompt.ref}: no value for ${name}`)
  return prompt.wire.includes(name) ? value : escapeWire(value)
}

function checkPlaceholders (variables: readonly string[], roles: readonly RoleTemplate[]): void {
  const used = roles.flatMap(({ segments }) => segments.flatMap(segment => 'variable' in segment ? [segment.variable] : []))
  const undeclared = used.find(name => !variables.includes(name))
  if (undeclared !== undefined) throw new Error(`the placeholder ${undeclared} is not among the variables`)
  const unused = variables.find(name => !used.includes(name))
  if (unused !== undefined) throw new Error(`the variable ${unused} has no placeholder`)
}
