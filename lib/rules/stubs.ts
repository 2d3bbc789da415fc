import { MAX_TEXT_CHARACTERS, withoutCode, withoutQuotes } from './texts.js'

/** Whose text it is: what may stand in one is a placeholder in another. */
export type Speaker = 'system' | 'user' | 'assistant' | 'argument' | 'observation' | 'text'

/** A whole value that elides: `...`, `[…]`, `... 12 more`, `(3 more items)`, `// more`, `https://...`. */
const ELIDED = new RegExp([
  '^[[({<]?\\s{0,9}(?:\\.{3,20}|…{1,9})\\s{0,9}[\\])}>]?,?$',
  '^[[(]?\\s{0,9}(?:\\.{3}|…)\\s{0,9}\\(?(?:and\\s+|plus\\s+|\\+\\s{0,9})?(?:\\d{1,9}\\s+|several\\s+|many\\s+|some\\s+|the\\s+)?(?:more|others?|additional|remaining|rest|similar|etc)\\b.{0,60}$',
  '^[[(]?\\s{0,9}(?:and\\s+|plus\\s+|\\+\\s{0,9})\\d{1,9}\\s+(?:more|others?|additional|remaining)\\b.{0,40}$',
  '^[[(]\\s{0,9}\\d{1,9}\\s+(?:more|other|additional|remaining)\\b.{0,40}[\\])]$',
  '^(?:\\/\\/|\\/\\*)\\s{0,9}(?:and\\s+)?(?:\\d{1,9}\\s+|many\\s+|other\\s+|additional\\s+)?(?:more|etc|rest of|remaining|additional|same as|similar|omitted|truncated)\\b(?!\\s+(?:info|details|about|at)).{0,80}$',
  '^https?:\\/\\/(?:www\\.)?(?:\\.{3}|…)'
].join('|'), 'i')

/** A comment that elides, inside of anything: `// ... existing code ...`, `/* 3 more *\/`, `<!-- ... -->`; and saying so. */
const ELIDING = new RegExp([
  '(?:^|[\\s;{},([])(?:\\/\\/|\\/\\*|#|<!--)\\s{0,9}(?:\\.{3}|…)\\s{0,9}(?:$|\\n|\\*\\/|-->|(?:(?:and|the)\\s+)?(?:\\d{1,9}\\s+)?(?:more|rest|remaining|existing|other|same|similar|additional|omitted|unchanged|etc)\\b)',
  '(?:^|[\\s;{},([])(?:\\/\\/|\\/\\*)\\s{0,9}(?:and\\s+)?\\d{1,9}\\s+more\\b',
  '(?:^|[\\s;{},([])(?:\\/\\/|\\/\\*)\\s{0,9}more\\s{0,9}(?:items|entries|rows|results|records|fields|data|objects)?\\s{0,9}(?:$|\\n|\\*\\/|[\\]}])',
  '\\b(?:omitted|truncated|shortened|abbreviated|elided)\\s+for\\s+(?:brevity|readability|space)\\b'
].join('|'), 'i')

/** JSON that is none because of its gap: `[1, 2, ...]`, `{"a": 1, ...}`. */
const GAP = /[[{,:]\s{0,99}(?:\.{3}|…)\s{0,99}(?:[\]},]|$)/

/** Words that name what is to be filled in. */
const WANTED = '(?:(?:full|first|last|user|company|customer|recipient|sender|business|account|order|phone|contact|employee|street|e-?mail|api|access|secret|project)[ _-]?)?' +
  '(?:names?|e-?mails?|address|phone|number|id|key|token|password|username|date|time|company|organi[sz]ation|signature|job title|city|amount|value|url|link|url here|text here|message here|here|contact information|placeholder)'
const TAG = /(?<![\w"'=.])<\s?[a-z][a-z0-9]{0,30}(?:[ _-][a-z0-9]{1,30}){0,5}\s?>/gi
const TAG_WORD = /(?:^|[ _-])(?:your|insert|id|ids|name|email|token|key|password|secret|value|number|amount|date|time|timestamp|phone|url|username|uuid|string|placeholder|todo|here)(?:$|[ _-])/i
const BRACKETED = new RegExp(`\\[\\s{0,3}(?:(?:insert|fill in)\\s[^\\]\\n<>"]{1,60}|(?:enter|specify|provide|add|your|the|customer'?s?|recipient'?s?)\\s+(?:your\\s+|the\\s+|a\\s+)?${WANTED}(?:\\s+here)?|placeholder[^\\]\\n]{0,30})\\s{0,3}\\](?!\\()`, 'i')
const WHOLE_BRACKETED = new RegExp(`^\\[\\s{0,3}(?:your\\s+)?${WANTED}\\s{0,3}\\]$`, 'i')
const SHOUTED = /(?<![\w$])(?:YOUR[_-][A-Z0-9]{2,20}(?:[_-][A-Z0-9]{1,20}){0,5}|(?:INSERT|ENTER|REPLACE|PASTE)[_-](?:[A-Z0-9]{1,20}[_-]){0,4}HERE|REPLACE[_-]ME|CHANGE[_-]?ME)(?![\w-])/
const WHOLE_YOUR = /^your[_-][a-z0-9]{2,20}(?:[_-][a-z0-9]{1,20}){0,5}$/i
const MUSTACHE = /\{\{\s{0,3}[a-z]\w{0,40}\s{0,3}\}\}/i
const WHOLE_MUSTACHE = /^\{\{\s{0,3}[a-z]\w{0,40}\s{0,3}\}\}$/i

/** Names of values in which a placeholder is what is meant: templates, patterns, help. */
const IS_TEMPLATE = /templat|variable|placeholder|merge|snippet|pattern|format|syntax|usage|example|help|regex|schema|html|xml|markup|readme|\bdocs?\b/i
/** Talk about such. */
const TALKS_OF_TEMPLATES = /templat|variable|placeholder|merge (?:field|tag)|snippet|format|syntax|usage|regex|markup|replac|jinja|liquid|mustache|handlebars/i

/** What in a whole JSON string (or observation) stands for a value; undefined where it is one. `path` is its JSON pointer. */
export function stubOfValue (value: string, path: string, speaker: Speaker): string | undefined {
  const text = value.trim()
  if (text.length > 120 || text === '') return undefined
  if (ELIDED.test(text)) return text
  if (IS_TEMPLATE.test(path)) return undefined
  if (WHOLE_BRACKETED.test(text) || WHOLE_YOUR.test(text) || WHOLE_MUSTACHE.test(text)) return text
  const found = first(SHOUTED, text) ?? first(BRACKETED, text) ?? tagIn(text)
  return found !== undefined && (speaker === 'argument' || found.length === text.length) ? found : undefined
}

/** What inside a longer JSON string, or in an observation that is no JSON, elides. */
export function embeddedStub (value: string, path: string, speaker: Speaker): string | undefined {
  const text = value.slice(0, MAX_TEXT_CHARACTERS)
  const eliding = /[#/<]|for\s/.test(text) ? first(ELIDING, text) : undefined
  if (eliding !== undefined) return eliding.trim()
  if (speaker === 'text') return /^\s*[[{]/.test(text) ? first(GAP, text) : undefined
  if (speaker !== 'argument' || IS_TEMPLATE.test(path)) return undefined
  return first(SHOUTED, text) ?? first(BRACKETED, text)
}

/** What in prose stands for data. An ellipsis is speech there, unless it is all that is said. */
export function stubInText (content: string, speaker: 'system' | 'user' | 'assistant'): string | undefined {
  if (speaker !== 'user' && /^\s{0,99}[[(]?\s{0,9}(?:\.{3,20}|…{1,9})\s{0,9}[\])]?\s{0,99}$/.test(content)) return content.trim()
  if (!/[[{<]|YOUR|HERE|_ME/.test(content)) return undefined
  const text = withoutCode(content)
  const bracketed = first(BRACKETED, text)
  if (bracketed !== undefined) return bracketed
  if (TALKS_OF_TEMPLATES.test(text)) return undefined
  const plain = withoutQuotes(text)
  return first(MUSTACHE, plain) ?? (speaker === 'system' ? undefined : first(SHOUTED, plain) ?? tagIn(plain))
}

/** `<user_id>` and the like, unless it is an element with its end: `<user_id>7</user_id>`. */
function tagIn (text: string): string | undefined {
  if (!text.includes('<')) return undefined
  for (const [tag] of text.matchAll(TAG)) {
    const inner = tag.slice(1, -1).trim()
    if (TAG_WORD.test(inner) && !text.includes(`</${inner}>`)) return tag
  }
  return undefined
}

function first (pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.[0]
}
