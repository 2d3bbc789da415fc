import { addTo, boundsOf, partsOfDay, type Day, type DayUnit } from './calendar.js'

/** A stretch of days that was said: `30 days`, `two weeks`. */
export interface Duration {
  readonly count: number
  readonly unit: DayUnit
  /** `-1` where it was said to lie before something: `3 days ago`, `24 hours before`. */
  readonly sign: 1 | -1
}

/** What a phrase such as `next Friday` says of the days around today. */
export type RelativeDate = (today: Day) => readonly Day[]

const COUNTS: Readonly<Record<string, number>> = {
  a: 1, an: 1, one: 1, two: 2, couple: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12,
  fourteen: 14, fifteen: 15, twenty: 20, thirty: 30, sixty: 60, ninety: 90
}
const COUNT = `(\\d{1,4}|${Object.keys(COUNTS).join('|')})`
const DURATION = new RegExp(`\\b${COUNT}(?:\\s(?:of|full|more|calendar))?[\\s-]{1,2}(business|working)?\\s?(day|night|week|fortnight|month|year)s?\\b(?:\\s(ago|earlier|before|prior|notice|ahead|in\\sadvance))?`, 'gi')
/** Three years in days; a longer stretch is said in years. */
const MAX_COUNT = 1_100
/** `"loan_days": 14` */
const KEYED = /"[\w -]{0,30}?(day|night|week|month|year)s?[\w -]{0,30}"\s?:\s?"?(\d{1,4})(?![\d.-])/gi
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const WEEKDAY = /\b(?:(this|next|coming|following|last|past|previous)\s)?(sun|mon|tue|wed|thu|fri|sat)(?:s|nes|rs|ur)?day\b/gi
const PERIOD = /\b(this|next|coming|following|last|past|previous|end of(?: the| this)?|start of(?: the| this)?|beginning of(?: the| this)?|the)\s(week|weekend|month|quarter|year)\b/gi
const NEAR = /\b(today|tonight|tomorrow|yesterday|(?:the )?day after tomorrow|(?:the )?day before yesterday|this (?:morning|afternoon|evening))\b/gi
const OFFSETS: Readonly<Record<string, number>> = { tomorrow: 1, yesterday: -1, 'day after tomorrow': 2, 'day before yesterday': -2 }
const NEXT_DAY = /\b(?:the\s)?(next|following|previous)\sday\b|\b(?:the\s)?day\s(after|before)\b(?!\s(?:tomorrow|yesterday))/gi
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth', 'nineteenth', 'twentieth']
const ORDINAL = new RegExp(`\\bthe\\s(?:(\\d{1,2})(?:st|nd|rd|th)\\b(?!\\s(?:of\\s(?!this|the|next)|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|(${ORDINALS.join('|')})\\sof\\s(?:this|the|next)\\smonth)`, 'gi')
const DIRECTION: Readonly<Record<string, number>> = { this: 0, the: 0, next: 1, coming: 1, following: 1, last: -1, past: -1, previous: -1 }

/** Stretches of days that a text says, in words or under a JSON key. */
export function durationsOf (text: string): Duration[] {
  const said = [...text.matchAll(DURATION)].map(([, count = '', business, unit = '', before]): Duration => (
    { count: countOf(count) * (unit === 'fortnight' ? 2 : 1), unit: unitOf(unit, business !== undefined), sign: before === undefined ? 1 : -1 }))
  const keyed = [...text.matchAll(KEYED)].map(([, unit = '', count]): Duration => ({ count: Number(count), unit: unitOf(unit, false), sign: 1 }))
  const days = [...text.matchAll(NEXT_DAY)].map(([, which, side]): Duration => ({ count: 1, unit: 'day', sign: which === 'previous' || side === 'before' ? -1 : 1 }))
  return [...said, ...keyed, ...days].filter(({ count }) => count > 0 && count <= MAX_COUNT)
}

/** What a text says of days by their distance from today, each once, by the phrase. */
export function relativesOf (text: string): Map<string, RelativeDate> {
  const found = new Map<string, RelativeDate>()
  for (const [phrase] of text.matchAll(NEAR)) found.set(phrase.toLowerCase(), today => [today + (OFFSETS[phrase.toLowerCase().replace(/^the /, '')] ?? 0)])
  for (const [phrase, which, name = ''] of text.matchAll(WEEKDAY)) found.set(phrase.toLowerCase(), today => weekdaysOf(today, WEEKDAYS.indexOf(name.toLowerCase()), which?.toLowerCase()))
  for (const [phrase, which = '', period = ''] of text.matchAll(PERIOD)) found.set(phrase.toLowerCase(), today => periodOf(today, which.toLowerCase(), period.toLowerCase() as 'week'))
  for (const [phrase, date, word = ''] of text.matchAll(ORDINAL)) found.set(phrase.toLowerCase(), today => ordinalOf(today, date === undefined ? ORDINALS.indexOf(word.toLowerCase()) + 1 : Number(date)))
  return found
}

/** `Friday` is the next one to come, or today; `next Friday` may be the one after it. */
function weekdaysOf (today: Day, weekday: number, which = ''): Day[] {
  const coming = today + (weekday - partsOfDay(today).weekday + 7) % 7
  if (DIRECTION[which] === -1) return [coming - 7]
  return which === 'next' || which === 'following' ? [coming, coming + 7] : [coming, ...(coming === today ? [today + 7] : [])]
}

function periodOf (today: Day, which: string, period: 'week' | 'weekend' | 'month' | 'quarter' | 'year'): Day[] {
  const steps = DIRECTION[which] ?? 0
  const unit = period === 'week' || period === 'weekend' ? 'week' : period === 'year' ? 'year' : 'month'
  const there = addTo(today, steps * (period === 'quarter' ? 3 : 1), unit)
  return steps === 0 ? boundsOf(there, period) : [there, ...boundsOf(there, period)]
}

/** `the 14th` of this month or the next. */
function ordinalOf (today: Day, date: number): Day[] {
  return [0, 1].flatMap(months => {
    const [first = 0, last = 0] = boundsOf(addTo(today, months, 'month'), 'month')
    return date >= 1 && first + date - 1 <= last ? [first + date - 1] : []
  })
}

function countOf (word: string): number {
  return COUNTS[word.toLowerCase()] ?? Number(word)
}

function unitOf (unit: string, isBusiness: boolean): DayUnit {
  const name = unit.toLowerCase()
  if (name === 'night' || name === 'day') return isBusiness ? 'business day' : 'day'
  return name === 'fortnight' ? 'week' : name as DayUnit
}
