import { wordsOf } from './text-forms.js'

/** Where a value may come from, nearest first. */
export type BasisOrigin = 'user' | 'observation' | 'system'

/** One text that was said before a call. */
export interface Passage {
  readonly text: string
  readonly origin: BasisOrigin
  /** Folds of values that it merely echoes, so that it is no basis for them. */
  readonly echoes: ReadonlySet<string>
}

/** A place where words were found one after the other; `start` and `end` are offsets into the text of the passage. */
export interface Found { readonly passage: Passage, readonly start: number, readonly end: number }

/** Texts by their words, so that a phrase is found without a search through all of them. */
export interface Passages {
  /** Costs time linear in the length of the text. */
  add (passage: Passage): void
  has (word: string): boolean
  /** Where these words stand one after the other, in any case and with anything between them. */
  findWords (words: readonly string[]): Found[]
  /** Whether one text holds all of these words, in any order, and does not merely echo what they make. */
  hasTogether (words: readonly string[]): boolean
  /** Where words stand one after the other that make these letters and digits, with nothing but a little punctuation between. */
  findJoined (fold: string): Found[]
}

/** Words that are more frequent keep their first places: a phrase of nothing but such words proves little. */
const MAX_PLACES = 256
const MAX_PHRASE_WORDS = 500
const MAX_JOINED_CHARACTERS = 64
const BETWEEN_GROUPS = /^[ ._()-]{0,2}$/

interface Store {
  readonly words: string[]
  readonly starts: number[]
  readonly ends: number[]
  /** Index of the passage of each word. */
  readonly owners: number[]
  readonly passages: Passage[]
  readonly places: Map<string, number[]>
}

/** An index with nothing in it. */
export function createPassages (): Passages {
  const store: Store = { words: [], starts: [], ends: [], owners: [], passages: [], places: new Map() }
  return {
    add: passage => addPassage(store, passage),
    has: word => store.places.has(word),
    findWords: words => findWords(store, words.slice(0, MAX_PHRASE_WORDS)),
    hasTogether: words => hasTogether(store, words),
    findJoined: fold => fold === '' || fold.length > MAX_JOINED_CHARACTERS ? [] : findJoined(store, fold)
  }
}

function addPassage ({ words, starts, ends, owners, passages, places }: Store, passage: Passage): void {
  const owner = passages.push(passage) - 1
  for (const { word, start, end } of wordsOf(passage.text)) {
    const known = places.get(word)
    if (known === undefined) places.set(word, [words.length])
    else if (known.length < MAX_PLACES) known.push(words.length)
    words.push(word)
    starts.push(start)
    ends.push(end)
    owners.push(owner)
  }
}

function findWords (store: Store, wanted: readonly string[]): Found[] {
  const rarest = rarestOf(store, wanted)
  if (rarest === undefined) return []
  const offset = wanted.indexOf(rarest)
  return (store.places.get(rarest) ?? [])
    .map(place => place - offset)
    .filter(first => first >= 0 && isOneText(store, first, wanted.length) && wanted.every((word, index) => store.words[first + index] === word))
    .map(first => foundAt(store, first, first + wanted.length - 1))
}

function hasTogether ({ places, owners, passages }: Store, words: readonly string[]): boolean {
  const fold = words.join('')
  const ownersOf = (word = ''): number[] => (places.get(word) ?? []).map(place => owners[place] ?? 0)
  const [first, ...others] = words
  const sets = others.map(word => new Set(ownersOf(word)))
  return ownersOf(first).some(owner => sets.every(set => set.has(owner)) && passages[owner]?.echoes.has(fold) === false)
}

/** Undefined if a word was never said. */
function rarestOf ({ places }: Store, wanted: readonly string[]): string | undefined {
  let rarest: string | undefined
  for (const word of wanted) {
    const count = places.get(word)?.length
    if (count === undefined) return undefined
    if (rarest === undefined || count < (places.get(rarest)?.length ?? 0)) rarest = word
  }
  return rarest
}

/** Every beginning of the letters may be a first word: at most 64 words, each in at most 256 places. */
function findJoined (store: Store, fold: string): Found[] {
  const found: Found[] = []
  for (let length = 1; length <= fold.length; length++) {
    for (const first of store.places.get(fold.slice(0, length)) ?? []) {
      const last = joinFrom(store, first, fold)
      if (last !== undefined) found.push(foundAt(store, first, last))
    }
  }
  return found
}

/**
 * The word that ends the letters which begin at a word; undefined if other letters come first. One group of a single sign is
 * a country code; more of them are a list of small numbers.
 */
function joinFrom (store: Store, first: number, fold: string): number | undefined {
  let at = first
  let length = store.words[at]?.length ?? 0
  let singles = length === 1 ? 1 : 0
  while (length < fold.length) {
    const next = store.words[at + 1]
    if (next === undefined || !isOneText(store, at, 2) || !fold.startsWith(next, length) || !BETWEEN_GROUPS.test(between(store, at))) return undefined
    if (next.length === 1 && ++singles > 1) return undefined
    length += next.length
    at++
  }
  return length === fold.length ? at : undefined
}

function between ({ passages, owners, starts, ends }: Store, at: number): string {
  const text = passages[owners[at] ?? 0]?.text ?? ''
  return text.slice(ends[at], Math.min(starts[at + 1] ?? 0, (ends[at] ?? 0) + 4))
}

function isOneText ({ owners }: Store, first: number, count: number): boolean {
  return owners[first] !== undefined && owners[first] === owners[first + count - 1]
}

function foundAt ({ passages, owners, starts, ends }: Store, first: number, last: number): Found {
  return { passage: passages[owners[first] ?? 0] as Passage, start: starts[first] ?? 0, end: ends[last] ?? 0 }
}
