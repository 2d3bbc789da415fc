import { isObject, tryParseJson } from '../../../lib/schema/json-value.js'
import { escapeWire, unescapeWire } from '../../../lib/schema/wire.js'

/** One turn of a dialogue; an assistant turn may hold a call. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
  readonly call?: WireCall
}

/** A call as it stands in `<func>`; the wire format has no ids. */
export interface WireCall { readonly name: string, readonly arguments: Readonly<Record<string, unknown>> }

/** A dialogue in role tags. Every content is escaped: nothing in it can look like structure. */
export function writeTurns (turns: readonly Turn[]): string {
  return turns.map(({ role, text, call }) => {
    const said = escapeWire(text)
    return `<${role}>${call === undefined ? said : `${said}\n${writeTag('func', JSON.stringify(call))}`}</${role}>`
  }).join('\n')
}

/** A value between its tags, escaped. */
export function writeTag (tag: string, value: string): string {
  return `<${tag}>${escapeWire(value)}</${tag}>`
}

/** What stands between the tags, unescaped and trimmed; the longest of several, since a prompt may name its own tags. */
export function readTag (text: string, tag: string): string | undefined {
  const raw = rawTag(text, tag)
  return raw === undefined ? undefined : unescapeWire(raw).trim()
}

/** The same as it stands, for values that hold structure of their own. */
export function rawTag (text: string, tag: string): string | undefined {
  let longest: string | undefined
  for (let from = text.indexOf(`<${tag}>`); from !== -1;) {
    const start = from + tag.length + 2
    const end = text.indexOf(`</${tag}>`, start)
    if (end === -1) break
    if (longest === undefined || end - start > longest.length) longest = text.slice(start, end)
    from = text.indexOf(`<${tag}>`, end)
  }
  return longest
}

/** Turns of a dialogue in role tags. Several calls of one turn become turns of their own, each followed by its observation. */
export function readTurns (wire: string): Turn[] {
  const turns: Turn[] = []
  let waiting: WireCall[] = []
  for (const match of wire.matchAll(/<(system|user|assistant|tool)>/g)) {
    const role = match[1] as Turn['role']
    const start = match.index + match[0].length
    const end = wire.indexOf(`</${role}>`, start)
    if (end === -1) break
    const raw = wire.slice(start, end)
    if (role === 'assistant') {
      const calls = readCalls(raw)
      waiting = calls.slice(1)
      const func = raw.indexOf('<func>')
      turns.push({ role, text: unescapeWire(func === -1 ? raw : raw.slice(0, func)).trim(), call: calls[0] })
      continue
    }
    // After the first observation of several calls the next call gets a turn of its own.
    if (role === 'tool' && turns.at(-1)?.role === 'tool' && waiting.length > 0) turns.push({ role: 'assistant', text: '', call: waiting.shift() })
    turns.push({ role, text: unescapeWire(raw).trim() })
  }
  return turns
}

function readCalls (raw: string): WireCall[] {
  const calls: WireCall[] = []
  for (let from = raw.indexOf('<func>'); from !== -1; from = raw.indexOf('<func>', from + 6)) {
    const end = raw.indexOf('</func>', from)
    const call = tryParseJson(unescapeWire(raw.slice(from + 6, end === -1 ? undefined : end)))
    if (isObject(call) && typeof call.name === 'string') calls.push({ name: call.name, arguments: isObject(call.arguments) ? call.arguments : {} })
  }
  return calls
}
