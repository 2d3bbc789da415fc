import type { Facts } from './facts.js'

/** What is added to a figure (1) or taken off it (-1), or either. */
export interface Adjustment {
  readonly name: string
  readonly number: number
  readonly signs: readonly number[]
}

const MORE = /(?:^|_)(?:tax|taxes|vat|gst|fee|fees|shipping|delivery|postage|insurance|tip|gratuity|surcharge|handling|service|extras?|deposit|adjustment|rounding|charges?|premium|levy|duty|setup)(?:_|$)/
const LESS = /(?:^|_)(?:discounts?|voucher|coupon|credits?|deductible|rebate|promo|promotion|reduction|savings|saved|loyalty|gift_card|adjustment|rounding|deposit)(?:_|$)/
const RATE = /(?:rate|percent|percentage|pct)$/

/** With more of them anything may add up. */
const MAX_ADJUSTMENTS = 4

/** How a figure may be meant: with what adjustments, and with which other numbers beside it. */
export interface Readings {
  readonly adjustments: readonly Adjustment[]
  readonly others?: readonly number[]
}

/** Taxes, fees, discounts and the like among the numbers of an object, and the rest, but for the figures that are reckoned. */
export function readingsOf (numbers: Facts['numbers'], figures: readonly string[]): Readings {
  const adjustments = [...numbers].flatMap(([name, number]) => {
    const signs = [...(MORE.test(name) ? [1] : []), ...(LESS.test(name) ? [number < 0 ? 1 : -1] : [])]
    return signs.length === 0 || figures.includes(name) ? [] : [{ name, number, signs }]
  })
  return { adjustments, others: othersOf(numbers, [...figures, ...adjustments.map(({ name }) => name)]) }
}

/** Numbers of an object as adjustments that may go either way. */
export function eitherWay (entries: ReadonlyArray<readonly [string, number]>): Adjustment[] {
  return entries.map(([name, number]) => ({ name, number, signs: [1, -1] }))
}

/**
 * True if the figure is one of the bases with some of the adjustments, and perhaps with one of the other numbers beside it:
 * whatever reading adds up is taken for the meant one. A rate is a share of the base, and a small number may be one.
 */
export function reaches (figure: number, bases: readonly number[], { adjustments, others = [] }: Readings): boolean {
  if (adjustments.length > MAX_ADJUSTMENTS) return true
  return bases.some(base => {
    const reached = adjustments.reduce<number[]>((known, { name, number, signs }) => {
      const sizes = [...(RATE.test(name) ? [] : [number]), ...(Math.abs(number) <= 1 ? [base * number] : Math.abs(number) <= 100 ? [base * number / 100] : [])]
      return [...known, ...signs.flatMap(sign => sizes.flatMap(size => known.map(one => one + sign * size)))]
    }, [base])
    return reached.some(one => isClose(one, figure) || others.some(other => isClose(one + other, figure) || isClose(one - other, figure)))
  })
}

/** Numbers of an object but those that are named. */
export function othersOf (numbers: Facts['numbers'], names: readonly string[]): number[] {
  return [...numbers].flatMap(([name, number]) => names.includes(name) || number === 0 ? [] : [number]).slice(0, 12)
}

/** Equal to the cent, or to the last digit of a large number. */
export function isClose (one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.015 + 1e-9 * Math.abs(other)
}

/** For a message: two decimals at most. */
export function round (number: number): number {
  return Math.round(number * 100) / 100
}
