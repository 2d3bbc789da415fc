import { addTo, partsOfDay, type Day } from './calendar.js'
import { datesOf, dayOfMention, timesOf, type DateMention, type Minutes } from './date-text.js'
import { durationsOf, relativesOf, type Duration, type RelativeDate } from './relative-dates.js'

/** Dates and times that were said, and whether a value follows from them. */
export interface Dates {
  /** Nothing is read before somebody asks. */
  add (text: string): void
  /** True if the value is a date, a month or a time that was said in another form, or that reckoning from one gives. */
  explains (value: string): boolean
  /** True if a number is the year, month or day (by the name of its argument) of a date that was said. */
  hasPart (name: string, value: number): boolean
}

/** More dates than these in one text are a list: the days of a list plus a week would be every day. */
const MAX_DAYS_OF_TEXT = 12
const MAX_BASES = 100
const MAX_TODAYS = 8
const MAX_PHRASES = 100
const MAX_DURATIONS = 24
const MAX_TIMES = 200
const TODAY_BEFORE = /(?:^|[^a-z])(?:today|current|now|as of)(?![a-z])[^.;\n]{0,40}$/i
const TODAY_AFTER = /^[\w,-]+(?: [\w,-]+){0,3} ?\(?today/i
const YEAR = /(?<!\d)(?:19|20)\d{2}(?!\d)/g
const SPAN = /"[\w -]{0,30}?(minute|hour)s?[\w -]{0,30}"\s?:\s?"?(\d{1,4})|(\d{1,4}|an?|one|two|three|four|five|six|eight|half an)[\s-]{1,2}(minute|min|hour|hr)s?\b/gi
const SPAN_WORDS: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, eight: 8, 'half an': 0.5 }
const ZONE = /(?:Z|[+-]\d{2}:?\d{2}|\s?(?:UTC|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST))$/
const NO_DATE = /jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?|(?<=\d)(?:st|nd|rd|th|t)|[ap]\.?m\.?|\bat\b|[\d\s:/.,-]/gi

interface Store {
  waiting: string[]
  /** `year-month-day` as numbers, and the same without the parts that were not said. */
  readonly said: Set<string>
  readonly years: Set<number>
  readonly todays: DateMention[]
  readonly bases: DateMention[]
  readonly phrases: Map<string, RelativeDate>
  readonly durations: Map<string, Duration>
  readonly times: Set<Minutes>
  readonly spans: Set<Minutes>
}

/** Nothing said. A date rests on today only where somebody said which day it is. */
export function createDates (): Dates {
  const store: Store = {
    waiting: [], said: new Set(), years: new Set(), todays: [], bases: [], phrases: new Map(), durations: new Map(), times: new Set(), spans: new Set()
  }
  return {
    add: text => { store.waiting.push(text) },
    explains: value => isDateShaped(value) && explains(read(store), value.trim().replace(ZONE, '')),
    hasPart: (name, value) => {
      const part = /(?:^|_)(year|month|day)$/i.exec(name)?.[1]?.toLowerCase()
      return part !== undefined && hasPart(read(store), part, value)
    }
  }
}

/** Only digits, names of months and days, and what stands between them. */
function isDateShaped (value: string): boolean {
  return value.length <= 60 && /\d/.test(value) && value.trim().replace(ZONE, '').replace(NO_DATE, '') === ''
}

function read (store: Store): Store {
  for (const text of store.waiting) readText(store, text)
  store.waiting = []
  return store
}

function readText (store: Store, text: string): void {
  const mentions = datesOf(text)
  for (const mention of mentions) {
    store.said.add(nameOf(mention))
    store.said.add(nameOf({ ...mention, date: undefined }))
    if (isToday(text, mention) && store.todays.length < MAX_TODAYS) store.todays.push(mention)
  }
  const days = mentions.filter(({ date }) => date !== undefined)
  if (new Set(days.map(nameOf)).size <= MAX_DAYS_OF_TEXT) store.bases.push(...days.slice(0, MAX_BASES - store.bases.length))
  readRest(store, text)
}

function readRest ({ years, phrases, durations, times, spans }: Store, text: string): void {
  for (const [year] of text.matchAll(YEAR)) years.add(Number(year))
  for (const [phrase, relative] of relativesOf(text)) if (phrases.size < MAX_PHRASES) phrases.set(phrase, relative)
  for (const duration of durationsOf(text)) if (durations.size < MAX_DURATIONS) durations.set(JSON.stringify(duration), duration)
  for (const time of timesOf(text)) if (times.size < MAX_TIMES) times.add(time)
  for (const [, keyed, number, word = '', unit = ''] of text.matchAll(SPAN)) if (spans.size < MAX_DURATIONS) spans.add(minutesOf(number ?? word, keyed ?? unit))
}

function nameOf ({ year, month, date }: Omit<DateMention, 'at'>): string {
  return `${year ?? ''}-${month}-${date ?? ''}`
}

function isToday (text: string, { at }: DateMention): boolean {
  return TODAY_BEFORE.test(text.slice(Math.max(0, at - 60), at)) || TODAY_AFTER.test(text.slice(at, at + 60))
}

function minutesOf (count: string, unit: string): Minutes {
  return (SPAN_WORDS[count.toLowerCase()] ?? Number(count)) * (unit.toLowerCase().startsWith('h') ? 60 : 1)
}

function explains (store: Store, value: string): boolean {
  const dates = datesOf(value)
  const times = timesOf(value)
  if (dates.length === 0) return times.length > 0 && times.every(time => hasTime(store, time))
  const isWholeDay = (time: Minutes): boolean => time === 0 || time === 1_439
  return dates.some(date => hasDate(store, date)) && times.every(time => isWholeDay(time) || hasTime(store, time))
}

function hasTime ({ times, spans }: Store, time: Minutes): boolean {
  return times.has(time) || [...spans].some(span => times.has(time - span) || times.has(time + span))
}

function hasDate (store: Store, mention: DateMention): boolean {
  const { said } = store
  const { year, month, date } = mention
  if (said.has(nameOf(mention)) || (year !== undefined && said.has(nameOf({ month, date })) && isPlausibleYear(store, year))) return true
  if (year === undefined && [...store.years].some(known => said.has(nameOf({ year: known, month, date })))) return true
  const day = dayOfMention(mention)
  return day !== undefined && isReckoned(store, day)
}

/** A date that was said without its year is of this year or one beside it, where it is known which year this is. */
function isPlausibleYear ({ todays, years }: Store, year: number): boolean {
  const known = todays.flatMap(today => today.year ?? [])
  return known.length === 0 || years.has(year) || known.some(today => Math.abs(today - year) <= 1)
}

/** Tomorrow, next Friday and so on from today; and whatever was said plus a stretch that was said. */
function isReckoned ({ todays, bases, phrases, durations }: Store, day: Day): boolean {
  const { year } = partsOfDay(day)
  const dayIn = (mention: DateMention): Day[] => {
    const found = dayOfMention(mention, year)
    return found === undefined ? [] : [found]
  }
  const now = todays.flatMap(dayIn)
  const related = now.flatMap(today => [...phrases.values()].flatMap(relative => relative(today)))
  if (related.includes(day)) return true
  const from = [...new Set([...now, ...bases.flatMap(dayIn), ...related])].slice(0, MAX_BASES)
  return [...durations.values()].some(({ count, unit, sign }) => from.some(base => addTo(base, sign * count, unit) === day))
}

function hasPart ({ said, years }: Store, part: string, value: number): boolean {
  if (part === 'year') return years.has(value)
  return [...said].some(name => Number(name.split('-')[part === 'month' ? 1 : 2]) === value)
}
