/** What a walk over one bracketed value found. Offsets are into the text that was walked. */
export interface JsonSpan {
  readonly start: number
  /** Just behind the closing bracket. */
  readonly end: number
  readonly kind: 'object' | 'array'
  /** The same value with strings, comments and large numbers made plain JSON; the rest is as it was. */
  readonly rewritten: string
  readonly depth: number
  /** Colons outside of strings. */
  readonly keys: number
  /** Closing brackets outside of strings. */
  readonly closers: number
  /** Whether `...` stands where a value should: somebody left something out. */
  readonly elided: boolean
}

/** Why there is no span: the text ends inside of the value, or brackets cross. */
export interface JsonBreak { readonly broken: string, readonly at: number, readonly inString: boolean }

interface Walk {
  readonly text: string
  readonly stack: string[]
  at: number
  out: string
  depth: number
  keys: number
  closers: number
  elided: boolean
}

const CLOSER: Readonly<Record<string, string>> = { '{': '}', '[': ']' }
/** Quotes that open a string, with those that may close it. Only `"` opens one in strict JSON. */
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”“"', '„': '“”"', '‘': '’‘\'', '’': '’\'' }

/**
 * Walks over the bracketed value that begins at `start`. Exact on JSON; on what models write instead it goes by the
 * character after a quote to tell the end of a string from a quote inside of it. Integers beyond 2^53 and numbers beyond
 * a double are rewritten as strings of their digits.
 */
export function scanJson (text: string, start: number): JsonSpan | JsonBreak {
  const walk: Walk = { text, stack: [], at: start, out: '', depth: 0, keys: 0, closers: 0, elided: false }
  while (walk.at < text.length) {
    const broken = step(walk)
    if (broken !== undefined) return broken
    if (walk.stack.length > 0) continue
    const { at: end, out: rewritten, depth, keys, closers, elided } = walk
    return { start, end, kind: text[start] === '{' ? 'object' : 'array', rewritten, depth, keys, closers, elided }
  }
  return { broken: `the text ends before ${missing(walk)}`, at: text.length, inString: false }
}

/** Takes one string, comment, number, bracket or other character. */
function step (walk: Walk): JsonBreak | undefined {
  const char = walk.text[walk.at]!
  if (char in CLOSER) open(walk, char)
  else if (char === '}' || char === ']') return close(walk, char)
  else if (char in QUOTES && opensString(walk, char)) return takeString(walk, char)
  else if (!takeComment(walk, char) && !takeNumber(walk, char)) takeOther(walk, char)
  return undefined
}

function open (walk: Walk, char: string): void {
  walk.stack.push(CLOSER[char]!)
  walk.depth = Math.max(walk.depth, walk.stack.length)
  walk.out += char
  walk.at++
}

function close (walk: Walk, char: string): JsonBreak | undefined {
  if (walk.stack.at(-1) !== char) {
    return { broken: `${char} stands where ${missing(walk)} is due`, at: walk.at, inString: false }
  }
  walk.stack.pop()
  walk.closers++
  walk.out += char
  walk.at++
}

function missing (walk: Walk): string {
  return walk.stack.at(-1)!
}

function opensString (walk: Walk, quote: string): boolean {
  return quote === '"' || !/[\p{L}\p{N}]/u.test(walk.text[walk.at - 1] ?? '')
}

function takeString (walk: Walk, quote: string): JsonBreak | undefined {
  const { text } = walk
  const from = walk.at
  const triple = quote.repeat(3)
  const isTriple = '"\''.includes(quote) && text.startsWith(triple, from)
  walk.at += isTriple ? 3 : 1
  walk.out += '"'
  while (walk.at < text.length) {
    const char = text[walk.at]!
    if (isTriple ? text.startsWith(triple, walk.at) : QUOTES[quote]!.includes(char) && endsString(text, walk.at + 1)) {
      walk.at += isTriple ? 3 : 1
      walk.out += '"'
      return
    }
    if (char === '\\') takeEscape(walk)
    else {
      walk.out += char < ' ' || char === '"' ? JSON.stringify(char).slice(1, -1) : char
      walk.at++
    }
  }
  return { broken: `the string that begins at ${from} has no end`, at: text.length, inString: true }
}

const WHITE = /\s*/y
const ENDS_STRING = /$|[,:}\]]|\/[/*]|#|\+\s{0,8}"|"[^"\n]{1,64}"\s{0,8}:/y

/** Whether what follows a quote shows that the quote was the end. */
function endsString (text: string, after: number): boolean {
  WHITE.lastIndex = after
  const white = WHITE.exec(text)![0]
  const next = after + white.length
  ENDS_STRING.lastIndex = next
  return ENDS_STRING.test(text) || (white.includes('\n') && '"\'“'.includes(text[next]!))
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Keeps a backslash that JSON does not know (`\d`, `\_`, half a `\u`): it was meant as it stands. */
function takeEscape (walk: Walk): void {
  ESCAPE.lastIndex = walk.at
  const known = ESCAPE.exec(walk.text)?.[0]
  const next = walk.text[walk.at + 1]
  if (known !== undefined) walk.out += known
  else walk.out += next === "'" || next === '`' ? next : '\\\\'
  walk.at += known?.length ?? (next === "'" || next === '`' ? 2 : 1)
}

function takeComment (walk: Walk, char: string): boolean {
  const { text, at } = walk
  const isBlock = text.startsWith('/*', at)
  if (!isBlock && char !== '#' && !(text.startsWith('//', at) && text[at - 1] !== ':')) return false
  const end = isBlock ? text.indexOf('*/', at + 2) : text.indexOf('\n', at)
  walk.at = end === -1 ? text.length : end + (isBlock ? 2 : 0)
  return true
}

const NUMBER = /[+-]?\d+(\.\d+)?([eE][+-]?\d+)?(?![\w.-])/y

function takeNumber (walk: Walk, char: string): boolean {
  if (!/[\d+-]/.test(char) || /[\w.]/.test(walk.text[walk.at - 1]!)) return false
  NUMBER.lastIndex = walk.at
  const match = NUMBER.exec(walk.text)
  if (match === null) return false
  const digits = match[0].replace(/^\+/, '')
  const isInteger = match[1] === undefined && match[2] === undefined
  const isSafe = isInteger ? Number.isSafeInteger(Number(digits)) : Number.isFinite(Number(digits))
  walk.out += isSafe ? digits : `"${digits}"`
  walk.at += match[0].length
  return true
}

function takeOther (walk: Walk, char: string): void {
  if (char === ':') walk.keys++
  if (char === '…' || walk.text.startsWith('...', walk.at)) walk.elided = true
  walk.out += char === '\uFEFF' || char === '\u200B' ? '' : char
  walk.at++
}
