import t from 'tap'
import { checkTrajectory } from '../../../lib/rules/index.js'
import { dialogue, integer, tool } from '../../support/dialogue.js'

interface Case { readonly title: string, readonly says: unknown, readonly args?: object, readonly system?: string }

function found ({ says, args = {}, system = 'You help.' }: Case): string[] {
  const tools = [tool('get_thing', 'Reads a thing.', { 'limit?': integer('Most'), 'max_stops?': integer('Stops') })]
  const trajectory = dialogue(system, tools).user('Go').call('get_thing', { ...args }, says as object).say('Done.').end()
  return checkTrajectory(trajectory).findings.filter(({ rule }) => rule === 'observation-arithmetic').map(({ mode, message, where }) => `${mode} ${where.path ?? ''}: ${message}`)
}

const WRONG: ReadonlyArray<Case & { readonly found: string }> = [
  { title: 'nights', says: { check_in: '2025-05-18', nights: 4, check_out: '2025-05-23' }, found: 'report : check_out is 2025-05-23, check_in 2025-05-18 and 4 nights give another' },
  { title: 'a loan, nested', says: { loans: [{ loaned_on: '2025-04-12', loan_days: 21, due_on: '2025-05-02' }] }, found: 'report /loans/0: due_on is 2025-05-02, loaned_on 2025-04-12 and 21 days give another' },
  { title: 'weeks', says: { start_date: '2025-01-06', weeks: 6, end_date: '2025-02-24' }, found: 'report : end_date is 2025-02-24, start_date 2025-01-06 and 6 weeks give another' },
  { title: 'months', says: { start: '2025-01-31', term_months: 1, end: '2025-03-01' }, found: 'report : end is 2025-03-01, start 2025-01-31 and 1 months give another' },
  { title: 'minutes of a clock', says: { start: '23:30', end: '01:30', duration_minutes: 90 }, found: 'report : end is 01:30, start 23:30 and 90 minutes give another' },
  { title: 'hours', says: { start: '2025-05-18T10:00:00Z', end: '2025-05-18T15:00:00Z', duration_hours: 4 }, found: 'report : end is 2025-05-18T15:00:00Z, start 2025-05-18T10:00:00Z and 4 hours give another' },
  { title: 'a term of the system prompt, missed by a day', says: { submitted_on: '2024-10-17', decision_until: '2024-11-01' }, system: 'Claims are decided within 14 days.', found: 'report : decision_until is 15 days after submitted_on, the system prompt knows of 14' },
  { title: 'a line', says: { quantity: 3, days: 4, unit_price: 14.5, amount: 147 }, found: 'report : amount is 147, unit_price 14.5 times quantity 3, days 4 gives another' },
  { title: 'lines', says: { lines: [{ amount: 656 }, { amount: 48 }], total: 740 }, found: 'report : total is 740, its lines add up to 704' },
  { title: 'prices and quantities', says: { items: [{ price: 12.5, quantity: 2 }, { price: 30, quantity: 1 }], total: 65 }, found: 'report : total is 65, its lines add up to 42.5' },
  { title: 'a subtotal with tax', says: { subtotal: 80, tax: 16, total: 86 }, found: 'report : total is 86, which subtotal 80 does not give with tax 16' },
  { title: 'a subtotal with a discount in per cent', says: { subtotal: 200, discount_percent: 10, total: 190 }, found: 'report : total is 190, which subtotal 200 does not give with discount_percent 10' },
  { title: 'amounts as text', says: { subtotal: '$1,200.00', shipping: '$30.00', total: '$1,320.00' }, found: 'report : total is 1320, which subtotal 1200 does not give with shipping 30' },
  { title: 'a balance', says: { total: 903, paid: 100, balance: 830 }, found: 'report : balance is 830, total 903 less paid 100 is 803' },
  { title: 'payments', says: { total: 903, payments: [{ amount: 100 }, { amount: 50 }], paid: 160, balance: 743 }, found: 'report : paid is 160, the payments add up to 150' },
  { title: 'a change of stock', says: { previous_stock: 40, quantity: 12, new_stock: 38 }, found: 'report : new_stock is 38, which previous_stock 40 does not give with quantity 12' },
  { title: 'a payslip', says: { gross: 3576, tax: 643.68, social: 339.72, net: 2529.6 }, found: 'report : net is 2529.6, which gross 3576 does not give with the figures beside it' },
  { title: 'what is taxed', says: { income: 25_700, deductions: 1254.5, taxable: 24_454.5 }, found: 'report : taxable is 24454.5, which income 25700 does not give with the figures beside it' },
  { title: 'months of a year', says: { kwh_by_month: { jan: 760, feb: 1180, mar: 1950 }, total_kwh: 3980 }, found: 'report : total_kwh is 3980, kwh_by_month adds up to 3890' },
  { title: 'a count beside the only list', says: { count: 3, options: [{ id: 1 }, { id: 2 }] }, args: { max_stops: 1 }, found: 'report : count is 3, options holds 2' },
  { title: 'a named count', says: { name: 'x', weight: 3, member_count: 3, members: ['a', 'b'], tags: [] }, found: 'report : member_count is 3, members holds 2' }
]

t.test('an observation that does not add up -> reported, with its place', t => {
  for (const { found: wanted, ...one } of WRONG) t.same(found(one), [wanted], one.title)
  t.end()
})

const RIGHT: readonly Case[] = [
  { title: 'nights', says: { check_in: '2025-05-18', nights: 4, check_out: '2025-05-22', booked_on: '2025-01-01' } },
  { title: 'a day that counts', says: { from: '2025-05-18', to: '2025-05-20', days: 3 } },
  { title: 'working days', says: { issued_on: '2025-05-16', due_on: '2025-05-23', days: 5, business_days: 5 } },
  { title: 'the end of a month', says: { start: '2025-01-31', term_months: 1, end: '2025-02-28' } },
  { title: 'over midnight', says: { start: '23:30', end: '01:00', duration_minutes: 90 } },
  { title: 'days that are left', says: { start: '2025-05-01', end: '2025-05-31', days_left: 12, max_days: 14 } },
  { title: 'a flight over time zones', says: { departs: '2025-05-01T10:00', arrives: '2025-05-01T11:00', duration_minutes: 180 } },
  { title: 'a term to the day', says: { submitted_on: '2024-10-17', decision_until: '2024-10-31' }, system: 'Claims are decided within 14 days.' },
  { title: 'a term that ends on a Sunday', says: { submitted_on: '2024-10-20', decision_until: '2024-11-04' }, system: 'Claims are decided within 14 days.' },
  { title: 'another term', says: { submitted_on: '2024-10-17', decision_until: '2024-12-17' }, system: 'Claims are decided within 14 days.' },
  { title: 'a line with a discount', says: { quantity: 2, unit_price: 50, discount: 10, amount: 90 } },
  { title: 'a line with something unnamed', says: { quantity: 40, unit_price: 33.68, set_up: 70.8, amount: 1418 } },
  { title: 'a price of a whole line', says: { price: 100, seats: 2, total: 100 } },
  { title: 'nights and persons', says: { nightly_rate: 112, nights: 4, guests: 3, total: 448 } },
  { title: 'lines with tax', says: { items: [{ price: 10 }, { price: 20 }], tax: 3, total: 33 } },
  { title: 'lines before and after tax', says: { items: [{ price: 10 }, { price: 20 }], tax_rate: 0.1, subtotal: 30, total: 33 } },
  { title: 'a line that was cancelled', says: { items: [{ price: 10, status: 'cancelled' }, { price: 20 }], total: 20 } },
  { title: 'a page', says: { items: [{ price: 10 }], total: 330, page: 1, total_pages: 11 } },
  { title: 'a part that was asked for', says: { results: [{ id: 1 }], count: 330 }, args: { limit: 1 } },
  { title: 'a count of something else', says: { sku: 'A', count: 42, price: 3, locations: [{ id: 'A1' }] } },
  { title: 'a total of amounts', says: { entries: [{ amount: 12 }, { amount: 30 }], total: 42 } },
  { title: 'net and VAT', says: { net: 100, vat: 19, gross: 119 } },
  { title: 'a balance of an account', says: { balance: 812.4, total: 3, paid_on: '2025-01-01' } },
  { title: 'a withdrawal with a fee', says: { previous_balance: 500, amount: 120, fee: 2.5, new_balance: 377.5 } },
  { title: 'an error', says: { error: 'no', check_in: '2025-05-18', nights: 4, check_out: '2025-05-29' } },
  { title: 'a total that is none of the parts', says: { ratings_by_star: { one: 3, two: 4, three: 5 }, total_users: 99 } },
  { title: 'nothing to reckon', says: { check_in: 'soon', nights: 4, check_out: 'later', total: null, items: ['a'] } }
]

t.test('an observation that adds up in some reading, or says too little -> nothing', t => {
  for (const one of RIGHT) t.same(found(one), [], one.title)
  t.end()
})
