import { isObject } from '../../schema/json-value.js'
import { snakeCase } from '../grounding/shapes.js'

/** What one object of an observation says, by names in snake_case. */
export interface Facts {
  readonly numbers: ReadonlyMap<string, number>
  readonly texts: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly unknown[]>
  /** It, or the call, says that lists are only a part of what there is. */
  readonly isPart: boolean
}

const MAX_KEYS = 100
const PAGING = /^(?:page|pages|total_pages|page_size|per_page|limit|offset|next|next_page|next_cursor|cursor|has_more|more|truncated|showing|remaining_results|top)$/
const NUMBER = /^[$€£]?\s?-?\d[\d,]{0,20}(?:\.\d{1,10})?$/

/** Sorts the fields of an object; amounts as text (`"$1,299.50"`) count as numbers. Fields after the hundredth are not looked at. */
export function factsOf (object: Readonly<Record<string, unknown>>, isPart: boolean): Facts {
  const numbers = new Map<string, number>()
  const texts = new Map<string, string>()
  const lists = new Map<string, readonly unknown[]>()
  let paged = isPart
  for (const [key, value] of Object.entries(object).slice(0, MAX_KEYS)) {
    const name = snakeCase(key.slice(0, 80))
    paged ||= PAGING.test(name)
    if (Array.isArray(value)) lists.set(name, value)
    const number = numberOf(value)
    if (number !== undefined) numbers.set(name, number)
    if (typeof value === 'string') texts.set(name, value)
  }
  return { numbers, texts, lists, isPart: paged }
}

/** A number, or the amount that a text is. */
export function numberOf (value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > 30 || !NUMBER.test(value)) return undefined
  return Number(value.replace(/[$€£,\s]/g, ''))
}

/** The one entry whose name fits; undefined where none or several do. */
export function onlyOf<T> (entries: ReadonlyMap<string, T>, name: RegExp): readonly [string, T] | undefined {
  let only: readonly [string, T] | undefined
  for (const entry of entries) {
    if (!name.test(entry[0])) continue
    if (only !== undefined) return undefined
    only = entry
  }
  return only
}

/** The objects of a list; undefined where it holds anything else. */
export function objectsOf (list: readonly unknown[]): ReadonlyArray<Readonly<Record<string, unknown>>> | undefined {
  return list.every(isObject) ? list : undefined
}
