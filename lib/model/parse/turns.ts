import { scanJson } from './json-scan.js'
import { excerpt, malformed } from './malformed.js'
import { findTags, type Tag } from './tags.js'

/** Who speaks, as GEM names it. */
export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** What stands inside of the tags of a call. */
export interface RawCall { readonly tag: string, readonly at: number, readonly inner: string }

/** A turn as it stands in an answer, before anything is unescaped. */
export interface RawTurn {
  readonly role: Role
  /** What stands beside the calls. */
  readonly texts: string[]
  readonly calls: RawCall[]
}

/** What stands on the top level of an answer: turns, and the insides of `<toolsets>` blocks. */
export interface RawAnswer { readonly turns: readonly RawTurn[], readonly toolsets: readonly string[] }

interface Reader extends RawAnswer {
  readonly text: string
  readonly tags: readonly Tag[]
  readonly turns: RawTurn[]
  readonly toolsets: string[]
  /** The next tag to look at. */
  index: number
  /** Just behind what has been read. */
  end: number
}

/** Tags of roles. Those beside the four of GEM count only where a turn may begin: inside of another turn they are text. */
const ROLES: Readonly<Record<string, Role>> = {
  system: 'system', user: 'user', assistant: 'assistant', tool: 'tool',
  human: 'user', gpt: 'assistant', function: 'tool', observation: 'tool', tool_response: 'tool', tool_result: 'tool', developer: 'system'
}
const OWN_ROLES = ['system', 'user', 'assistant', 'tool']
const CALLS = ['func', 'tool_call', 'function_call']
const TOOLSETS = ['toolsets', 'toolset', 'tools']
const NAMES = [...Object.keys(ROLES), ...CALLS, ...TOOLSETS]

/** Prose before the first and behind the last tag may be this long, in UTF-16 units. */
const MAX_PROSE = 4000

/**
 * Takes an answer apart into turns, in one pass. Between turns only white space, rules, fences, comments and wrapper tags
 * such as `<turn>` may stand; a call there belongs to the assistant. Inside of a turn a tag of GEM's roles is never text.
 * Rejects with `answer-malformed` that names turn, tag and offset.
 */
export function readTurns (text: string): RawAnswer {
  const reader: Reader = { text, tags: findTags(text, NAMES), turns: [], toolsets: [], index: 0, end: 0 }
  for (let tag = nextTag(reader); tag !== undefined; tag = nextTag(reader)) {
    checkBetween(reader, tag)
    if (tag.kind === 'close') throw malformed(`</${tag.name}> at offset ${tag.at} closes nothing`, where(tag))
    if (TOOLSETS.includes(tag.name)) takeToolset(reader, tag)
    else if (CALLS.includes(tag.name)) takeCall(reader, tag, assistantOf(reader))
    else takeTurn(reader, tag)
  }
  if (reader.end > 0) checkAfter(reader)
  return reader
}

/** The next tag behind what has been read. */
function nextTag (reader: Reader): Tag | undefined {
  while (reader.index < reader.tags.length && reader.tags[reader.index]!.at < reader.end) reader.index++
  return reader.tags[reader.index++]
}

function takeTurn (reader: Reader, opening: Tag): void {
  const turn: RawTurn = { role: ROLES[opening.name]!, texts: [], calls: [] }
  const place = `turn ${reader.turns.push(turn) - 1}: <${opening.name}> at offset ${opening.at}`
  reader.end = opening.end
  if (opening.kind === 'empty') return
  for (let tag = nextTag(reader); tag !== undefined; tag = nextTag(reader)) {
    if (tag.kind === 'close' && tag.name === opening.name) {
      turn.texts.push(reader.text.slice(reader.end, tag.at))
      reader.end = tag.end
      return
    }
    if (turn.role === 'assistant' && CALLS.includes(tag.name)) {
      if (tag.kind !== 'open') throw malformed(`${place} holds a stray ${show(tag)} at offset ${tag.at}`, where(tag))
      turn.texts.push(reader.text.slice(reader.end, tag.at))
      takeCall(reader, tag, turn)
    } else if (OWN_ROLES.includes(tag.name) || tag.name === opening.name) {
      throw malformed(`${place} is not closed before ${show(tag)} at offset ${tag.at}`, where(opening))
    }
  }
  throw malformed(`${place} is not closed: the answer ends inside of it`, where(opening))
}

/** A call between turns belongs to the assistant turn before it, or makes one. */
function assistantOf ({ turns }: Reader): RawTurn {
  const last = turns.at(-1)
  if (last?.role === 'assistant') return last
  const turn: RawTurn = { role: 'assistant', texts: [], calls: [] }
  turns.push(turn)
  return turn
}

/** Tags that are looked at inside of one JSON string before it is taken for a string without an end. */
const MAX_TAGS = 8

/** A call ends at its closing tag; tags inside of a JSON string are part of the string, any other tag before it is an error. */
function takeCall (reader: Reader, opening: Tag, turn: RawTurn): void {
  const { text, turns } = reader
  const closing = endOfCall(reader, opening)
  if (closing?.kind !== 'close' || closing.name !== opening.name) {
    const before = closing === undefined ? '' : ` before ${show(closing)} at offset ${closing.at}`
    throw malformed(`turn ${turns.length - 1}: <${opening.name}> at offset ${opening.at} is not closed${before}`, where(opening))
  }
  turn.calls.push({ tag: opening.name, at: opening.at, inner: text.slice(opening.end, closing.at) })
  reader.end = closing.end
}

/** The first tag behind a call that is not part of a JSON string. Where a string swallows the closing tag, that one after all. */
function endOfCall ({ text, tags, index }: Reader, opening: Tag): Tag | undefined {
  const structural = [...OWN_ROLES, ...CALLS]
  let swallowed: Tag | undefined
  let first: Tag | undefined
  for (let looked = 0; index < tags.length && looked < MAX_TAGS; index++) {
    const tag = tags[index]!
    if (!structural.includes(tag.name)) continue
    const isOwn = tag.kind === 'close' && tag.name === opening.name
    if (!isInString(text.slice(opening.end, tag.at))) return isOwn ? tag : swallowed ?? tag
    if (isOwn) swallowed ??= tag
    first ??= tag
    looked++
  }
  return swallowed ?? first
}

function isInString (json: string): boolean {
  const start = json.search(/[[{]/)
  const span = start === -1 ? undefined : scanJson(json, start)
  return span !== undefined && 'broken' in span && span.inString
}

function takeToolset (reader: Reader, opening: Tag): void {
  reader.end = opening.end
  if (opening.kind === 'empty') return
  const closing = reader.tags.slice(reader.index).find(tag => tag.kind === 'close' && tag.name === opening.name)
  if (closing === undefined) throw malformed(`<${opening.name}> at offset ${opening.at} is not closed`, where(opening))
  reader.toolsets.push(reader.text.slice(opening.end, closing.at))
  reader.end = closing.end
}

const WRAPPER = /<\/?(?:turn|round|trajectory|conversation|dialogue|output|answer)(?:\s[^<>]*)?>|<!--[\s\S]*?-->|```[\w-]*|^\s*[-*_=]{3,}\s*$/gim

function checkBetween ({ text, end, turns }: Reader, next: Tag): void {
  const between = text.slice(end, next.at)
  if (turns.length === 0) return checkProse(between, `before ${show(next)}`)
  if (between.length <= MAX_PROSE && between.replace(WRAPPER, '').trim() === '') return
  throw malformed(`text outside of any turn behind turn ${turns.length - 1}, at offset ${end}: ${excerpt(between)}`, { offset: end, turn: turns.length - 1 })
}

function checkAfter ({ text, end }: Reader): void {
  const rest = text.slice(end)
  if (/<\/?\w*$/.test(rest)) throw malformed(`the answer is cut off inside of a tag at offset ${text.length}: ${excerpt(rest)}`, { offset: text.length })
  checkProse(rest, 'behind the last tag')
}

function checkProse (prose: string, place: string): void {
  if (prose.trim().length > MAX_PROSE) throw malformed(`${prose.trim().length} characters of prose stand ${place}, at most ${MAX_PROSE} are passed over`)
}

function show (tag: Tag): string {
  return { open: `<${tag.name}>`, close: `</${tag.name}>`, empty: `<${tag.name}/>` }[tag.kind]
}

function where (tag: Tag): Readonly<Record<string, unknown>> {
  return { tag: tag.name, offset: tag.at }
}
