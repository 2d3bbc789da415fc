/** Dates and times that were said, and whether a value follows from them. */
export interface DateBasis {
  add (text: string): void
  /** True if the value is a date or time (or a range bound) that follows from what was said. */
  explains (value: string): boolean
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH_WORD = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?'
const ISO = /\b(\d{4})-(\d{2})-(\d{2})/g
const MONTH_DAY = new RegExp(`\\b${MONTH_WORD}\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b`, 'gi')
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH_WORD}(?![a-z])`, 'gi')
const SLASHED = /\b(\d{1,2})[/.](\d{1,2})(?:[/.](?:\d{4}|\d{2}))?\b/g
const CLOCK = /\b(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])\.?m\b|\b(\d{1,2}):(\d{2})/gi
const RELATIVE = /\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|(?:next|this|last|past|coming|previous)\s+(?:\w+\s+)?(?:day|week|month|quarter|year)s?|in\s+(?:a|an|\w+)\s+(?:day|week|month|year)s?|(?:\d+|two|three|four|five|six|seven|ten|thirty)[\s-](?:day|night|week|month|year)s?|until|deadline|due)\b/i
const SPOKEN_TIME = /\b(?:noon|midnight|midday|morning|afternoon|evening|tonight|end of (?:the )?day|o'clock|hours?|minutes?)\b/i
const DAY_MS = 86_400_000
const MAX_DAYS_FROM_BASE = 400
const MAX_BASES = 200

/** An empty basis. Years are taken from the value itself: people rarely say them. */
export function datesOf (): DateBasis {
  const days = new Set<string>()
  const bases: number[] = []
  const times = new Set<string>()
  let relative = false
  let spokenTime = false
  return {
    add (text) {
      for (const day of daysIn(text)) days.add(day)
      for (const [, year, month, day] of text.matchAll(ISO)) if (bases.length < MAX_BASES) bases.push(Date.UTC(Number(year), Number(month) - 1, Number(day)))
      for (const time of timesIn(text)) times.add(time)
      relative ||= RELATIVE.test(text)
      spokenTime ||= SPOKEN_TIME.test(text)
    },
    explains (value) {
      const date = /^(\d{4})-(\d{2})-(\d{2})/.exec(value)
      if (date !== null) {
        if (days.has(`${Number(date[2])}-${Number(date[3])}`)) return true
        const at = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]))
        return relative && bases.some(base => Math.abs(at - base) <= MAX_DAYS_FROM_BASE * DAY_MS)
      }
      const month = /^(\d{4})-(\d{2})$/.exec(value)
      if (month !== null) return relative || [...days].some(day => day.startsWith(`${Number(month[2])}-`))
      const time = /^(\d{1,2}):(\d{2})/.exec(value)
      return time !== null && (spokenTime || times.has(`${Number(time[1])}:${time[2]}`))
    }
  }
}

/** Days as `month-day`; a slashed date counts in both orders, since nobody says which is meant. */
function daysIn (text: string): string[] {
  const days: string[] = []
  for (const [, , month, day] of text.matchAll(ISO)) days.push(`${Number(month)}-${Number(day)}`)
  for (const [, month = '', day] of text.matchAll(MONTH_DAY)) days.push(`${monthOf(month)}-${Number(day)}`)
  for (const [, day, month = ''] of text.matchAll(DAY_MONTH)) days.push(`${monthOf(month)}-${Number(day)}`)
  for (const [, one, other] of text.matchAll(SLASHED)) days.push(`${Number(one)}-${Number(other)}`, `${Number(other)}-${Number(one)}`)
  return days
}

function timesIn (text: string): string[] {
  const times: string[] = []
  for (const [, hour, minute = '00', half, hour24, minute24] of text.matchAll(CLOCK)) {
    if (half === undefined) times.push(`${Number(hour24)}:${minute24}`)
    else times.push(`${Number(hour) % 12 + (half.toLowerCase() === 'p' ? 12 : 0)}:${minute}`)
  }
  return times
}

function monthOf (name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}
