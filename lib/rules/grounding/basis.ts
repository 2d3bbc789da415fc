import { createDates, type Dates } from './dates.js'
import { isEchoedPhone, NO_ECHOES, type Echoes } from './echoes.js'
import { mentionsOf } from './number-text.js'
import { createPassages, type BasisOrigin, type Passages } from './passages.js'
import { createSums, type Sums } from './sums.js'
import { compoundsOf, digitRunsOf, emailsOf, foldOf, normalise, partsOf, withoutEscapes } from './text-forms.js'

/** What was said before a call, ready to be asked. Grows with the dialogue; never holds what the assistant said. */
export interface Basis {
  /** Joined words and e-mails as they stand, and folded (`ord1234`), each with where it was said nearest. */
  readonly exact: ReadonlyMap<string, BasisOrigin>
  readonly folded: ReadonlyMap<string, BasisOrigin>
  /** What follows the letters of an id: `ORD-1234` is also order 1234. */
  readonly bare: ReadonlyMap<string, BasisOrigin>
  /** Parts of joined words. */
  readonly parts: ReadonlyMap<string, BasisOrigin>
  /** Digits of phone, card and account numbers. */
  readonly digits: ReadonlyMap<string, BasisOrigin>
  readonly numbers: ReadonlyMap<number, BasisOrigin>
  readonly passages: Passages
  readonly dates: Dates
  readonly sums: Sums
  /** Costs time linear in the length of the text. */
  add (text: string, origin: BasisOrigin, echoes?: Echoes): void
}

/** Digits that may be the id of something, where a text says that they are: `"ticket_id": 7`, `"ids": [3, 4]`, `#12`. */
const SMALL_ID = /(?:ids?|num(?:ber)?|no\.?|ref|code|key|index|#)["'\s]{0,4}[:=#]?\s{0,4}(\[[\d,\s"]{1,200}\]|"?\d{1,3}(?![\d.]))/gi
/** A price is not the number without its point. */
const DECIMAL = /^\d+(?:\.\d+)+$/
const SMALL = /^\d{1,3}$/
const PREFIXED = /^\p{L}{1,12}[-_]?(\d{3}.*)$/u
const DATE = /^\d{4}-\d{2}-\d{2}/

const RANK: Readonly<Record<BasisOrigin, number>> = { user: 0, observation: 1, system: 2 }

interface Forms extends Omit<Basis, 'add'> {
  readonly exact: Map<string, BasisOrigin>
  readonly folded: Map<string, BasisOrigin>
  readonly bare: Map<string, BasisOrigin>
  readonly parts: Map<string, BasisOrigin>
  readonly digits: Map<string, BasisOrigin>
  readonly numbers: Map<number, BasisOrigin>
  /** Compounds that were taken apart already; only their origin can still come nearer. */
  readonly compounds: Map<string, BasisOrigin>
}

interface Source { readonly origin: BasisOrigin, readonly echoes: Echoes }

/** A basis with nothing in it. */
export function createBasis (): Basis {
  const forms: Forms = {
    exact: new Map(), folded: new Map(), bare: new Map(), parts: new Map(), digits: new Map(), numbers: new Map(), compounds: new Map(),
    passages: createPassages(), dates: createDates(), sums: createSums()
  }
  return { ...forms, add: (text, origin, echoes = NO_ECHOES) => addText(forms, readable(text), { origin, echoes }) }
}

/** Of JSON the keys and values as they are meant; numbers stand beside their keys either way. */
function readable (text: string): string {
  return normalise(/^\s{0,20}[[{"]/.test(text) ? withoutEscapes(text) : text)
}

function addText (forms: Forms, text: string, source: Source): void {
  const { origin, echoes } = source
  forms.passages.add({ text, origin, echoes: echoes.folds })
  for (const compound of compoundsOf(text)) addCompound(forms, compound, source)
  for (const email of emailsOf(text)) addForms(forms, email, source)
  for (const digits of digitRunsOf(text)) if (!echoes.folds.has(digits) && !isEchoedPhone(digits, echoes)) put(forms.digits, digits, origin)
  for (const [, ids = ''] of text.matchAll(SMALL_ID)) for (const id of ids.match(/\d+/g) ?? []) addForms(forms, id, source)
  const mentions = mentionsOf(text).filter(({ value }) => !echoes.numbers.has(value))
  for (const { value } of mentions) put(forms.numbers, value, origin)
  forms.sums.add(mentions, origin)
  forms.dates.add(text)
}

function addCompound (forms: Forms, compound: string, source: Source): void {
  const { origin, echoes } = source
  // An echo is weighed each time, everything else once.
  if (echoes.folds.size === 0 && !put(forms.compounds, compound, origin)) return
  if (echoes.folds.has(foldOf(compound))) return
  // `3` in an observation is a quantity, a price or a count far more often than an id; SMALL_ID finds the ids.
  if (SMALL.test(compound) && origin !== 'user') return
  if (DECIMAL.test(compound)) return putForm(forms.exact, compound, source)
  addForms(forms, compound, source)
  // `ORD-1234.pdf` speaks of ORD-1234, and `end.Next` is two words.
  if (compound.includes('.')) for (const piece of compound.split('.')) addForms(forms, piece, source)
  const bare = PREFIXED.exec(compound)?.[1]
  if (bare !== undefined && !echoes.folds.has(foldOf(bare))) put(forms.bare, foldOf(bare), origin)
  if (!DATE.test(compound)) for (const part of partsOf(compound)) if (!echoes.folds.has(part)) put(forms.parts, part, origin)
}

function addForms (forms: Forms, text: string, source: Source): void {
  putForm(forms.exact, text, source)
  putForm(forms.folded, foldOf(text), source)
}

function putForm (map: Map<string, BasisOrigin>, form: string, { origin, echoes }: Source): void {
  if (!echoes.folds.has(foldOf(form))) put(map, form, origin)
}

/** What the user said is the nearest basis, whenever it was said. False if a basis as near was known. */
function put<Key> (map: Map<Key, BasisOrigin>, key: Key, origin: BasisOrigin): boolean {
  const known = map.get(key)
  if (known !== undefined && RANK[known] <= RANK[origin]) return false
  map.set(key, origin)
  return true
}
