import { isObject } from '../../schema/json-value.js'
import { snakeCase } from '../grounding/shapes.js'
import { measuresOf } from '../measures.js'
import type { CallSite, Finding, Rule } from '../rule.js'
import { walkJson } from '../walk-json.js'
import { faultOfCount } from './counts.js'
import { faultOfDates, faultOfTerm } from './date-sums.js'
import { factsOf, type Facts } from './facts.js'
import { faultOfBalance, faultOfChange, faultOfNet, faultOfParts } from './reckonings.js'
import { faultOfLine, faultOfSum, faultOfTotal } from './totals.js'

/** Findings of one observation. */
const MAX_FINDINGS = 3

const CHECKS: ReadonlyArray<(facts: Facts) => string | undefined> = [faultOfDates, faultOfLine, faultOfSum, faultOfTotal, faultOfBalance, faultOfChange, faultOfNet, faultOfCount]

/**
 * What an observation reckons adds up: an end is its start and so many nights or days, a line its price times its quantity, a
 * total its lines with taxes and discounts, a balance what is not paid, a count the length of the list beside it. Only names
 * that leave no doubt are looked at, and any reading that adds up is good. Reported only. Beyond the paper.
 */
export const observationArithmetic: Rule = {
  name: 'observation-arithmetic',
  mode: 'report',
  check: ({ messages: [first] }, { calls }) => {
    const terms = termsOf(first?.role === 'system' ? first.content : '')
    return calls.flatMap(site => faultsIn(site, terms))
  }
}

/** Terms of the system prompt, in days. */
function termsOf (system: string): ReadonlySet<number> {
  return new Set(measuresOf(system).flatMap(({ numbers: [number = 0], unit }) => unit === 'day' ? [number] : unit === 'week' ? [number * 7] : []))
}

function faultsIn ({ call, observation }: CallSite, terms: ReadonlySet<number>): Finding[] {
  if (observation?.kind !== 'data') return []
  const isPart = Object.keys(call.arguments).slice(0, 100).some(name => PAGING.test(snakeCase(name)))
  const findings: Finding[] = []
  for (const { value, path } of walkJson(observation.value)) {
    if (!isObject(value)) continue
    const facts = factsOf(value, isPart)
    const faults = [...CHECKS.map(check => check(facts)), faultOfParts(value, facts), faultOfTerm(facts, terms)].filter(fault => fault !== undefined)
    for (const message of faults) {
      findings.push({ rule: 'observation-arithmetic', message, where: { message: observation.message, call: call.id.slice(0, 80), tool: call.name.slice(0, 80), path: path.slice(0, 200) } })
      if (findings.length >= MAX_FINDINGS) return findings
    }
  }
  return findings
}

/** Arguments by which a call asks for a part of what there is. */
const PAGING = /^(?:limit|page|offset|cursor|top|first|skip|take|n|k)$|(?:^|_)(?:limit|page|per_page|page_size|page_number|max_results|max_items|max_count|max_rows|top_k|top_n)(?:_|$)|^max$/
