import { compoundsOf, digitRunsOf, emailsOf, foldOf, numbersOf, partsOf, plainOf } from './text-forms.js'
import { datesOf, type DateBasis } from './dates.js'

/** Where a value may come from, nearest first. */
export const ORIGINS = ['user', 'observation', 'system'] as const
export type BasisOrigin = typeof ORIGINS[number]

/** What was said before a call, ready to be asked. Grows with the dialogue; never holds what the assistant said. */
export interface Basis {
  readonly said: Said[]
  /** Joined words as they stand, folded (`ord1234`), their parts, e-mails and digit runs, each with where it was said first. */
  readonly exact: Map<string, BasisOrigin>
  readonly folded: Map<string, BasisOrigin>
  readonly parts: Map<string, BasisOrigin>
  readonly digits: Map<string, BasisOrigin>
  readonly numbers: Map<number, BasisOrigin>
  readonly dates: DateBasis
  readonly add: (text: string, origin: BasisOrigin, except?: ReadonlySet<string>) => void
}

/** One message in the form in which phrases are looked for: plain words between spaces, one space at each end. */
export interface Said { readonly plain: string, readonly raw: string, readonly origin: BasisOrigin }

const WORD_NUMBERS = new Map(('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen twenty').split(' ').map((word, value) => [word, value] as const))
for (const [word, value] of Object.entries({ dozen: 12, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1000 })) WORD_NUMBERS.set(word, value)

/** Digits that may be the id of something, where a text says that they are: `"ticket_id": 7`, `"ids": [3, 4]`, `#12`. */
const SMALL_ID = /(?:ids?|num(?:ber)?|no\.?|ref|code|key|index|#)["'\s]{0,4}[:=#]?\s{0,4}(\[[\d,\s"]{1,200}\]|"?\d{1,3}(?![\d.]))/gi
const SMALL = /^\d{1,3}$/
const DATE = /^\d{4}-\d{2}-\d{2}/

type Forms = Omit<Basis, 'add'>
interface Saying { readonly origin: BasisOrigin, readonly except?: ReadonlySet<string> }

/** A basis with nothing in it. Adding a text costs time linear in its length. */
export function createBasis (): Basis {
  const forms: Forms = {
    said: [], exact: new Map(), folded: new Map(), parts: new Map(), digits: new Map(), numbers: new Map(), dates: datesOf()
  }
  return { ...forms, add: (text, origin, except) => addText(forms, text, { origin, except }) }
}

function addText (forms: Forms, text: string, saying: Saying): void {
  const { origin } = saying
  forms.said.push({ plain: ` ${plainOf(text)} `, raw: text, origin })
  for (const compound of compoundsOf(text)) addCompound(forms, compound, saying)
  for (const email of emailsOf(text)) addForms(forms, email, saying)
  for (const digits of digitRunsOf(text)) put(forms.digits, digits, saying)
  for (const number of numbersOf(text)) putNumber(forms, number, origin)
  for (const [, ids = ''] of text.matchAll(SMALL_ID)) for (const id of ids.match(/\d+/g) ?? []) addForms(forms, id, saying)
  forms.dates.add(text)
}

function addCompound (forms: Forms, compound: string, saying: Saying): void {
  putNumber(forms, WORD_NUMBERS.get(compound.toLowerCase()), saying.origin)
  // `3` in an observation is a quantity, a price or a count far more often than an id; SMALL_ID finds the ids.
  if (SMALL.test(compound) && saying.origin !== 'user') return
  addForms(forms, compound, saying)
  // `ORD-1234.pdf` speaks of ORD-1234, and `end.Next` is two words.
  if (compound.includes('.')) for (const piece of compound.split('.')) addForms(forms, piece, saying)
  if (!DATE.test(compound)) for (const part of partsOf(compound)) put(forms.parts, part, saying)
}

function addForms (forms: Forms, text: string, saying: Saying): void {
  const fold = foldOf(text)
  if (saying.except?.has(fold) === true) return
  put(forms.exact, text, saying)
  put(forms.folded, fold, saying)
}

function putNumber ({ numbers }: Forms, number: number | undefined, origin: BasisOrigin): void {
  if (number !== undefined && !numbers.has(number)) numbers.set(number, origin)
}

function put (map: Map<string, BasisOrigin>, key: string, { origin, except }: Saying): void {
  if (except?.has(key) === true) return
  const known = map.get(key)
  // What the user said is the nearest basis, whenever it was said.
  if (known === undefined || ORIGINS.indexOf(origin) < ORIGINS.indexOf(known)) map.set(key, origin)
}
