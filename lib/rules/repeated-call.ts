import { canonicalJson } from '../schema/json-value.js'
import { ARGUMENT_BOUNDS, isWithin } from './bounds.js'
import { effectOfCall, succeeded } from './effects.js'
import { quote, type CallSite, type Rule } from './rule.js'

/** So many equal calls are one too many. */
const TOO_OFTEN = 3

/**
 * No call is made three times with equal name, arguments and answer while nothing is written in between. Asking until the
 * answer changes is progress, and so is asking again after a write. Beyond the paper, whose refinement is told to cut such
 * calls (appendix A.4).
 */
export const repeatedCall: Rule = {
  name: 'repeated-call',
  mode: 'drop',
  check: (_, { calls }) => {
    const repeats = new Map<string, Repeat>()
    return calls.flatMap(site => countRepeat(site, repeats) !== TOO_OFTEN
      ? []
      : [{
          rule: 'repeated-call',
          message: `${quote(site.call.name)} is called ${TOO_OFTEN} times with equal arguments and answers, and nothing is written in between`,
          where: { message: site.message, call: site.call.id.slice(0, 80), tool: site.call.name.slice(0, 80) }
        }])
  }
}

interface Repeat { readonly answer: string | undefined, readonly times: number }

/** How often a call was made so far with the same answer; forgets all of them where something may have been written. */
function countRepeat (site: CallSite, repeats: Map<string, Repeat>): number {
  const key = isWithin(site.call.arguments, ARGUMENT_BOUNDS) ? `${site.call.name}\n${canonicalJson(site.call.arguments)}` : undefined
  const before = key === undefined ? undefined : repeats.get(key)
  const effect = succeeded(site) ? effectOfCall(site) : 'reads'
  if (effect !== 'reads') repeats.clear()
  if (effect === 'writes' || key === undefined) return 0
  const answer = site.observation?.content
  const times = before !== undefined && before.answer === answer ? before.times + 1 : 1
  repeats.set(key, { answer, times })
  return times
}
