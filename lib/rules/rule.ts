import type { JsonSchema, ToolDefinition } from '../schema/tool-definition.js'
import type { ToolCall } from '../schema/message.js'
import type { Trajectory } from '../schema/trajectory.js'
import type { ReadContent } from './read-observation.js'

/** What becomes of a record that fails a rule: nothing (the rule is not run), a count, or a drop. */
export type RuleMode = 'off' | 'report' | 'drop'

/** Where in a trajectory something was found: index of the message, id of the call, name of the tool, JSON pointer. */
export interface Place {
  readonly message?: number
  readonly call?: string
  readonly tool?: string
  readonly path?: string
}

/** One thing that a rule found wrong. `message` is one sentence, cut to a bounded length. */
export interface Finding {
  readonly rule: string
  readonly message: string
  readonly where: Place
}

/**
 * The six checks of the paper (section 3.2), in the order of its text: 1 tools are well defined, 2 calls name tools of their
 * own set, 3 argument names and 4 argument types match the definition, 5 the format of the conversation, 6 tags are closed.
 */
export type PaperCheck = 1 | 2 | 3 | 4 | 5 | 6

/** Checks one property of a trajectory. Pure: no clock, no I/O, no state, never a model. */
export interface Rule {
  /** Stable, kebab-case; it is the reason of a drop. */
  readonly name: string
  /** Mode in the profile `default`, unless the options say otherwise. */
  readonly mode: Exclude<RuleMode, 'off'>
  /** Which check of the paper it spells out; rules of our own have none and are off in the profile `paper`. */
  readonly paper?: PaperCheck
  check (trajectory: Trajectory, context: RuleContext): Finding[]
}

/** A tool definition that has been looked at once, for all rules. */
export interface CheckedTool {
  readonly definition: ToolDefinition
  /** Why the definition cannot be used; the calls of such a tool are not checked further. */
  readonly fault?: string
  /** Parameters with every local `$ref` put in place; undefined with a fault. */
  readonly schema?: JsonSchema
  /** What is wrong with arguments by schema; undeclared names are not among it. */
  readonly faultsOf: (args: unknown) => readonly ArgumentFault[]
  /** Patterns that a linear-time engine cannot run; they are not enforced. */
  readonly ignoredPatterns: readonly string[]
}

/** The rule that arguments broke, and where (JSON pointer into the arguments). */
export interface ArgumentFault {
  readonly rule: 'argument-name' | 'argument-required' | 'argument-type'
  readonly path: string
  readonly message: string
}

/** A call with its place, its tool and what answered it. */
export interface CallSite {
  /** Index of the assistant message. */
  readonly message: number
  readonly call: ToolCall
  /** Undefined if the trajectory defines no such tool. */
  readonly tool?: CheckedTool
  /** Empty where the tool is unknown or faulty. */
  readonly faults: readonly ArgumentFault[]
  /** The first observation with its id, wherever it stands. */
  readonly observation?: ReadObservation
}

/** An observation with what it is and, where it is JSON, its value. */
export interface ReadObservation extends ReadContent {
  readonly message: number
  readonly content: string
}

/** How an argument value came about; see `lib/rules/grounding`. */
export const GROUNDING_CLASSES = ['user', 'observation', 'system', 'schema', 'derived', 'trivial', 'free', 'unexplained'] as const
/** What the value of an argument rests on; `unexplained` rests on nothing that was said. */
export type GroundingClass = typeof GROUNDING_CLASSES[number]

/** Classes of all argument values of a trajectory, and the ones that nothing explains though they look like an id. */
export interface Grounding {
  readonly counts: Readonly<Record<GroundingClass, number>>
  readonly suspects: ReadonlyArray<{ readonly value: string, readonly where: Place }>
}

/** What rules share: made once for a trajectory, parts of it on demand. */
export interface RuleContext {
  readonly minToolCalls: number
  /** Language that every turn is to be written in, ISO 639-1. */
  readonly language: string
  /** The text that the trajectory was made from, where it is known. */
  readonly source?: string
  /** In the order of `trajectory.tools`. */
  readonly tools: readonly CheckedTool[]
  /** All calls in order. */
  readonly calls: readonly CallSite[]
  readonly grounding: () => Grounding
}

const MAX_QUOTE = 80

/** A value for a message: JSON, cut after 80 characters. */
export function quote (value: unknown): string {
  const text = typeof value === 'string' ? `"${value.slice(0, MAX_QUOTE + 1)}"` : String(JSON.stringify(value))
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text
}
