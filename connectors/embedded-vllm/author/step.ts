import { isNegative, mainClause } from './outline.js'
import { BREAKS, FILLERS, HOLLOW, PARTICLES, PARTICLE_VERBS, SEQUENCE, singular, snake, VERBS } from './words.js'

/** A step as verb and object. */
export interface ReadStep {
  /** snake_case, with its particle: `log_in`. */
  readonly verb: string
  /** Words of the object, at most two, lower case; may be empty. */
  readonly object: readonly string[]
}

interface Word { readonly text: string, readonly ends: boolean }

/** Finds verb and object of a step; undefined for prohibitions and for steps in scripts that have no Latin letters. */
export function readStep (step: string): ReadStep | undefined {
  if (isNegative(step)) return undefined
  const words = wordsOf(mainClause(step))
  const start = words.findIndex(word => !SEQUENCE.has(word.text) && !FILLERS.has(word.text))
  if (start === -1) return undefined
  const at = words.findIndex((word, index) => index < 12 && VERBS.has(word.text) && (index <= start || !FILLERS.has(words[index - 1]!.text)))
  const known = at !== -1
  const first = known ? at : start
  const particle = known && PARTICLE_VERBS.has(words[first]!.text) && PARTICLES.has(words[first + 1]?.text ?? '') ? words[first + 1]!.text : undefined
  const verb = snake(words[first]!.text)
  if (verb === '' || /^\d/.test(verb)) return undefined
  const object = objectAfter(words, first + (particle === undefined ? 1 : 2))
  return { verb: particle === undefined ? verb : `${verb}_${particle}`, object }
}

function wordsOf (clause: string): Word[] {
  const words: Word[] = []
  for (const match of clause.slice(0, 220).matchAll(/([\p{L}\p{N}][\p{L}\p{N}'’-]{0,30})([^\p{L}\p{N}\s]{0,3})/gu)) {
    words.push({ text: match[1]!.toLowerCase(), ends: /[.,;:!?()"“”»]/.test(match[2]!) })
  }
  return words
}

function objectAfter (words: readonly Word[], from: number): string[] {
  const object: string[] = []
  for (const { text, ends } of words.slice(from, from + 12)) {
    if (CLAUSES.has(text)) break
    const filler = FILLERS.has(text) || /^\d/.test(text)
    if (object.length > 0 && (BREAKS.has(text) || filler)) break
    const name = snake(text)
    if (!filler && !BREAKS.has(text) && name !== '' && /^[a-z]/.test(name)) object.push(name)
    if ((ends && object.length > 0) || object.length === 3) break
  }
  return object.slice(-2)
}

/** Another clause begins: what follows is not the object of this verb. */
const CLAUSES: ReadonlySet<string> = new Set(['and', 'or', 'but', 'if', 'when', 'until', 'unless', 'how', 'what', 'where', 'whether', 'that', 'who', 'because'])

/** The thing that a procedure is about, as a snake_case noun: from its title, else the most frequent object of its steps. */
export function subjectOf (title: string, steps: ReadonlyArray<ReadStep | undefined>): string {
  const fromTitle = readStep(title.replace(/^how (?:to|do i|can i|do you)\s+/i, ''))?.object.at(-1)
  if (fromTitle !== undefined && isSubject(fromTitle)) return singular(fromTitle)
  const counts = new Map<string, number>()
  for (const step of steps) {
    const noun = singular(step?.object.at(-1) ?? '')
    if (isSubject(noun)) counts.set(noun, (counts.get(noun) ?? 0) + 1)
  }
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 'request'
}

function isSubject (noun: string): boolean {
  return noun.length >= 3 && noun.length <= 20 && /^[a-z]+$/.test(noun) && !HOLLOW.has(noun) && !HOLLOW.has(singular(noun)) && !VERBS.has(noun)
}
