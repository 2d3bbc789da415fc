import type { Trajectory } from '../schema/trajectory.js'
import { measuresOf, type Measure } from './measures.js'
import { quote, type Rule } from './rule.js'

/**
 * Limits of the system prompt agree with the source text: what is said of the same thing in the same unit is not another
 * number. The source's number counts as a rival only where the prompt does not have it too. In the paper's own example the
 * source cuts glass up to 100x160 and 80x180 cm, the prompt up to 100x150 and 60x70 (appendix F). Reported only.
 */
export const sourceNumbers: Rule = {
  name: 'source-numbers',
  mode: 'report',
  check: (trajectory, { source }) => {
    const prompt = systemPrompt(trajectory)
    if (source === undefined || prompt === undefined) return []
    const [said, given] = [measuresOf(prompt), measuresOf(source)]
    const rivals = given.filter(measure => !said.some(other => isEqual(measure, other)))
    const taken = new Set<Measure>()
    // Where not one size is the source's, all of them were changed, whatever they are called.
    const noSizeAgrees = !given.some(measure => measure.unit === 'size' && !rivals.includes(measure))
    return said.flatMap(measure => {
      if (given.some(other => isEqual(measure, other))) return []
      const anyWillDo = measure.unit === 'size' && noSizeAgrees
      // Each contradiction is about something else, if it can be.
      const rival = nearest(measure, rivals.filter(other => !taken.has(other)), anyWillDo) ?? nearest(measure, rivals, anyWillDo)
      if (rival === undefined) return []
      taken.add(rival)
      return [{ rule: 'source-numbers', message: `the system prompt says ${quote(measure.quoted)}, the source ${quote(rival.quoted)}`, where: { message: 0 } }]
    })
  }
}

function systemPrompt ({ messages }: Trajectory): string | undefined {
  return messages[0]?.role === 'system' ? messages[0].content : undefined
}

function isEqual (one: Measure, other: Measure): boolean {
  return one.unit === other.unit && one.numbers.length === other.numbers.length && one.numbers.every((number, index) => number === other.numbers[index])
}

/** The rival that has most words around it in common, of sizes also edges; the first of several. None without any, unless any will do. */
function nearest (measure: Measure, rivals: readonly Measure[], anyWillDo: boolean): Measure | undefined {
  let best: { readonly rival: Measure, readonly near: number } | undefined
  for (const rival of rivals) {
    if (rival.unit !== measure.unit || rival.numbers.length !== measure.numbers.length) continue
    const near = wordsInCommon(measure, rival) + edgesInCommon(measure, rival)
    if (near > (best?.near ?? (anyWillDo ? -1 : 0))) best = { rival, near }
  }
  return best?.rival
}

function wordsInCommon (measure: Measure, rival: Measure): number {
  return [...measure.around].filter(word => rival.around.has(word)).length
}

function edgesInCommon (measure: Measure, rival: Measure): number {
  return measure.unit === 'size' ? measure.numbers.filter(number => rival.numbers.includes(number)).length : 0
}
