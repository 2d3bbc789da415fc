import { reaches, readingsOf, round } from './adjustments.js'
import { factsOf, objectsOf, onlyOf, type Facts } from './facts.js'

const UNIT_PRICE = /^(?:unit_price|unit_cost|unit_amount|price_each|each|price_per_\w{2,20}|nightly|(?:daily|nightly|hourly|weekly|monthly)_(?:rate|price))$/
const PRICE = /^(?:price|rate|cost)$/
const QUANTITY = /^(?:quantity|qty|units|days|nights|hours|weeks|months|persons|people|adults|guests|seats|tickets|passengers|pieces|boxes|copies|participants|num_\w{2,20}|number_of_\w{2,20})$/
const LINE_AMOUNT = /^(?:amount|line_total|line_amount|item_total|total|total_price|total_cost|extended_price)$/
const SUBTOTAL = /^(?:subtotal|sub_total|items_total)$/
const TOTAL = /^(?:total|grand_total|total_amount|total_price|total_cost)$/
const LINES = /^(?:lines?|items?|line_items|order_items|products|charges|breakdown|components|positions|services|extras|expenses|costs|goods|parts|invoice_lines)$/
const CANCELLED = /cancel|return|refund|void|removed|declined|out_of_stock|unavailable|reject/i
const MAX_LINES = 2_000

/** A line is its price times its quantities: each, or some of them, with what is added or taken off beside. */
export function faultOfLine ({ numbers }: Facts): string | undefined {
  const unit = onlyOf(numbers, UNIT_PRICE) ?? onlyOf(numbers, PRICE)
  const amount = onlyOf(numbers, SUBTOTAL) ?? onlyOf(numbers, LINE_AMOUNT)
  const quantities = [...numbers].filter(([name, number]) => QUANTITY.test(name) && number > 0).slice(0, 4)
  if (unit === undefined || amount === undefined || quantities.length === 0) return undefined
  const products = quantities.reduce<number[]>((known, [, quantity]) => [...known, ...known.map(product => product * quantity)], [unit[1]])
  // A plain `price` may be that of the whole line.
  const bases = UNIT_PRICE.test(unit[0]) && quantities.some(([, quantity]) => quantity !== 1) ? products.slice(1) : products
  const figures = [unit[0], amount[0], ...quantities.map(([name]) => name)]
  // The price of a piece may be what the total comes to, rounded.
  if ([amount[1], numbers.get('total')].some(total => total !== undefined && bases.some(base => Math.abs(base - total) <= 0.006 * Math.abs(base / unit[1])))) return undefined
  if (reaches(amount[1], bases, readingsOf(numbers, figures))) return undefined
  return `${amount[0]} is ${amount[1]}, ${unit[0]} ${unit[1]} times ${quantities.map(([name, quantity]) => `${name} ${quantity}`).join(', ')} gives another`
}

/** A total is the sum of its lines, with what is added or taken off beside. */
export function faultOfSum ({ numbers, lists, isPart }: Facts): string | undefined {
  const total = onlyOf(numbers, SUBTOTAL) ?? onlyOf(numbers, TOTAL)
  if (total === undefined || isPart) return undefined
  const sums = [...lists].flatMap(([name, items]) => LINES.test(name) ? [sumsOf(items)] : [])
  const [first] = sums
  if (first === undefined || sums.some(sum => sum === undefined || sum.length === 0)) return undefined
  const bases = sums.reduce<number[]>((known, sum) => [...known, ...sum ?? [], ...known.flatMap(one => (sum ?? []).map(other => one + other))], []).slice(0, 60)
  if (reaches(total[1], bases, readingsOf(numbers, [total[0]]))) return undefined
  return `${total[0]} is ${total[1]}, its lines add up to ${round(first[0] ?? 0)}`
}

/** A total is its subtotal with taxes, fees and discounts, all or some of them. */
export function faultOfTotal ({ numbers }: Facts): string | undefined {
  const [subtotal, total] = [onlyOf(numbers, SUBTOTAL), onlyOf(numbers, TOTAL)]
  if (subtotal === undefined || total === undefined) return undefined
  const figures = [subtotal[0], total[0]]
  const { adjustments, others } = readingsOf(numbers, figures)
  if (adjustments.length === 0 || reaches(total[1], [subtotal[1]], { adjustments, others })) return undefined
  return `${total[0]} is ${total[1]}, which ${subtotal[0]} ${subtotal[1]} does not give with ${adjustments.map(({ name, number }) => `${name} ${number}`).join(', ')}`
}

/** Sums that a list of lines may have, by amount and by price; undefined where a line has none, or some were cancelled. */
export function sumsOf (items: readonly unknown[]): number[] | undefined {
  const lines = objectsOf(items)
  if (lines === undefined || lines.length === 0 || lines.length > MAX_LINES) return undefined
  if (lines.some(line => CANCELLED.test(String(line.status ?? line.state ?? '')))) return undefined
  const facts = lines.map(line => factsOf(line, false).numbers)
  const names = new Set(facts.flatMap(numbers => [...numbers.keys()].filter(name => [SUBTOTAL, LINE_AMOUNT, PRICE, UNIT_PRICE].some(wanted => wanted.test(name)))))
  const sums = [...names].slice(0, 4).flatMap(name => {
    const values = facts.map(numbers => ({ amount: numbers.get(name), quantity: quantityOf(numbers) }))
    if (values.some(({ amount }) => amount === undefined)) return []
    const plain = values.reduce((sum, { amount }) => sum + (amount ?? 0), 0)
    const times = values.reduce((sum, { amount, quantity }) => sum + (amount ?? 0) * quantity, 0)
    return [plain, times]
  })
  return sums.length === 0 ? undefined : [...new Set(sums)]
}

function quantityOf (numbers: Facts['numbers']): number {
  return numbers.get('quantity') ?? numbers.get('qty') ?? numbers.get('units') ?? 1
}
