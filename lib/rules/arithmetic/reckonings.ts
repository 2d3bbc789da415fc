import { eitherWay, isClose, othersOf, reaches, readingsOf, round } from './adjustments.js'
import { factsOf, onlyOf, type Facts } from './facts.js'
import { sumsOf } from './totals.js'

const TOTAL = /^(?:total|grand_total|total_amount|total_price|total_cost)$/
const TAX = /^(?:tax|total_tax|tax_total|tax_owed)$/
const PAID = /^(?:paid|amount_paid|total_paid|paid_total|deposit_paid|prepaid)$/
const BALANCE = /^(?:balance|balance_due|amount_due|due|remaining|remaining_balance|outstanding|outstanding_balance|left_to_pay|to_pay)$/
const GROSS = /^(?:gross|gross_pay|gross_amount|gross_salary)$/
const NET = /^(?:net|net_pay|net_amount|net_salary)$/
const INCOME = /^(?:income|gross_income|total_income)$/
const TAXABLE = /^taxable(?:_income|_amount)?$/
const CHANGE = /^(?:amount|change|delta|quantity|points|deposited|withdrawn|transferred|added|removed|redeemed|earned|fee|points_(?:earned|redeemed|used)|units)$/
/** Parts of a whole: fewer are no series. */
const LEAST_PARTS = 3

/** What is left to pay is the total (or the tax) less what was paid; what was paid is the sum of the payments. */
export function faultOfBalance ({ numbers, lists, isPart }: Facts): string | undefined {
  const paid = onlyOf(numbers, PAID)
  if (paid === undefined) return undefined
  const sums = isPart ? undefined : sumsOf(lists.get('payments') ?? [])
  if (sums !== undefined && !sums.some(sum => isClose(sum, paid[1]))) return `${paid[0]} is ${paid[1]}, the payments add up to ${round(sums[0] ?? 0)}`
  const total = onlyOf(numbers, TOTAL) ?? onlyOf(numbers, TAX)
  const balance = onlyOf(numbers, BALANCE)
  if (total === undefined || balance === undefined) return undefined
  const figures = [paid[0], total[0], balance[0]]
  if (reaches(balance[1], [total[1] - paid[1]], readingsOf(numbers, figures))) return undefined
  return `${balance[0]} is ${balance[1]}, ${total[0]} ${total[1]} less ${paid[0]} ${paid[1]} is ${round(total[1] - paid[1])}`
}

/** A new balance is the previous one with the changes beside it, whichever way they go. */
export function faultOfChange ({ numbers }: Facts): string | undefined {
  const before = onlyOf(numbers, /^(?:previous|old|starting|opening|prior)_(?:balance|stock|quantity|points|level|total)$/)
  const after = onlyOf(numbers, /^(?:new|current|closing|ending|updated|remaining)_(?:balance|stock|quantity|points|level|total)$/)
  const changes = [...numbers].filter(([name]) => CHANGE.test(name))
  if (before === undefined || after === undefined || changes.length === 0 || before[0].split('_')[1] !== after[0].split('_')[1]) return undefined
  if (reaches(after[1], [before[1]], { adjustments: eitherWay(changes), others: othersOf(numbers, [before[0], after[0], ...changes.map(([name]) => name)]) })) return undefined
  return `${after[0]} is ${after[1]}, which ${before[0]} ${before[1]} does not give with ${changes.map(([name, number]) => `${name} ${number}`).join(', ')}`
}

/** Gross and net differ by some of the figures beside them; so do an income and what of it is taxed. */
export function faultOfNet ({ numbers }: Facts): string | undefined {
  const [whole, rest] = [onlyOf(numbers, GROSS) ?? onlyOf(numbers, INCOME), onlyOf(numbers, NET) ?? onlyOf(numbers, TAXABLE)]
  if (whole === undefined || rest === undefined || INCOME.test(whole[0]) !== TAXABLE.test(rest[0])) return undefined
  const beside = [...numbers].filter(([name, number]) => name !== whole[0] && name !== rest[0] && number !== 0)
  if (beside.length === 0 || beside.length > 12 || isSubsetSum(Math.abs(whole[1] - rest[1]), beside.map(([, number]) => Math.abs(number)))) return undefined
  return `${rest[0]} is ${rest[1]}, which ${whole[0]} ${whole[1]} does not give with the figures beside it`
}

/** `kwh_by_month` with its figures beside `total_kwh`: a whole is the sum of its named parts. */
export function faultOfParts (object: Readonly<Record<string, unknown>>, { numbers }: Facts): string | undefined {
  for (const [name, parts] of Object.entries(object).slice(0, 100)) {
    if (typeof parts !== 'object' || parts === null || Array.isArray(parts)) continue
    const values = factsOf(parts as Readonly<Record<string, unknown>>, false).numbers
    if (values.size < LEAST_PARTS || values.size !== Object.keys(parts).length || [...values.keys()].some(key => /total|sum|average|mean/.test(key))) continue
    const [stem = ''] = /^[a-z]{2,}/i.exec(name) ?? []
    const total = onlyOf(numbers, new RegExp(`^(?:total|sum)_${stem.toLowerCase()}s?$|^${stem.toLowerCase()}s?_(?:total|sum)$${/_by_|_per_|breakdown/.test(name) ? '|^total$' : ''}`))
    const sum = [...values.values()].reduce((known, value) => known + value, 0)
    if (total !== undefined && !isClose(sum, total[1])) return `${total[0]} is ${total[1]}, ${name.slice(0, 40)} adds up to ${round(sum)}`
  }
  return undefined
}

function isSubsetSum (figure: number, numbers: readonly number[]): boolean {
  const sums = numbers.reduce<number[]>((known, number) => [...known, ...known.map(one => one + number)], [0])
  return sums.some(sum => isClose(sum, figure))
}
