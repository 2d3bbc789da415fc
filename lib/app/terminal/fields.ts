import type { Message } from '../../schema/message.js'
import type { ToolDefinition } from '../../schema/tool-definition.js'
import type { Trajectory } from '../../schema/trajectory.js'
import { createPaint, type Paint, type Style } from './paint.js'
import { printable } from './printable.js'
import { pad, wrap } from './width.js'

/** The terminal, and whether texts are shown in full. */
export interface Terminal { readonly color: boolean, readonly columns: number, readonly full: boolean }

/** How fields are shown: painted or not, how wide, in full or shortened. */
export interface View { readonly paint: Paint, readonly columns: number, readonly full: boolean }

/** How much of one field is shown where texts are shortened (default all of it), and the style of its name. */
export interface FieldOptions { readonly most?: number, readonly style?: Style }

const LABEL = 11
const LEAST_WIDTH = 30
const MOST_WIDTH = 120
/** Characters of a turn or a tool that are shown of a shortened one. */
export const TURN_CHARACTERS = 300

const ROLES: Readonly<Record<Message['role'], Style>> = { system: 'magenta', user: 'green', assistant: 'cyan', tool: 'yellow' }

/** A view of this terminal: lines of 30 to 120 columns. */
export function openView ({ color, columns, full }: Terminal): View {
  return { paint: createPaint(color), columns: Math.max(LEAST_WIDTH, Math.min(columns, MOST_WIDTH)), full }
}

/** A line across the view with a title in it. */
export function formatRule (title: string, { paint, columns }: View): string {
  return paint.bold(`── ${title} ${'─'.repeat(Math.max(0, columns - title.length - 4))}`)
}

/** A name, and beside it a text in as many lines as it needs. The text may be anything; it is made printable. */
export function field (name: string, text: string, { paint, columns, full, most = Infinity, style = 'bold' }: View & FieldOptions): string[] {
  const safe = printable(text, { lines: full, most: full ? Infinity : most })
  const lines = wrap(safe, columns - LABEL)
  return lines.map((line, at) => `${at === 0 && name !== '' ? paint[style](pad(name, LABEL)) : ' '.repeat(LABEL)}${line}`)
}

/** The tools of a trajectory and its turns, a field each. */
export function formatTrajectory ({ tools, messages }: Trajectory, view: View): string[] {
  return [
    ...tools.flatMap((tool, at) => field(at === 0 ? 'tools' : '', signatureOf(tool), { ...view, most: TURN_CHARACTERS })),
    ...messages.flatMap(message => formatMessage(message, view))
  ]
}

/** Names with their counts, or `none`. */
export function listOf (counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
}

function signatureOf ({ name, description, parameters }: ToolDefinition): string {
  const { properties, required } = parameters as { properties?: unknown, required?: unknown }
  const needed = new Set(Array.isArray(required) ? required : [])
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  return `${name}(${names.map(each => needed.has(each) ? each : `${each}?`).join(', ')})  ${description}`
}

function formatMessage (message: Message, view: View): string[] {
  const style = ROLES[message.role]
  const calls = message.role === 'assistant' ? message.toolCalls.map(call => `→ ${call.name}(${JSON.stringify(call.arguments)})`) : []
  const texts = [message.content, ...calls].filter(text => text !== '')
  return (texts.length === 0 ? [''] : texts).flatMap((text, at) => field(at === 0 ? message.role : '', text, { ...view, most: TURN_CHARACTERS, style }))
}
