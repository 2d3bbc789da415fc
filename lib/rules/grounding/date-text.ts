import { dayOf, type Day } from './calendar.js'

/** A date as it was said; people rarely say the year. */
export interface DateMention {
  readonly year?: number
  readonly month: number
  /** Undefined for a month alone. */
  readonly date?: number
  /** Offset into the text. */
  readonly at: number
}

/** A time of the day in minutes. */
export type Minutes = number

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const DATE = '(\\d{1,2})(?:st|nd|rd|th)?'
const YEAR = '(?:,?\\s{1,3}(?:of\\s)?(\\d{4}))?'

interface Form { readonly pattern: RegExp, readonly read: (groups: readonly string[]) => ReadonlyArray<Omit<DateMention, 'at'>> }

const FORMS: readonly Form[] = [
  { pattern: /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g, read: ([year, month, date]) => [numbers(year, month, date)] },
  { pattern: /(?<![\p{L}\p{N}_-])((?:19|20)\d{2})(\d{2})(\d{2})(?![\p{L}\p{N}_-])/gu, read: ([year, month, date]) => [numbers(year, month, date)] },
  { pattern: new RegExp(`\\b${MONTH}\\s{1,3}${DATE}\\b${YEAR}`, 'gi'), read: ([month = '', date, year]) => [numbers(year, monthOf(month), date)] },
  { pattern: new RegExp(`\\b${DATE}\\s{1,3}(?:of\\s)?${MONTH}(?![a-z])${YEAR}`, 'gi'), read: ([date, month = '', year]) => [numbers(year, monthOf(month), date)] },
  // Nobody says which of the two comes first.
  { pattern: /(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/g, read: ([one, , other, year]) => [numbers(fullYear(year), one, other), numbers(fullYear(year), other, one)] },
  { pattern: /(?<![\d/.-])(\d{1,2})\/(\d{1,2})(?![\d/])/g, read: ([one, other]) => [numbers(undefined, one, other), numbers(undefined, other, one)] },
  { pattern: /(?<![\d/-])(\d{4})-(\d{2})(?![\d-])/g, read: ([year, month]) => [numbers(year, month)] },
  { pattern: /(?<![\d/])(\d{1,2})\/(\d{4}|\d{2})(?![\d/])/g, read: ([month, year]) => [numbers(fullYear(year), month)] },
  { pattern: new RegExp(`\\b${MONTH},?\\s{1,3}(\\d{4})\\b`, 'gi'), read: ([month = '', year]) => [numbers(year, monthOf(month))] },
  { pattern: new RegExp(`\\b(?:in|of|by|until|since|for|this|next|early|late|mid)[\\s-]${MONTH}(?![a-z])`, 'gi'), read: ([month = '']) => [numbers(undefined, monthOf(month))] }
]

const CLOCK = /(?<![\d:.])(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s?([ap])\.?m\b|(?<![\d:])(\d{1,2}):(\d{2})(?!\d)|\b(noon|midday|midnight)\b|\b(?:at|from|until|till|to|by|around|about|after|before)\s(\d{1,2})(?=\s?(?:[,.](?!\d)|[;!?)"']|$|(?:in|on|to|till|until|and|or|sharp|o'clock|tomorrow|today|this|next|every|for|with|at|please|then)\b))/gi
const NAMED_TIMES: Readonly<Record<string, Minutes>> = { noon: 720, midday: 720, midnight: 0 }

/** Dates of a text; a slashed one counts in both orders. */
export function datesOf (text: string): DateMention[] {
  return FORMS.flatMap(({ pattern, read }) => [...text.matchAll(pattern)].flatMap(match => read(match.slice(1)).filter(isDate).map(date => ({ ...date, at: match.index }))))
}

/** Times of a text; an hour alone may be of the morning or of the afternoon. */
export function timesOf (text: string): Minutes[] {
  return [...text.matchAll(CLOCK)].flatMap(([, hour, minute = '0', half, hour24, minute24, name, bare]) => {
    if (name !== undefined) return [NAMED_TIMES[name.toLowerCase()] ?? 0]
    if (bare !== undefined) return Number(bare) <= 12 ? [Number(bare) % 12 * 60, (Number(bare) % 12 + 12) * 60] : []
    if (half !== undefined) return [(Number(hour) % 12 + (half.toLowerCase() === 'p' ? 12 : 0)) * 60 + Number(minute)]
    return [Number(hour24) * 60 + Number(minute24)]
  })
}

/** The day of a date that has a year; undefined for a month alone, and for a day that does not exist. */
export function dayOfMention ({ year, month, date }: Omit<DateMention, 'at'>, yearUnlessSaid?: number): Day | undefined {
  const known = year ?? yearUnlessSaid
  return known === undefined || date === undefined ? undefined : dayOf(known, month, date)
}

function numbers (year: string | number | undefined, month: string | number | undefined, date?: string | number): Omit<DateMention, 'at'> {
  return { ...(year === undefined ? {} : { year: Number(year) }), month: Number(month), ...(date === undefined ? {} : { date: Number(date) }) }
}

function isDate ({ year, month, date }: Omit<DateMention, 'at'>): boolean {
  return month >= 1 && month <= 12 && (date === undefined || (date >= 1 && date <= 31)) && (year === undefined || (year >= 1900 && year < 2200))
}

function fullYear (year: string | undefined): number | undefined {
  return year === undefined ? undefined : Number(year.length === 2 ? `20${year}` : year)
}

function monthOf (name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}
