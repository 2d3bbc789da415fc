import { isObject } from '../../../lib/schema/json-value.js'
import { readTurns, type Turn } from './wire.js'

/** The answer of the judge prompt: 1 is clean over the whole dialogue (GEM, section 3.2). */
export interface Verdict { readonly R1: 0 | 1, readonly R2: 0 | 1, readonly R3: 0 | 1 }

/** Judges a dialogue by rules; one bad round makes a 0. A dialogue that cannot be read is bad in all three. */
export function judge (wire: string): Verdict {
  const turns = readTurns(wire)
  if (turns.length < 3) return { R1: 0, R2: 0, R3: 0 }
  return { R1: bit(isGrounded(turns)), R2: bit(isCapable(turns)), R3: bit(isConsistent(turns)) }
}

function bit (good: boolean): 0 | 1 {
  return good ? 1 : 0
}

/** R1: every id, credential, date or longer number in a call was said or observed before it. */
function isGrounded (turns: readonly Turn[]): boolean {
  let heard = ''
  for (const { role, text, call } of turns) {
    if (call !== undefined) {
      const known = fold(heard)
      for (const [name, value] of leavesOf(call.arguments)) {
        if (isTelling(name, value) && !known.includes(fold(value))) return false
      }
    }
    if (role !== 'assistant') heard += `\n${text}`
  }
  return true
}

const TELLING_NAME = /(?:_?id|number|code|password|token|pin|key|e-?mail|phone|reference|serial|sku)$/i

function isTelling (name: string, value: string): boolean {
  if (value.length < 2 || /^(?:true|false|null)$/.test(value)) return false
  return TELLING_NAME.test(name) || (/\d/.test(value) && value.length >= 4 && !value.includes(' '))
}

function fold (text: string): string {
  return text.toLowerCase().replace(/[\s,]+/g, '')
}

function leavesOf (value: unknown, name = '', depth = 0): Array<readonly [string, string]> {
  if (depth > 8) return []
  if (Array.isArray(value)) return value.slice(0, 200).flatMap(item => leavesOf(item, name, depth + 1))
  if (isObject(value)) return Object.entries(value).slice(0, 200).flatMap(([key, item]) => leavesOf(item, key, depth + 1))
  return value === null || value === undefined ? [] : [[name, String(value)]]
}

/** R2: no error is passed over in silence, and no dialogue ends on one; nothing is refused that was done elsewhere. */
function isCapable (turns: readonly Turn[]): boolean {
  return turns.every((turn, index) => {
    if (turn.role !== 'tool' || !isError(turn.text)) return true
    const next = turns[index + 1]
    const call = turns[index - 1]?.call
    if (next?.role !== 'assistant') return false
    const retried = turns.slice(index + 1).some(later => later.call !== undefined && later.call.name === call?.name)
    return retried || /\b(?:error|fail|not|no|cannot|can't|could not|unable|sorry|instead|did not|problem)\b/i.test(next.text)
  })
}

function isError (text: string): boolean {
  return !text.trimStart().startsWith('[') && (/^\s*\{\s*"error"/.test(text) || !text.trimStart().startsWith('{'))
}

/** R3: ids and long numbers that the assistant speaks of have been in the dialogue before. */
function isConsistent (turns: readonly Turn[]): boolean {
  let heard = ''
  for (const { role, text } of turns) {
    if (role === 'assistant') {
      const known = fold(heard)
      for (const match of text.matchAll(/\b[A-Z]{2,5}-\d{3,8}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{5,12}\b/g)) if (!known.includes(fold(match[0]))) return false
    }
    heard += `\n${text}`
  }
  return true
}
