import type { TrajectoryRecord } from '../schema/trajectory-record.js'

const MOST_CHARACTERS = 300

/** A record for people: its tools and its turns, one line each, shortened, with nothing that a terminal would obey. */
export function showTrajectory ({ id, tools, messages, stats, lineage }: TrajectoryRecord): string {
  const author = lineage.steps.some(step => step.author === 'rule-based') ? 'rule-based author' : lineage.steps.map(step => step.model).at(-1) ?? '?'
  const head = `trajectory ${id} (${author}; ${stats.messages} messages, ${stats.turns} user turns, ${stats.toolCalls} calls of ${stats.distinctTools} tools)`
  const turns = messages.map(message => {
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []).map(call => `→ ${call.function.name}(${call.function.arguments})`) : []
    return `${message.role.padStart(9)}  ${printable([message.content, ...calls].filter(text => text !== '').join(' '))}`
  })
  return [head, `    tools  ${tools.map(tool => printable(tool.function.name)).join(', ')}`, ...turns].join('\n')
}

/** One line, shortened; control, bidi and zero-width characters shown as what they are. */
export function printable (text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const short = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) // eslint-disable-line no-control-regex
}
