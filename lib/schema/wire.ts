/**
 * The wire format of GEM (appendix A): flat tags. Everything that prompts, parsers and renderers must agree on stands here.
 * Structure is made by us or by a model; what lies between the tags is data and must not look like structure.
 */

/** Tags that carry structure, in prompts or in answers. */
export const WIRE_TAGS = [
  'system', 'user', 'assistant', 'tool', 'func', 'toolsets', 'think',
  'workflow', 'description', 'steps', 'execution_graph', 'actions', 'tools',
  'multi_step', 'summary', 'platform', 'domain', 'task',
  'source_text', 'candidate_tools', 'workflow_plan', 'draft_trajectory', 'trajectory',
  'tool_call', 'tool_response'
] as const

const STRUCTURE = new RegExp(`<(?=\\|)|<(?=/?\\s*(?:${WIRE_TAGS.join('|')})\\s*/?>)`, 'gi')
const ESCAPED = /&((?:amp;)*)lt;/g

/**
 * Makes text harmless inside the wire format: a `<` that would open or close a known tag, or begin a template token such
 * as `<|im_start|>`, becomes `&lt;`. Nothing else changes. `unescapeWire` gives the text back exactly.
 */
export function escapeWire (text: string): string {
  return text.replace(ESCAPED, '&amp;$1lt;').replace(STRUCTURE, '&lt;')
}

/** The exact inverse of `escapeWire`. */
export function unescapeWire (text: string): string {
  return text.replace(ESCAPED, (_, more: string) => more === '' ? '<' : `&${more.slice('amp;'.length)}lt;`)
}
