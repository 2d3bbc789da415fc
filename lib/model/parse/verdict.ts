import { parseJson } from './json.js'
import { malformed } from './malformed.js'
import { withoutReasoning } from './split-reasoning.js'

const RULES = ['R1', 'R2', 'R3'] as const

/** Verdict of the judge on a whole trajectory, by rule; 1 is clean. */
export type RuleVerdict = Readonly<Record<typeof RULES[number], 0 | 1>>

/**
 * Reads the answer of the judge: a JSON object with exactly R1, R2 and R3, each 0 or 1 (also `"1"` or `true`), whatever
 * stands around it. Rejects with `answer-malformed`, also for a further key: a judge that explains did not keep to its task.
 */
export function parseVerdict (answer: string): RuleVerdict {
  const object = parseJson(withoutReasoning(answer), 'object')
  const entries = new Map(Object.entries(object).map(([key, value]) => [key.trim().toUpperCase(), value]))
  const extra = Object.keys(object).filter(key => !(RULES as readonly string[]).includes(key.trim().toUpperCase()))
  if (extra.length > 0) throw malformed(`the verdict has a key that is none of R1, R2, R3: ${extra[0]!.slice(0, 60)}`)
  const [R1, R2, R3] = RULES.map(rule => {
    if (!entries.has(rule)) throw malformed(`the verdict has no ${rule}`)
    return readBit(rule, entries.get(rule))
  })
  return { R1: R1!, R2: R2!, R3: R3! }
}

function readBit (rule: string, value: unknown): 0 | 1 {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (text === 1 || text === '1' || text === true || text === 'true') return 1
  if (text === 0 || text === '0' || text === false || text === 'false') return 0
  throw malformed(`${rule} is ${JSON.stringify(value).slice(0, 60)}, neither 0 nor 1`)
}
