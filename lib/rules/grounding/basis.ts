import { compoundsOf, digitRunsOf, emailsOf, foldOf, numbersOf, partsOf, plainOf } from './text-forms.js'
import { datesOf, type DateBasis } from './dates.js'

/** Where a value may come from, nearest first. */
export type BasisOrigin = 'user' | 'observation' | 'system'

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
  readonly add: (text: string, origin: BasisOrigin) => void
}

/** One message in the form in which phrases are looked for: plain words between spaces, one space at each end. */
export interface Said { readonly plain: string, readonly raw: string, readonly origin: BasisOrigin }

const ONES = ('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen twenty').split(' ')
const WORD_NUMBERS = new Map<string, number>([
  ...ONES.map((word, value) => [word, value] as const),
  ...Object.entries({ dozen: 12, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1_000 })
])

/** Digits that may be the id of something, where a text says that they are: `"ticket_id": 7`, `"ids": [3, 4]`, `#12`. */
const SMALL_ID = /(?:ids?|num(?:ber)?|no\.?|ref|code|key|index|#)["'\s]{0,4}[:=#]?\s{0,4}(\[[\d,\s"]{1,200}\]|"?\d{1,3}(?![\d.]))/gi
const SMALL = /^\d{1,3}$/
const PREFIXED = /^\p{L}{1,8}[-_]?(\d{3}.*)$/u
const DATE = /^\d{4}-\d{2}-\d{2}/

const RANK: Readonly<Record<BasisOrigin, number>> = { user: 0, observation: 1, system: 2 }

interface Forms extends Omit<Basis, 'add'> {
  /** Compounds that were added already, so that the words of a dialogue are taken apart once. */
  readonly compounds: Map<string, BasisOrigin>
}

/** A basis with nothing in it. Adding a text costs time linear in its length. */
export function createBasis (): Basis {
  const forms: Forms = {
    said: [], exact: new Map(), folded: new Map(), parts: new Map(), digits: new Map(), numbers: new Map(), dates: datesOf(), compounds: new Map()
  }
  return { ...forms, add: (text, origin) => addText(forms, text, origin) }
}

function addText (forms: Forms, text: string, origin: BasisOrigin): void {
  forms.said.push({ plain: ` ${plainOf(text)} `, raw: text, origin })
  for (const compound of compoundsOf(text)) addCompound(forms, compound, origin)
  for (const email of emailsOf(text)) addForms(forms, email, origin)
  for (const digits of digitRunsOf(text)) put(forms.digits, digits, origin)
  for (const number of numbersOf(text)) putNumber(forms, number, origin)
  for (const [, ids = ''] of text.matchAll(SMALL_ID)) for (const id of ids.match(/\d+/g) ?? []) addForms(forms, id, origin)
  forms.dates.add(text)
}

function addCompound (forms: Forms, compound: string, origin: BasisOrigin): void {
  if (!put(forms.compounds, compound, origin)) return
  putNumber(forms, WORD_NUMBERS.get(compound.toLowerCase()), origin)
  // `3` in an observation is a quantity, a price or a count far more often than an id; SMALL_ID finds the ids.
  if (SMALL.test(compound) && origin !== 'user') return
  addForms(forms, compound, origin)
  // `ORD-1234.pdf` speaks of ORD-1234, and `end.Next` is two words.
  if (compound.includes('.')) for (const piece of compound.split('.')) addForms(forms, piece, origin)
  // `ORD-1234` is also order 1234.
  const bare = PREFIXED.exec(compound)?.[1]
  if (bare !== undefined) put(forms.folded, foldOf(bare), origin)
  if (!DATE.test(compound)) for (const part of partsOf(compound)) put(forms.parts, part, origin)
}

function addForms (forms: Forms, text: string, origin: BasisOrigin): void {
  put(forms.exact, text, origin)
  put(forms.folded, foldOf(text), origin)
}

function putNumber ({ numbers }: Forms, number: number | undefined, origin: BasisOrigin): void {
  if (number !== undefined && !numbers.has(number)) numbers.set(number, origin)
}

/** What the user said is the nearest basis, whenever it was said. False if a basis as near was known. */
function put (map: Map<string, BasisOrigin>, key: string, origin: BasisOrigin): boolean {
  const known = map.get(key)
  if (known !== undefined && RANK[known] <= RANK[origin]) return false
  map.set(key, origin)
  return true
}
