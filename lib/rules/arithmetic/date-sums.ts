import { onlyOf, type Facts } from './facts.js'

const SUFFIX = '(?:_(?:date|day|on|at|time))?$'
/** Names of a start with the end that belongs to it; `inclusive` where the last day may count as a day. */
const PAIRS: ReadonlyArray<{ readonly start: RegExp, readonly end: RegExp, readonly inclusive: boolean }> = [
  { start: `check_?in${SUFFIX}`, end: `check_?out${SUFFIX}`, inclusive: false },
  { start: `(?:start|starts|begin|begins|from|valid_from|period_start|first)${SUFFIX}`, end: `(?:end|ends|until|to|through|valid_until|valid_to|period_end|last)${SUFFIX}`, inclusive: true },
  { start: `(?:pick_?up|rental_start|collection)${SUFFIX}`, end: `(?:drop_?off|return|rental_end)${SUFFIX}`, inclusive: true },
  {
    start: `(?:loaned|borrowed|checked_out|issued?|loan|lent|invoiced?|start|starts|from|purchased?)${SUFFIX}`,
    end: `(?:due|due_by|return_by|deadline|expires?|expiry|expiration|payment_due)${SUFFIX}`,
    inclusive: false
  }
].map(({ start, end, inclusive }) => ({ start: new RegExp(`^${start}`), end: new RegExp(`^${end}`), inclusive }))

/** `nights`, `loan_days`, `duration_minutes`, `days_total`; not `max_days`, `days_left`, `business_days`. */
const SPAN = /^(?:(?:num|number_of|total|loan|rental|stay|term|duration|duration_in|length|length_in|period|validity|net|payment|payment_term|trial|lease|hire|subscription)_)?(minutes|hours|days|nights|weeks|months)(?:_total)?$/
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/
const CLOCK = /^(\d{1,2}):(\d{2})(?::00)?$/
const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

/** Says which end does not follow from its start and the span beside it; undefined where all do or nothing can be said. */
export function faultOfDates ({ texts, numbers }: Facts): string | undefined {
  const named = onlyOf(numbers, SPAN)
  if (named === undefined || named[1] < 0 || named[1] > 100_000 || hasWorkingDays(numbers)) return undefined
  const [, unit = ''] = SPAN.exec(named[0]) ?? []
  const faults = PAIRS.flatMap(({ start, end, inclusive }) => {
    const [from, to] = [onlyOf(texts, start), onlyOf(texts, end)]
    if (from === undefined || to === undefined || isSpan(from[1], to[1], { span: named[1], unit, inclusive: inclusive && unit !== 'nights' })) return []
    return [`${to[0]} is ${to[1].slice(0, 30)}, ${from[0]} ${from[1].slice(0, 30)} and ${named[1]} ${unit} give another`]
  })
  return faults[0]
}

/** Whether an end follows from its start, or cannot be compared with it. */
function isSpan (from: string, to: string, span: Span): boolean {
  const [start, ends, said] = [readTime(from), endsOf(from, span), readTime(to)]
  return start === undefined || ends === undefined || said?.kind !== start.kind || ends.some(minutes => isEnd(minutes, said, span.unit))
}

function hasWorkingDays (numbers: Facts['numbers']): boolean {
  return [...numbers.keys()].some(name => /business|working/.test(name))
}

/** A point of time in minutes; a clock without a day is of a kind of its own, and a day without a clock too. */
interface Point { readonly minutes: number, readonly kind: 'day' | 'moment' | 'clock' }

function readTime (text: string): Point | undefined {
  const clock = CLOCK.exec(text)
  if (clock !== null) return { minutes: Number(clock[1]) * 60 + Number(clock[2]), kind: 'clock' }
  const match = DATE_TIME.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute] = match.map(Number)
  const ms = Date.UTC(year ?? 0, (month ?? 1) - 1, day, match[4] === undefined ? 0 : hour, match[5] === undefined ? 0 : minute)
  return Number.isNaN(ms) ? undefined : { minutes: ms / MINUTE_MS, kind: match[4] === undefined ? 'day' : 'moment' }
}

/** What is done on a day, and what a rule lets follow so many days later. */
const DONE_ON = /^(?:submitted|issued|opened|created|ordered|borrowed|loaned|lent|requested|filed|purchased|bought|invoiced|enrolled|applied|reported|received|started|signed|registered|quoted)(?:_on|_at|_date)?$/
const FOLLOWS_ON = /^(?:\w{1,20}_)?(?:due|until|deadline|expires|expiry|expiration|decision|return_by|pay_by|reply_by|answer_by)(?:_on|_at|_by|_date|_until)?$/
/** Shorter terms lie too close to one another. */
const LEAST_TERM = 7
const MONDAY = 1

/**
 * Says which day misses a term of the system prompt by one: `decision_until` is 15 days after `submitted_on`, and the prompt
 * knows of 14. A Monday may stand for the weekend before it. `terms` are in days.
 */
export function faultOfTerm ({ texts }: Facts, terms: ReadonlySet<number>): string | undefined {
  const start = onlyOf(texts, DONE_ON)
  const from = start === undefined ? undefined : readTime(start[1])
  if (start === undefined || from === undefined || from.kind === 'clock' || terms.size === 0) return undefined
  for (const [name, text] of texts) {
    const to = FOLLOWS_ON.test(name) ? readTime(text) : undefined
    if (to === undefined || to.kind === 'clock') continue
    const days = Math.floor(to.minutes / DAY_MINUTES) - Math.floor(from.minutes / DAY_MINUTES)
    const missed = [days - 1, days + 1].find(term => term >= LEAST_TERM && terms.has(term))
    if (missed === undefined || terms.has(days) || (days > missed && new Date(to.minutes * MINUTE_MS).getUTCDay() === MONDAY)) continue
    return `${name} is ${days} days after ${start[0]}, the system prompt knows of ${missed}`
  }
  return undefined
}

interface Span { readonly span: number, readonly unit: string, readonly inclusive: boolean }

/** The ends that a start and a span may have, in minutes. */
function endsOf (text: string, { span, unit, inclusive }: Span): number[] | undefined {
  const start = readTime(text)
  if (start === undefined) return undefined
  if (unit === 'minutes' || unit === 'hours') return start.kind === 'day' ? undefined : [start.minutes + span * (unit === 'hours' ? 60 : 1)]
  if (start.kind === 'clock') return undefined
  const end = unit === 'months' ? addMonths(start.minutes, span) : start.minutes + span * (unit === 'weeks' ? 7 : 1) * DAY_MINUTES
  return inclusive || unit === 'months' ? [end, end - DAY_MINUTES] : [end]
}

/** The same day of a later month, or its last one. */
function addMonths (minutes: number, months: number): number {
  const start = new Date(minutes * MINUTE_MS)
  const last = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months + 1, 0)).getUTCDate()
  const clock = minutes - Math.floor(minutes / DAY_MINUTES) * DAY_MINUTES
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, Math.min(start.getUTCDate(), last)) / MINUTE_MS + clock
}

/** Days are compared as days, whatever the time of day; clocks go round at midnight. */
function isEnd (minutes: number, said: Point, unit: string): boolean {
  if (said.kind === 'clock') return (minutes - said.minutes) % DAY_MINUTES === 0
  if (unit === 'minutes' || unit === 'hours') return minutes === said.minutes
  return Math.floor(minutes / DAY_MINUTES) === Math.floor(said.minutes / DAY_MINUTES)
}
