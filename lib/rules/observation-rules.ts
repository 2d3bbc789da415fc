import type { ObservationKind } from './read-observation.js'
import { quote, type CallSite, type Finding, type Rule } from './rule.js'

/**
 * An observation in JSON is a whole object or array, and an error answers only a call that its definition allows (paper,
 * section 3.2: a success is full structured data; a call fails for reasons of the environment).
 */
export const observationStructure: Rule = {
  name: 'observation-structure',
  mode: 'drop',
  paper: 5,
  check: (_, { calls }) => calls.flatMap(site => {
    const kind = kindOf(site)
    if (kind === 'scalar') return [found('observation-structure', site, `neither an object nor an array: ${quote(site.observation?.content)}`)]
    if (kind === 'broken') return [found('observation-structure', site, `begins like JSON and is none: ${quote(site.observation?.content)}`)]
    if (kind === 'error' && site.tool !== undefined && site.faults.length > 0) {
      return [found('observation-structure', site, 'an error answers a call that its definition does not allow')]
    }
    return []
  })
}

/** An observation in plain text is a short error (300 characters at most). Beyond the paper, which says `e.g. JSON`. */
export const observationUnstructured: Rule = {
  name: 'observation-unstructured',
  mode: 'drop',
  check: (_, { calls }) => calls.filter(site => kindOf(site) === 'text').map(site =>
    found('observation-unstructured', site, `plain text that is no short error: ${quote(site.observation?.content)}`))
}

/** Undefined also for an empty observation: `turn-empty` speaks of that. */
function kindOf ({ observation }: CallSite): ObservationKind | undefined {
  return observation === undefined || observation.content.trim() === '' ? undefined : observation.kind
}

function found (rule: string, { call, observation }: CallSite, message: string): Finding {
  return { rule, message, where: { message: observation?.message, call: call.id, tool: call.name.slice(0, 80) } }
}
