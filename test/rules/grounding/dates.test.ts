// Catches: a date that follows and is not found, one that only seems to follow, and reckoning that meets a date by chance.
import t from 'tap'
import { addTo, boundsOf, dayOf, partsOfDay } from '../../../lib/rules/grounding/calendar.js'
import { createDates } from '../../../lib/rules/grounding/dates.js'
import { createChance } from '../../support/dialogue.js'

const explains = (said: readonly string[], value: string): boolean => {
  const dates = createDates()
  for (const text of said) dates.add(text)
  return dates.explains(value)
}
/** A Monday. */
const TODAY = 'Today is 2025-03-10.'

const ROWS: ReadonlyArray<{ readonly said: readonly string[], readonly yes: readonly string[], readonly no: readonly string[] }> = [
  // As it was said, in another form.
  { said: ['on March 14'], yes: ['2025-03-14', '2031-03-14', '03/14/2025', '14.03.2025', '20250314', 'March 14, 2025', '2025-03-14T00:00:00Z'], no: ['2025-03-15', '2025-04-14', '2025-03-14T09:00:00'] },
  { said: ['the 14th of March 2025'], yes: ['2025-03-14'], no: ['2024-03-14'] },
  { said: ['{"start": "2025-03-14T09:30:00Z"}'], yes: ['2025-03-14', '2025-03-14T09:30', '14 Mar 2025', '09:30'], no: ['2024-03-14', '2025-03-14T10:30', '2025-03'.concat('-13')] },
  { said: ['3/4/2025'], yes: ['2025-03-04', '2025-04-03'], no: ['2025-03-05'] },
  { said: ['card expires 12/2028'], yes: ['12/28', '2028-12', '12/2028'], no: ['12/2027', '11/28'] },
  { said: ['in March'], yes: ['2025-03'], no: ['2025-04', '2025-03-01'] },
  { said: ['chapter 12, 30 pages, room 3-14'], yes: [], no: ['2025-12-30', '2025-03-14', '12:30'] },
  // A year that contradicts.
  { said: [TODAY, 'on March 14'], yes: ['2025-03-14', '2026-03-14'], no: ['2031-03-14'] },
  { said: [TODAY, 'on March 14', 'the class of 2031'], yes: ['2031-03-14'], no: ['2032-03-14'] },
  // Today, only where it was stated.
  { said: ['tomorrow'], yes: [], no: ['2025-03-11'] },
  { said: ['Orders from 2025-03-10 on are open.', 'tomorrow'], yes: [], no: ['2025-03-11'] },
  { said: [TODAY, 'tomorrow, please'], yes: ['2025-03-11'], no: ['2025-03-12', '2025-03-09'] },
  { said: ['{"current_time": "2025-03-10 09:15:00"}', 'yesterday'], yes: ['2025-03-09'], no: ['2025-03-11'] },
  { said: ['The current date is March 10, 2025 (Monday).', 'the day after tomorrow'], yes: ['2025-03-12'], no: ['2025-03-14'] },
  { said: ['It is Monday, 10 March 2025 today', 'tomorrow'], yes: ['2025-03-11'], no: ['2025-03-12'] },
  // Weekdays and periods.
  { said: [TODAY, 'on Friday'], yes: ['2025-03-14'], no: ['2025-03-21', '2025-03-07', '2025-03-13'] },
  { said: [TODAY, 'next Friday'], yes: ['2025-03-14', '2025-03-21'], no: ['2025-03-28', '2025-03-07'] },
  { said: [TODAY, 'last Friday'], yes: ['2025-03-07'], no: ['2025-03-14'] },
  { said: [TODAY, 'on Monday'], yes: ['2025-03-10', '2025-03-17'], no: ['2025-03-24'] },
  { said: [TODAY, 'next week'], yes: ['2025-03-17', '2025-03-21', '2025-03-23'], no: ['2025-03-12', '2025-03-25', '2025-03-18'] },
  { said: [TODAY, 'next month'], yes: ['2025-04-01', '2025-04-30', '2025-04-10'], no: ['2025-04-15', '2025-05-01'] },
  { said: [TODAY, 'by the end of the month'], yes: ['2025-03-31'], no: ['2025-03-30', '2025-04-30'] },
  { said: [TODAY, 'this weekend'], yes: ['2025-03-15', '2025-03-16'], no: ['2025-03-18', '2025-03-22'] },
  { said: [TODAY, 'the 14th'], yes: ['2025-03-14', '2025-04-14'], no: ['2025-05-14'] },
  { said: [TODAY, 'on the fifteenth of this month'], yes: ['2025-03-15'], no: ['2025-03-16'] },
  { said: [TODAY, 'the 15th of next month'], yes: ['2025-04-15'], no: ['2025-04-16'] },
  { said: [TODAY, 'the second one'], yes: [], no: ['2025-03-02'] },
  // A stretch that was said, from a day that was said.
  { said: [TODAY, 'in two weeks'], yes: ['2025-03-24'], no: ['2025-03-25', '2025-02-24'] },
  { said: [TODAY, 'three days ago'], yes: ['2025-03-07'], no: ['2025-03-13'] },
  { said: ['Loans are for 14 days.', '{"loaned_on": "2025-01-25"}'], yes: ['2025-02-08'], no: ['2025-02-07', '2025-01-11'] },
  { said: ['{"loan_days": 14}', '{"loaned_on": "2025-01-25"}'], yes: ['2025-02-08'], no: ['2025-02-09'] },
  { said: ['check in on June 30, for 3 nights'], yes: ['2025-06-30', '2025-07-03', '2026-07-03'], no: ['2025-07-02'] },
  { said: ['{"signed": "2025-01-31"}', 'a notice of one month'], yes: ['2025-02-28'], no: ['2025-03-03'] },
  { said: ['{"ordered": "2025-03-14"}', 'within 5 business days'], yes: ['2025-03-21'], no: ['2025-03-19'] },
  { said: ['the party is on May 3, send the reminder 2 days before'], yes: ['2025-05-01'], no: ['2025-05-05'] },
  { said: ['move it from March 14 to the next day'], yes: ['2025-03-15'], no: ['2025-03-13'] },
  // Times.
  { said: ['at 3 pm'], yes: ['15:00', '3:00 PM'], no: ['03:00', '15:30'] },
  { said: ['meet at noon, or at 9'], yes: ['12:00', '09:00', '21:00'], no: ['10:00'] },
  { said: ['some time in the morning'], yes: [], no: ['08:00', '10:00'] },
  { said: ['at 9:45 for 90 minutes'], yes: ['11:15', '09:45'], no: ['11:45'] },
  { said: [TODAY, 'tomorrow at 4 pm'], yes: ['2025-03-11T16:00:00', '2025-03-11 16:00'], no: ['2025-03-11T17:00:00', '2025-03-12T16:00:00'] },
  // No dates.
  { said: ['March 14'], yes: [], no: ['hello', '', '14', 'ORD-2025-03-14', 'march', '999-99-99', '2025-02-30'] }
]

t.test('what was said and a value -> whether it follows', t => {
  for (const { said, yes, no } of ROWS) {
    for (const value of yes) t.ok(explains(said, value), `${value} after ${said.join(' | ')}`)
    for (const value of no) t.notOk(explains(said, value), `${value} not after ${said.join(' | ')}`)
  }
  t.end()
})

t.test('days, weeks, months, years and business days -> the calendar', t => {
  const day = (iso: string): number => dayOf(...iso.split('-').map(Number) as [number, number, number]) as number
  const iso = (at: number): string => { const { year, month, date } = partsOfDay(at); return `${year}-${month}-${date}` }
  t.same(['2024-2-29', '2025-2-29', '2025-13-1', '2025-4-31'].map(value => dayOf(...value.split('-').map(Number) as [number, number, number]) !== undefined), [true, false, false, false])
  t.equal(iso(addTo(day('2024-01-31'), 1, 'month')), '2024-2-29')
  t.equal(iso(addTo(day('2024-02-29'), 1, 'year')), '2025-2-28')
  t.equal(iso(addTo(day('2025-01-15'), -1, 'month')), '2024-12-15')
  t.equal(iso(addTo(day('2025-03-14'), 1, 'business day')), '2025-3-17')
  t.equal(iso(addTo(day('2025-03-17'), -1, 'business day')), '2025-3-14')
  t.same(boundsOf(day('2025-05-20'), 'quarter').map(iso), ['2025-4-1', '2025-6-30'])
  t.end()
})

t.test('random days around a dialogue full of dates -> few follow by chance', t => {
  const said = [
    `${TODAY} Loans are for 21 days, reserved items are kept for 7 days, and a fine is due within 30 days.`, 'Which of my books are due next week?',
    '{"loans":[{"title":"A","loaned":"2025-02-20","due":"2025-03-13"},{"title":"B","loaned":"2025-02-27","due":"2025-03-20"},{"title":"C","loaned":"2025-03-03","due":"2025-03-24"}]}',
    'Make B two weeks longer, and remind me the day before, say on Friday at 9 am.'
  ]
  const chance = createChance(7)
  const today = dayOf(2025, 3, 10) ?? 0
  const dates = createDates()
  for (const text of said) dates.add(text)
  const isoOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
  const met = Array.from({ length: 2_000 }, () => dates.explains(isoOf(today + chance.integer(-180, 180)))).filter(Boolean).length
  t.comment(`${met} of 2000 random days within half a year follow by chance`)
  t.ok(met < 2_000 * 0.2, `${met} of 2000`)
  for (const true_ of ['2025-04-03', '2025-04-02', '2025-03-14', '2025-03-19']) t.ok(dates.explains(true_), true_)
  t.end()
})
