import type { Message } from '../schema/message.js'
import type { ToolDefinition } from '../schema/tool-definition.js'
import type { Trajectory } from '../schema/trajectory.js'

/** Names of the forms that trainers read. */
export const FORMAT_NAMES = ['openai', 'sharegpt', 'hermes', 'ms-swift', 'trl', 'verl'] as const

/** Name of a form that a trainer reads. */
export type FormatName = typeof FORMAT_NAMES[number]

/** A row of a training set; keys in the order in which they are written. */
export type Row = Readonly<Record<string, unknown>>

/**
 * A column of a training set, and what it holds in every row: text; a list of any JSON values; a list of objects with the same
 * keys, all of them text; messages, of such keys and of calls with keys of their own. A reader that guesses the type from
 * some rows gives the others null keys, and one that keeps any JSON (`Json()` of `datasets`) changes their numbers.
 */
export type FormatColumn =
  | { readonly name: string, readonly holds: 'text' }
  | { readonly name: string, readonly holds: 'values' }
  | { readonly name: string, readonly holds: 'texts', readonly keys: readonly string[] }
  | { readonly name: string, readonly holds: 'messages', readonly keys: readonly string[], readonly callKeys: readonly string[] }

/** One form of training data: how a trajectory is written as a row, and read back. */
export interface TrainingFormat {
  readonly name: FormatName
  readonly file: 'jsonl' | 'parquet'
  /** All columns that `write` fills; those of tools are left out where no row has tools. */
  readonly columns: readonly FormatColumn[]
  /** The trajectory must have no obstacle, see `findObstacle`. Without tools there is no column of tools. */
  write (trajectory: Trajectory): Row
  /** The inverse. Throws a SyntaxError that says what is wrong with the row. */
  read (row: Row): Trajectory
}

/** OpenAI's form of tools. `type` and `properties` of the parameters are always there: LLaMA-Factory fails without. */
export function toFunctionTools (tools: readonly ToolDefinition[]): ReadonlyArray<{ readonly type: 'function', readonly function: ToolDefinition }> {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: { ...'type' in parameters ? {} : { type: 'object' }, ...parameters, ...'properties' in parameters ? {} : { properties: {} } } }
  }))
}

/** The column of tools; there is none where there are no tools. */
export function writeTools (tools: readonly ToolDefinition[], write: (tools: unknown) => unknown = tools => tools): { readonly tools?: unknown } {
  return tools.length === 0 ? {} : { tools: write(toFunctionTools(tools)) }
}

/** A dialogue without its system prompt, which is undefined where there is none. */
export function splitSystem (messages: readonly Message[]): { readonly system: string | undefined, readonly rest: readonly Message[] } {
  const [first] = messages
  return first?.role === 'system' ? { system: first.content, rest: messages.slice(1) } : { system: undefined, rest: messages }
}

/** Messages with the observations that follow one another taken together. */
export function groupObservations (messages: readonly Message[]): ReadonlyArray<Message | { readonly role: 'observations', readonly contents: readonly string[] }> {
  const groups: Array<Message | { role: 'observations', contents: string[] }> = []
  for (const message of messages) {
    const last = groups.at(-1)
    if (message.role !== 'tool') groups.push(message)
    else if (last?.role === 'observations') last.contents.push(message.content)
    else groups.push({ role: 'observations', contents: [message.content] })
  }
  return groups
}
