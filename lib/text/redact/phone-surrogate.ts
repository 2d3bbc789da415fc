import { fillDigits } from './fill-digits.js'

/** Numbers that are kept for films and books, by the shape of the number that they stand for. */
interface FictitiousRange {
  readonly fits: RegExp
  readonly digits: (index: number) => string
}

const AREAS = [202, 303, 404, 505, 606, 707, 808, 212, 313, 414, 515, 616, 717, 818, 919, 201, 302, 403, 504, 605]

const RANGES: readonly FictitiousRange[] = [
  { fits: /^\+?1\d{10}$/, digits: index => `1${northAmerican(index)}` },
  { fits: /^[1-9]\d{9}$/, digits: northAmerican },
  // Ofcom: 01632 960000 to 960999.
  { fits: /^\+44\d{10}$/, digits: index => `441632960${last(index, 3)}` },
  { fits: /^0\d{10}$/, digits: index => `01632960${last(index, 3)}` },
  // ARCEP: 01 99 00 00 00 to 99 99.
  { fits: /^\+33\d{9}$/, digits: index => `3319900${last(index, 4)}` },
  { fits: /^0\d{9}$/, digits: index => `019900${last(index, 4)}` },
  // Bundesnetzagentur: (0)30 23125 000 to 999.
  { fits: /^\+49\d{10}$/, digits: index => `493023125${last(index, 3)}` },
  // ACMA: (0)2 5550 0000 to 9999.
  { fits: /^\+61\d{9}$/, digits: index => `6125550${last(index, 4)}` }
]

/** A number for fiction, written as the value is where the plan of its country keeps some, else an American one. */
export function phoneSurrogate (value: string, index: number): string {
  const digits = value.replace(/[^\d+]/g, '')
  const range = RANGES.find(({ fits }) => fits.test(digits))
  if (range === undefined) return `+1 ${northAmerican(index).replace(/(...)(...)(....)/, '$1-$2-$3')}`
  return fillDigits(value, range.digits(index))
}

/** 555-0100 to 555-0199 in twenty areas: 2,000 numbers. */
function northAmerican (index: number): string {
  return `${AREAS[Math.floor(index / 100) % AREAS.length]}55501${last(index, 2)}`
}

function last (index: number, digits: number): string {
  return String(index % 10 ** digits).padStart(digits, '0')
}
