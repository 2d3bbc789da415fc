import type { Message } from '../schema/message.js'
import { MAX_TEXT_CHARACTERS, textsOf, withoutCode, withoutQuotes } from './texts.js'

/** Tokens of chat templates, wherever they stand: a tokenizer makes one token of each, and training learns nonsense. */
const TEMPLATE_TOKEN = /<\|[a-z0-9_▁]{1,40}\|>|<｜[^｜>\n]{1,40}｜>|\[\/?INST\]|<<\/?SYS>>|\[gMASK\]|<(?:sop|eop|bos|eos|(?:start|end)_of_turn)>|<\/s>\s{0,9}$/i

/** What our prompts call their parts; a tool may have an argument of that name. */
const PROMPT_PART = /\b(?:source_text|candidate_tools|workflow_plan|draft_trajectory|our_traj)\b/
/** A pattern of the prompts as a label. */
const PATTERN_LABEL = /\bpattern\s?(?:\d\s?)?[:(–-]\s?(?:rule against need|error recovery|clarification|multi-hop|rule awareness)/i

/** Headings of instruction data. A system prompt may have sections for input and response. */
const HEADING = /^#{2,4} ?(?:Instruction|Input|Response|Human|Assistant)[ \t]{0,9}:?[ \t]{0,9}$|^#{2,4} ?(?:Instruction|Response|Human|Assistant):/m
const SYSTEM_HEADING = /^#{2,4} ?(?:Instruction|Human|Assistant):/m
/** Who speaks, said inside of what is spoken. */
const OWN_LABEL = /^\s{0,9}(?:\*\*)?(?:Assistant|Human)(?:\*\*)?\s?:/

/** Our escape of `<` in values of prompts, carried over. */
const ESCAPED_TAG = /&lt;\/?\s?(?:func|tool|user|assistant|system|toolsets|tool_call)\s?(?:&gt;|>)/i
/** Line feeds and letters that were escaped once too often: `Hello,\n\nyour order`, `caf\u00e9`. */
const ESCAPED_LINES = /(?:\\n){2,}/
const ESCAPED_LETTER = /\\u[\da-f]{4}/i
const ESCAPED_LINE = /[.!?:;,)]\\n(?=[\s\-*•\d\p{Lu}]|$)/u
const ENTITY = /&(?:lt|gt|amp|quot|apos|nbsp|#\d{2,5}|#x[\da-f]{2,5});/i

/** What a dialogue may speak of by itself: the text it was made from, and all that its tools say of themselves. */
export interface OwnWords {
  readonly source: string | undefined
  readonly toolText: () => string
}

/** What a message holds of templates, prompts and escapes, for certain. An escape that the source text has too is meant. */
export function residueOf (message: Message, own: OwnWords): string | undefined {
  for (const text of textsOf(message)) {
    const found = first(TEMPLATE_TOKEN, text) ?? unlessIn(own.source, first(ESCAPED_TAG, text)) ?? promptPartIn(text, own)
    if (found !== undefined) return found
  }
  if (message.role === 'tool') return undefined
  const prose = withoutCode(message.content)
  const heading = first(message.role === 'system' ? SYSTEM_HEADING : HEADING, prose)
  if (heading !== undefined) return heading
  const label = message.role === 'system' ? undefined : first(OWN_LABEL, prose)
  return label ?? first(PATTERN_LABEL, prose) ?? unlessIn(own.source, escapesIn(prose))
}

/** What may be residue and may be meant: an entity of HTML, one escaped line feed. */
export function doubtfulResidueOf ({ role, content }: Message, { source }: OwnWords): string | undefined {
  if (role === 'tool' || !/[&\\]/.test(content)) return undefined
  const prose = withoutQuotes(withoutCode(content))
  return unlessIn(source, first(ENTITY, prose)) ?? unlessIn(source, first(ESCAPED_LINE, prose))
}

function promptPartIn (text: string, { source, toolText }: OwnWords): string | undefined {
  const part = unlessIn(source, first(PROMPT_PART, text))
  return part === undefined || toolText().includes(part) ? undefined : part
}

function unlessIn (source: string | undefined, found: string | undefined): string | undefined {
  return found !== undefined && source?.includes(found) === true ? undefined : found
}

function escapesIn (prose: string): string | undefined {
  if (!prose.includes('\\')) return undefined
  const plain = withoutQuotes(prose)
  return first(ESCAPED_LINES, plain) ?? first(ESCAPED_LETTER, plain)
}

function first (pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text.length > MAX_TEXT_CHARACTERS ? text.slice(0, MAX_TEXT_CHARACTERS) : text)?.[0]
}
