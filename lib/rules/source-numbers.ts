import type { Trajectory } from '../schema/trajectory.js'
import { quote, type Rule } from './rule.js'

/** A number with its unit and the words around it: what a limit looks like in a text. */
interface Measure {
  readonly quoted: string
  readonly numbers: readonly number[]
  readonly unit: string
  readonly around: ReadonlySet<string>
}

const MEASURE = /([$€£])\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)(?:\s?[x×]\s?(\d[\d,]*(?:\.\d+)?))?[\s-]{0,2}(%|[a-z°]{1,24})?/gi
const STOP_WORDS = new Set(('the and for with from that this than then must may not are any all has have can will be of to in on at by or is it its an a as no per more less least most ' +
  'maximum minimum max min within after before between under over about each every only up').split(' '))
const MAX_MEASURES = 400
const MAX_CHARACTERS = 60_000

/**
 * Numbers of the system prompt agree with the source text: a limit on the same thing in the same unit is not another
 * number (the paper's own example changes one; nothing there would find it). Reported only.
 */
export const sourceNumbers: Rule = {
  name: 'source-numbers',
  mode: 'report',
  check: (trajectory, { source }) => {
    const prompt = systemPrompt(trajectory)
    if (source === undefined || prompt === undefined) return []
    const given = measuresOf(source)
    const known = new Set(given.flatMap(measure => measure.numbers))
    return measuresOf(prompt).flatMap(measure => {
      if (measure.numbers.every(number => known.has(number))) return []
      const rival = given.find(other => isRival(measure, other))
      if (rival === undefined) return []
      return [{ rule: 'source-numbers', message: `the system prompt says ${quote(measure.quoted)}, the source ${quote(rival.quoted)}`, where: { message: 0 } }]
    })
  }
}

function systemPrompt ({ messages }: Trajectory): string | undefined {
  return messages[0]?.role === 'system' ? messages[0].content : undefined
}

/** The same unit and at least one word about the same thing, with as many numbers, none of them equal in all places. */
function isRival (measure: Measure, other: Measure): boolean {
  return measure.unit === other.unit && measure.numbers.length === other.numbers.length && [...measure.around].some(word => other.around.has(word))
}

function measuresOf (text: string): Measure[] {
  const bounded = text.slice(0, MAX_CHARACTERS)
  const measures: Measure[] = []
  for (const match of bounded.matchAll(MEASURE)) {
    if (measures.length >= MAX_MEASURES) break
    const [quoted, sign, money, first, second, word] = match
    const unit = sign ?? unitOf(word)
    if (unit === undefined) continue
    const numbers = [money ?? first, second].filter(number => number !== undefined).map(number => Number(number.replaceAll(',', '')))
    measures.push({ quoted: quoted.trim(), numbers, unit, around: wordsAround(bounded, match.index, quoted) })
  }
  return measures
}

/** Singular, lower case; undefined for a word that names nothing. */
function unitOf (word: string | undefined): string | undefined {
  const lower = word?.toLowerCase()
  if (lower === undefined || STOP_WORDS.has(lower)) return undefined
  return lower.length > 3 ? lower.replace(/s$/, '') : lower
}

/** Words of the same sentence, within 60 characters on either side. */
function wordsAround (text: string, at: number, quoted: string): Set<string> {
  const before = text.slice(Math.max(0, at - 60), at).split(/[.!?;\n]/).at(-1) ?? ''
  const after = text.slice(at + quoted.length, at + quoted.length + 60).split(/[.!?;\n]/, 1)[0] ?? ''
  const words = `${before} ${after}`.toLowerCase().match(/[a-z]{3,}/g) ?? []
  return new Set(words.filter(word => !STOP_WORDS.has(word)).map(word => word.replace(/s$/, '')))
}
