import { quote, type Rule } from './rule.js'
import { textsOf } from './texts.js'

/** Tags that nobody quotes: found in a content, they are what a broken parse left over. */
const ALWAYS_RESIDUE = /<\/?\s{0,9}(?:assistant|func|toolsets|tool_call|tool_response|think)\s{0,9}\/?>/i

/** Tags that a text may well quote, such as a line of XML; alone, without their other half, they are residue. */
const QUOTABLE = /<(\/?)\s{0,9}(system|user|tool)\s{0,9}>/gi

/** Contents hold no leftover tag of the wire format (paper, rule 6). */
export const tagsUnclosed: Rule = {
  name: 'tags-unclosed',
  mode: 'drop',
  paper: 6,
  check: ({ messages }) => messages.flatMap((message, index) => textsOf(message).flatMap(text => {
    const residue = residueOf(text)
    return residue === undefined ? [] : [{ rule: 'tags-unclosed', message: `leftover ${quote(residue)}`, where: { message: index } }]
  }))
}

function residueOf (text: string): string | undefined {
  if (!text.includes('<')) return undefined
  const always = ALWAYS_RESIDUE.exec(text)
  if (always !== null) return always[0]
  const open: Record<string, number> = {}
  for (const [tag, slash, name = ''] of text.matchAll(QUOTABLE)) {
    const depth = (open[name.toLowerCase()] ?? 0) + (slash === '' ? 1 : -1)
    if (depth < 0) return tag
    open[name.toLowerCase()] = depth
  }
  const left = Object.entries(open).find(([, depth]) => depth > 0)
  return left === undefined ? undefined : `<${left[0]}>`
}
