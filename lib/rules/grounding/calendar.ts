/** A day as a count of days since 1970-01-01. */
export type Day = number

/** Units in which people count days. */
export type DayUnit = 'day' | 'business day' | 'week' | 'month' | 'year'

const DAY_MS = 86_400_000
const SATURDAY = 6

/** Undefined for a day that does not exist, such as 2025-02-30. Months count from 1. */
export function dayOf (year: number, month: number, date: number): Day | undefined {
  const day = Date.UTC(year, month - 1, date) / DAY_MS
  const back = partsOfDay(day)
  return back.year === year && back.month === month && back.date === date ? day : undefined
}

/** Year, month (from 1), day of the month, and day of the week (0 is Sunday). */
export function partsOfDay (day: Day): { readonly year: number, readonly month: number, readonly date: number, readonly weekday: number } {
  const at = new Date(day * DAY_MS)
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate(), weekday: at.getUTCDay() }
}

/** The day so many units later, or earlier for a negative count. The 31st of a shorter month is its last day. */
export function addTo (day: Day, count: number, unit: DayUnit): Day {
  if (unit === 'day') return day + count
  if (unit === 'week') return day + 7 * count
  if (unit === 'business day') return addBusinessDays(day, count)
  const { year, month, date } = partsOfDay(day)
  const months = year * 12 + month - 1 + count * (unit === 'year' ? 12 : 1)
  const first = Date.UTC(Math.floor(months / 12), months % 12, 1) / DAY_MS
  return first + Math.min(date, lastDateOf(first)) - 1
}

/** First and last day of the week (Monday, and both ends that people mean), month, quarter or year of a day. */
export function boundsOf (day: Day, period: 'week' | 'weekend' | 'month' | 'quarter' | 'year'): Day[] {
  const { year, month, weekday } = partsOfDay(day)
  const monday = day - (weekday + 6) % 7
  if (period === 'week') return [monday - 1, monday, monday + 4, monday + 5, monday + 6]
  if (period === 'weekend') return [monday + 4, monday + 5, monday + 6]
  const length = { month: 1, quarter: 3, year: 12 }[period]
  const from = Math.floor((month - 1) / length) * length
  return [Date.UTC(year, from, 1) / DAY_MS, Date.UTC(year, from + length, 0) / DAY_MS]
}

function addBusinessDays (day: Day, count: number): Day {
  const step = Math.sign(count)
  let at = day
  for (let left = Math.abs(count); left > 0;) {
    at += step
    if (partsOfDay(at).weekday % SATURDAY !== 0) left--
  }
  return at
}

function lastDateOf (first: Day): number {
  const { year, month } = partsOfDay(first)
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
