import type { Message, ToolCall } from '../schema/message.js'
import type { ToolDefinition } from '../schema/tool-definition.js'
import type { Trajectory } from '../schema/trajectory.js'
import { escapeWire } from '../schema/wire.js'
import type { Workflow } from '../schema/workflow.js'

/**
 * Writes a dialogue in the wire format of GEM: role tags, calls as JSON in `<func>`, no ids and no tools, all contents
 * escaped. `parseTrajectory` reads it back equal if contents are trimmed, observations answer the calls of the turn before
 * them in order, and no observation is a code fence as a whole. GEM appendix A.3.
 */
export function renderTrajectory ({ messages }: Pick<Trajectory, 'messages'>): string {
  return messages.map(renderMessage).join('\n')
}

/** Writes tools as `renderTools` does, inside of their tag and escaped. GEM appendix A.4. */
export function renderToolsets (tools: readonly ToolDefinition[]): string {
  return `<toolsets>\n${escapeWire(renderTools(tools))}\n</toolsets>\n`
}

/** Writes tools as a JSON array, one a line, with the schema of the arguments under `inputSchema`. Not escaped. GEM appendix A.2. */
export function renderTools (tools: readonly ToolDefinition[]): string {
  const lines = tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, inputSchema: parameters }))
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`
}

/** Writes a workflow without its tools: description, steps, graph and example calls in their tags, contents escaped. GEM appendix A.2. */
export function renderWorkflow ({ description, steps, executionGraph, actions }: Omit<Workflow, 'tools'>): string {
  const parts = [
    ['description', description],
    ['steps', steps.map((step, index) => `Step${index + 1}: ${step}`).join('\n')],
    ['execution_graph', executionGraph],
    ['actions', JSON.stringify(actions.map(({ name, arguments: values }) => ({ name, arguments: values })))]
  ] as const
  return parts.map(([tag, text]) => `<${tag}>\n${escapeWire(text)}\n</${tag}>`).join('\n')
}

function renderMessage (message: Message): string {
  const { role, content } = message
  const calls = role === 'assistant' ? message.toolCalls.map(renderCall) : []
  return `<${role}>${[...content === '' && calls.length > 0 ? [] : [escapeWire(content)], ...calls].join('\n')}</${role}>`
}

function renderCall ({ name, arguments: values }: ToolCall): string {
  return `<func>${escapeWire(JSON.stringify({ name, arguments: values }))}</func>`
}
