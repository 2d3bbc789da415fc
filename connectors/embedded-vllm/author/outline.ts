import { clip, plain, SEQUENCE, VERBS } from './words.js'

/** A sequence of steps found in a text. */
export interface Procedure {
  /** Heading, first line or first sentence before it. */
  readonly title: string
  /** At most twelve, one sentence or two each. */
  readonly steps: readonly string[]
  /** Numbered by the text itself, bulleted, or read from its sentences. */
  readonly kind: 'numbered' | 'bullets' | 'prose'
}

/** What the author sees in a text. */
export interface Outline {
  readonly title: string
  readonly procedures: readonly Procedure[]
  /** Sentences that allow, forbid or limit something, at most ten. */
  readonly rules: readonly string[]
}

const MAX_TEXT = 24_000
const MAX_LINES = 1_500
const MAX_STEPS = 12
const MAX_PROCEDURES = 6
const MAX_RULES = 10

interface Line { readonly kind: 'numbered' | 'bullet' | 'heading' | 'text', readonly text: string, readonly ordinal: number }

/** Reads a text: linear in its length, and only its first 24,000 characters. */
export function readOutline (source: string): Outline {
  const text = source.slice(0, MAX_TEXT)
  const lines = splitInline(text.split(/\r?\n/).slice(0, MAX_LINES)).map(readLine).filter(line => line.text !== '')
  const sentences = lines.flatMap(line => splitSentences(line.text))
  const title = clip(lines.find(line => line.kind !== 'bullet')?.text ?? '', 90)
  const foreign = isForeign(text)
  const listed = listProcedures(lines, title, foreign)
  const procedures = listed.length > 0 ? listed : proseProcedures(lines, title, foreign)
  return { title, procedures: procedures.slice(0, MAX_PROCEDURES), rules: sentences.filter(isRule).slice(0, MAX_RULES).map(rule => clip(rule, 220)) }
}

/** Lists that lost their line breaks: `1. Open … 2. Press …` becomes a line each. */
function splitInline (lines: readonly string[]): string[] {
  return lines.flatMap(line => {
    if (line.length < 30 || !/(?:^|\s)2[.)]\s/.test(line)) return [line]
    const parts: string[] = []
    let from = 0
    let wanted = 1
    for (const match of line.matchAll(/(?:^|\s)(\d{1,2})[.)]\s/g)) {
      if (Number(match[1]) !== wanted) continue
      if (match.index > from) parts.push(line.slice(from, match.index))
      from = match.index
      wanted += 1
    }
    return wanted > 2 ? [...parts, line.slice(from)] : [line]
  })
}

const NUMBERED = /^(?:\p{L}{1,12}\s?)?(\p{Nd}{1,2})\s?[.):\-–、．:º°]\s*(.+)$/su
const CJK_STEP = /^(?:第\s?)?([\p{Nd}一二三四五六七八九十]{1,3})\s?(?:步骤|步|、)[骤]?[::,、.]?\s*(.+)$/su
const BULLET = /^[-*•◦‣▪●○➤►✓✔☐·]\s*(.+)$/su

function readLine (raw: string): Line {
  const line = plain(raw).replace(/^\*{2}|\*{2}$/g, '')
  const numbered = NUMBERED.exec(line) ?? CJK_STEP.exec(line)
  if (numbered !== null) return { kind: 'numbered', text: numbered[2]!.trim(), ordinal: Number(numbered[1]!.normalize('NFKC')) || 0 }
  const bullet = BULLET.exec(line)
  if (bullet !== null) return { kind: 'bullet', text: bullet[1]!.trim(), ordinal: 0 }
  if (line.startsWith('#')) return { kind: 'heading', text: line.replace(/^#+\s*/, ''), ordinal: 0 }
  const short = line.length <= 90 && !/[.!;,。！]$/.test(line)
  return { kind: short ? 'heading' : 'text', text: line, ordinal: 0 }
}

interface List { title: string, kind: 'numbered' | 'bullets', steps: string[] }

/** Runs of items, each under the heading or sentence in front of it. */
function listProcedures (lines: readonly Line[], fallback: string, foreign: boolean): Procedure[] {
  const lists: List[] = []
  let title = fallback
  let headed = false
  let open: List | undefined
  for (const line of lines) {
    if (line.kind === 'numbered' || line.kind === 'bullet') {
      const kind = line.kind === 'numbered' ? 'numbered' : 'bullets'
      // Bullets below a numbered item are its details.
      if (open?.kind === 'numbered' && kind === 'bullets') continue
      if (open === undefined || open.kind !== kind || line.ordinal === 1) lists.push(open = { title, kind, steps: [] })
      open.steps.push(firstWords(line.text))
    } else if (line.kind === 'heading') {
      open = undefined
      headed = true
      title = clip(line.text.replace(/:$/, ''), 90)
    } else if (open === undefined && !headed) title = clip(splitSentences(line.text)[0] ?? fallback, 90)
  }
  return lists.filter(list => isProcedure(list, foreign)).map(list => ({ ...list, steps: list.steps.filter(step => step !== '').slice(0, MAX_STEPS) }))
}

function isProcedure ({ kind, steps }: List, foreign: boolean): boolean {
  const instructions = steps.filter(isInstruction).length
  if (kind === 'numbered') return steps.length >= 4 || (steps.length >= 2 && (foreign || instructions > 0))
  return steps.length >= 3 && (foreign || instructions * 2 >= steps.length)
}

/** One sentence of an item, or two where the first is very short. */
function firstWords (item: string): string {
  const [first = '', second] = splitSentences(item)
  return clip(first.length < 16 && second !== undefined ? `${first} ${second}` : first, 170)
}

/** Steps told in sentences, paragraph by paragraph; paragraphs under one title belong together. */
function proseProcedures (lines: readonly Line[], title: string, foreign: boolean): Procedure[] {
  const sentences = lines.flatMap(line => splitSentences(line.text)).flatMap(splitChain)
  const found = sentences.filter(sentence => isInstruction(sentence) && !isNegative(sentence))
  const told = foreign ? sentences.filter(sentence => FOREIGN_SEQUENCE.test(sentence)) : []
  const steps = (found.length >= 3 ? found : told).map(step => clip(step, 170))
  return steps.length >= 3 ? [{ title: clip(splitSentences(title)[0] ?? title, 90), steps: steps.slice(0, MAX_STEPS), kind: 'prose' }] : []
}

/** `Open X, enter Y, then click Z` is three steps: a part begins a step of its own where it begins with a verb. */
function splitChain (sentence: string): string[] {
  if (sentence.length > 600 || !isInstruction(sentence)) return [sentence]
  const chain: string[] = []
  for (const part of sentence.split(/(?<=[;,:])\s+/)) {
    const bare = part.replace(/^(?:and\s|or\s)?(?:then\s)?/i, '')
    if (chain.length === 0 || (!/^or\s/i.test(part) && VERBS.has(bare.split(/[\s,.]/, 1)[0]!.toLowerCase()))) chain.push(chain.length === 0 ? part : bare)
    else chain.push(`${chain.pop()!} ${part}`)
  }
  return chain.map(part => part.replace(/[;,:]$/, '').trim()).filter(part => part.length > 8)
}

const ENGLISH = /\b(?:the|and|you|your|of|is|it)\b/gi
const FOREIGN_SEQUENCE = /(?<!\p{L})(?:zuerst|dann|danach|anschließend|zuletzt|schließlich|ensuite|puis|enfin|abord|luego|después|finalmente|primero|último|continuación|primeiro|depois|prima|poi|infine|daarna|vervolgens|сначала|затем|потом|наконец|najpierw|następnie|önce|sonra|ثم|أولا)(?!\p{L})|首先|然后|接着|最后|まず|次に|最後に|먼저|다음/iu

/** Whether the tables of English verbs cannot help with this text. */
function isForeign (text: string): boolean {
  return (text.slice(0, 4000).match(ENGLISH)?.length ?? 0) * 150 < Math.min(text.length, 4000)
}

/** Sentences of a text: ends at a full stop, question or exclamation mark that a blank or the end follows. */
export function splitSentences (text: string): string[] {
  const sentences: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!
    const wide = '。！？'.includes(sign)
    if (!wide && !'.!?'.includes(sign)) continue
    const next = text[at + 1]
    const close = next !== undefined && '"”’\')»'.includes(next) ? 1 : 0
    const after = text[at + 1 + close]
    if (!wide && after !== undefined && !/\s/.test(after)) continue
    if (/(?:^|\s)(?:e\.g|i\.e|etc|no|nr|approx|z\.b|vs|dr|mr|mrs|st)$/i.test(text.slice(Math.max(0, at - 8), at))) continue
    const sentence = text.slice(from, at + 1 + close).trim()
    if (sentence.length > 1) sentences.push(sentence)
    from = at + 1 + close
  }
  const rest = text.slice(from).trim()
  return rest.length > 1 ? [...sentences, rest] : sentences
}

/** Whether a sentence tells somebody to do something. */
export function isInstruction (sentence: string): boolean {
  const clause = mainClause(sentence)
  const words = clause.toLowerCase().split(/[\s,]+/, 8)
  let at = 0
  while (at < 4 && (SEQUENCE.has(words[at] ?? '') || ['please', 'that', 'carefully', 'simply', 'just', 'always', 'of', 'all', 'to', 'by', 'with', 'do', 'not', 'never'].includes(words[at] ?? ''))) {
    if (VERBS.has(words[at] ?? '') && !SEQUENCE.has(words[at] ?? '')) break
    at += 1
  }
  const verb = (words[at] ?? '').replace(/[^\p{L}-]+/gu, '')
  const following = words[at + 1] ?? ''
  if (VERBS.has(verb) && !['is', 'was', 'are', 'were', 'has', 'had'].includes(following)) return true
  if (['start', 'begin'].includes(verb)) return true
  return /^(?:you|users?|customers?|staff|guests?|the \p{L}{3,20}) (?:should|must|need to|have to|has to|needs to|can then|then)\b/iu.test(words.slice(at).join(' '))
}

/** What follows `If the light is red,` or `Once done,`. */
export function mainClause (sentence: string): string {
  const colon = sentence.indexOf(': ')
  if (colon > 0 && colon < 40 && VERBS.has(sentence.slice(colon + 2).split(/[\s,.]/, 1)[0]!.toLowerCase())) return sentence.slice(colon + 2)
  if (!/^(?:if|when|once|after|before|while|for|in|on|at|from|under|with|as soon as|using|to)\b/i.test(sentence)) return sentence
  const comma = sentence.indexOf(', ')
  return comma === -1 || comma > 110 ? sentence : sentence.slice(comma + 2)
}

/** A prohibition: a rule, not a step. */
export function isNegative (sentence: string): boolean {
  return /^(?:please\s+)?(?:do not|don['’]t|never|avoid)\b/i.test(mainClause(sentence))
}

const RULE = /\b(?:must|never|only|at most|no more than|no longer than|at least|not allowed|cannot|can't|may not|up to|maximum|minimum|within \d+|do not|don['’]t|not before|longest|valid (?:for|until)|exceed|required|is not given|excluded)\b/i

function isRule (sentence: string): boolean {
  return sentence.length >= 20 && sentence.length <= 400 && RULE.test(sentence)
}
