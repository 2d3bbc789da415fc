import { isObject } from '../../schema/json-value.js'
import { onlyOf, type Facts } from './facts.js'

/** Counts that say what they count by standing beside one list. */
const PLAIN_COUNT = /^(?:count|total|total_count|total_results|result_count|results_count|num_results|number_of_results|returned|total_items|item_count|total_found|found|matches)$/
/** Lists that such a count is about. */
const PLAIN_LIST = /^(?:results?|items|entries|records|data|rows|matches|list|values|hits)$/

/** Says which count is not the length of its list: `line_count` of `lines`, or a plain `count` beside the only list. */
export function faultOfCount ({ numbers, lists, isPart }: Facts): string | undefined {
  if (isPart) return undefined
  for (const [list, items] of lists) {
    const named = onlyOf(numbers, namedCountOf(list))
    const count = named ?? plainCountOf(list, items, { numbers, lists })
    if (count !== undefined && Number.isInteger(count[1]) && count[1] !== items.length) return `${count[0]} is ${count[1]}, ${list} holds ${items.length}`
  }
  return undefined
}

function namedCountOf (list: string): RegExp {
  const plural = list.replace(/[^a-z0-9_]/g, '')
  const singular = plural.replace(/ies$/, 'y').replace(/s$/, '')
  return new RegExp(`^(?:${singular}_count|${plural}_count|num_${plural}|number_of_${plural}|${plural}_(?:found|returned))$`)
}

function plainCountOf (list: string, items: readonly unknown[], { numbers, lists }: Pick<Facts, 'numbers' | 'lists'>): readonly [string, number] | undefined {
  if (lists.size !== 1 || !(PLAIN_LIST.test(list) || items.every(isObject))) return undefined
  const count = onlyOf(numbers, PLAIN_COUNT)
  // Beside amounts a total is a sum; beside other figures nobody knows what a count counts.
  const others = [...numbers.keys()].filter(name => name !== count?.[0])
  return others.length > 0 || (count?.[0] === 'total' && items.some(hasAmount)) ? undefined : count
}

function hasAmount (item: unknown): boolean {
  return isObject(item) && Object.keys(item).some(key => /amount|price|cost|total|value|fee|sum/i.test(key))
}
