import { z } from 'zod'
import { STEP_WORDS, UNSPACED_STEP_WORDS, WORD_KINDS } from './step-words.js'

/** Bounds of the rules that run before any model is asked. */
export const preFilterSchema = z.strictObject({
  /** Shorter texts are `too-short`. */
  minCharacters: z.int().min(0).default(200),
  /** Longer texts are `too-long-text`. */
  maxCharacters: z.int().min(1).default(100_000),
  /** Fewer signs of steps than this are `no-steps`; 0 asks for none. */
  minSigns: z.int().min(0).default(3)
})

/** The bounds in effect: lengths in UTF-16 units, signs of steps as `preFilter` counts them. */
export type PreFilterOptions = Readonly<z.infer<typeof preFilterSchema>>
/** Why a text was dropped before any model saw it. */
export type PreFilterReason = 'too-short' | 'too-long-text' | 'no-steps'

/**
 * Why a text is not worth a model call, or undefined if it is. Rather lets ten texts through than loses one that has steps.
 * Beyond GEM, which asks a model about every document (paper section 3.1).
 */
export function preFilter (text: string, { minCharacters, maxCharacters, minSigns }: PreFilterOptions): PreFilterReason | undefined {
  if (text.length < minCharacters) return 'too-short'
  if (text.length > maxCharacters) return 'too-long-text'
  return countSigns(text, minSigns) < minSigns ? 'no-steps' : undefined
}

const SPACE = 32
const LETTERS_END = 0x2000
const UNSPACED_START = 0x2e80
/** How many different words of a kind count: stories have these too. Of the others all count. */
const MOST_SIGNS = new Map<number, number>([[WORD_KINDS.sequence, 2], [WORD_KINDS.device, 2], [WORD_KINDS.address, 1]])

const codesOf = (characters: string): ReadonlySet<number> => new Set([...characters].map(character => character.charCodeAt(0)))
const ENUMERATOR_MARKS = codesOf('.):、．）\uFE0F')
const SENTENCE_ENDS = codesOf('.!?:;\n')
const BULLETS = codesOf('-*•◦‣▪●○➤►✓✔☐')
/** `Settings > General`, `File → Open`. */
const ARROWS = codesOf('>→»›')

/** Lower case of every letter below LETTERS_END by char code, 0 for what is no letter. */
const FOLDED = Uint16Array.from({ length: LETTERS_END }, (_, code) => {
  const letter = String.fromCharCode(code)
  return /[\p{L}\p{M}]/u.test(letter) ? letter.toLowerCase().charCodeAt(0) : 0
})

const SLOTS = 4096
const HASHES = new Int32Array(SLOTS)
const KINDS = new Uint8Array(SLOTS)
for (const [word, kind] of STEP_WORDS) tabulate(word, kind)
const UNSPACED = byFirstCharacter()

interface Scan {
  readonly text: string
  signs: number
  /** Whether the next word begins a sentence. */
  opens: boolean
  /** Different words so far of the kinds that are capped, by kind. */
  readonly ofKind: number[]
  /** The number that would continue `1. … 2. …`. */
  nextNumber: number
  /** Words that counted already, by hash; at most as many as there are signs. */
  readonly counted: number[]
}

/** Signs that a text tells of steps; stops when there are `enough`. One pass that allocates nothing for each word. */
function countSigns (text: string, enough: number): number {
  const scan: Scan = { text, signs: 0, opens: true, ofKind: [], nextNumber: 1, counted: [] }
  let hash = 0
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position)
    const folded = code < LETTERS_END ? FOLDED[code] as number : 0
    if (folded !== 0) {
      hash = (Math.imul(hash, 31) + folded) | 0
      continue
    }
    if (hash !== 0) countWord(scan, hash)
    hash = 0
    if (SENTENCE_ENDS.has(code)) scan.opens = true
    if (code <= SPACE) continue
    countOther(scan, code, position)
    if (scan.signs >= enough) return scan.signs
  }
  if (hash !== 0) countWord(scan, hash)
  return scan.signs
}

function countWord (scan: Scan, hash: number): void {
  for (let slot = hash & (SLOTS - 1); KINDS[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
    const kind = KINDS[slot] as number
    if (HASHES[slot] === hash && (kind !== WORD_KINDS.opener || scan.opens)) countMarker(scan, hash, kind)
  }
  scan.opens = false
}

function countMarker (scan: Scan, hash: number, kind: number): void {
  const most = MOST_SIGNS.get(kind)
  const before = scan.ofKind[kind] ?? 0
  if (before === most || scan.counted.includes(hash)) return
  scan.ofKind[kind] = before + 1
  scan.counted.push(hash)
  scan.signs++
}

function countOther (scan: Scan, code: number, position: number): void {
  if (code >= UNSPACED_START) countUnspaced(scan, code, position)
  if (ENUMERATOR_MARKS.has(code)) countNumber(scan, position)
  const standsAlone = scan.text.charCodeAt(position + 1) === SPACE
  if (standsAlone && (ARROWS.has(code) || (BULLETS.has(code) && startsLine(scan.text, position)))) scan.signs++
}

/** `1.`, `2)`, `3:` count from the second one of a run on, and then for the first one too. */
function countNumber (scan: Scan, mark: number): void {
  if (isDigit(scan.text.charCodeAt(mark + 1))) return
  let start = mark
  while (mark - start < 3 && isDigit(scan.text.charCodeAt(start - 1))) start--
  if (start === mark) return
  const value = Number(scan.text.slice(start, mark))
  if (value === scan.nextNumber && value > 1) scan.signs += value === 2 ? 2 : 1
  if (value === scan.nextNumber || value === 1) scan.nextNumber = value + 1
}

function isDigit (code: number): boolean {
  return code >= 48 && code <= 57
}

/** Whether there are only a few blanks between the start of the line and this place. */
function startsLine (text: string, position: number): boolean {
  const before = text.slice(Math.max(0, position - 8), position)
  const ink = before.trimEnd()
  return ink === '' || before.includes('\n', ink.length)
}

function countUnspaced (scan: Scan, code: number, position: number): void {
  for (const [marker, kind] of UNSPACED.get(code) ?? []) {
    if (scan.text.startsWith(marker, position)) countMarker(scan, hashOf(marker), kind)
  }
}

function hashOf (word: string): number {
  let hash = 0
  for (let index = 0; index < word.length; index++) hash = (Math.imul(hash, 31) + word.charCodeAt(index)) | 0
  return hash
}

/** Puts a word into the open hash table: one that is none of ours, as nearly all are, then costs one look. */
function tabulate (word: string, kind: number): void {
  const hash = hashOf(word)
  let slot = hash & (SLOTS - 1)
  while (KINDS[slot] !== 0 && HASHES[slot] !== hash) slot = (slot + 1) & (SLOTS - 1)
  if (KINDS[slot] !== 0) return
  HASHES[slot] = hash
  KINDS[slot] = kind
}

function byFirstCharacter (): ReadonlyMap<number, typeof UNSPACED_STEP_WORDS> {
  const firsts = new Set(UNSPACED_STEP_WORDS.map(([word]) => word.charCodeAt(0)))
  return new Map([...firsts].map(first => [first, UNSPACED_STEP_WORDS.filter(([word]) => word.charCodeAt(0) === first)]))
}
