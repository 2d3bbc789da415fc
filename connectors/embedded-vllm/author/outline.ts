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
  const listed = listProcedures(lines, title)
  const procedures = listed.length > 0 ? listed : proseProcedures(lines, title)
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
  if (numbered !== null) return { kind: 'numbered', text: numbered[2]!.trim(), ordinal: Number(numbered[1]!.normalize('NFKC')) || 1 }
  const bullet = BULLET.exec(line)
  if (bullet !== null) return { kind: 'bullet', text: bullet[1]!.trim(), ordinal: 0 }
  if (line.startsWith('#')) return { kind: 'heading', text: line.replace(/^#+\s*/, ''), ordinal: 0 }
  const short = line.length <= 90 && !/[.!;,。！]$/.test(line)
  return { kind: short ? 'heading' : 'text', text: line, ordinal: 0 }
}

function listProcedures (lines: readonly Line[], fallback: string): Procedure[] {
  const found: Procedure[] = []
  let title = fallback
  let steps: string[] = []
  let kind: 'numbered' | 'bullets' = 'numbered'
  const close = (): void => {
    const instructions = steps.filter(isInstruction).length
    if (kind === 'numbered' ? steps.length >= 2 : steps.length >= 3 && instructions * 2 >= steps.length) found.push({ title, steps: steps.slice(0, MAX_STEPS), kind })
    steps = []
  }
  for (const line of lines) {
    if (line.kind === 'heading' || line.kind === 'text') {
      // Text between two items belongs to the first of them; a heading ends the list.
      if (line.kind === 'heading' || steps.length === 0) {
        close()
        title = clip(line.kind === 'heading' ? line.text.replace(/:$/, '') : splitSentences(line.text)[0] ?? fallback, 90)
      }
      continue
    }
    const kindOfLine = line.kind === 'numbered' ? 'numbered' : 'bullets'
    if (steps.length > 0 && (kindOfLine !== kind || line.ordinal === 1)) {
      if (kindOfLine === 'bullets') continue
      close()
    }
    kind = kindOfLine
    const step = firstWords(line.text)
    if (step !== '') steps.push(step)
  }
  close()
  return found
}

/** One sentence of an item, or two where the first is very short. */
function firstWords (item: string): string {
  const [first = '', second] = splitSentences(item)
  return clip(first.length < 16 && second !== undefined ? `${first} ${second}` : first, 170)
}

/** Steps told in sentences, paragraph by paragraph; paragraphs under one title belong together. */
function proseProcedures (lines: readonly Line[], title: string): Procedure[] {
  const sentences = lines.flatMap(line => splitSentences(line.text)).flatMap(splitChain)
  const steps = sentences.filter(sentence => isInstruction(sentence) && !isNegative(sentence)).map(step => clip(step, 170))
  return steps.length >= 3 ? [{ title: clip(splitSentences(title)[0] ?? title, 90), steps: steps.slice(0, MAX_STEPS), kind: 'prose' }] : []
}

/** `Open X, then click Y` is two steps. */
function splitChain (sentence: string): string[] {
  if (sentence.length > 600) return [sentence]
  return sentence.split(/(?:[;,]\s+(?:and\s+)?then\s+|;\s+)/i).map(part => part.trim()).filter(part => part.length > 8)
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
