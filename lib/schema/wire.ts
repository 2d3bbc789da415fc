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
  'tool_call', 'tool_response', 'function_call'
] as const

const ATTRIBUTES = String.raw`(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))*`

/**
 * Source of a regular expression, to be used with the flag `i`, for an opening, closing or self-closing tag of these names
 * as models write them: spaces, attributes with a value, `-`, a space or nothing for `_`. Groups: 1 the slash of a closing
 * tag, 2 the name, 3 the slash of a self-closing one. Parsers and `escapeWire` share it: what one takes for structure, the
 * other makes harmless.
 */
export function tagSource (names: readonly string[]): string {
  const loose = names.map(name => name.replaceAll('_', '[ _-]?')).join('|')
  return String.raw`<\s{0,8}(/?)\s{0,8}(${loose})${ATTRIBUTES}\s*(/?)>`
}

const STRUCTURE = new RegExp(`<(?=[|\uFF5C])|<(?=${tagSource(WIRE_TAGS).slice(1)})`, 'gi')
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
