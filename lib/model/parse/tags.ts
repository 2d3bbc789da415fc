import { tagSource, unescapeWire } from '../../schema/wire.js'
import { malformed } from './malformed.js'

/** One tag as it stands in an answer. */
export interface Tag {
  /** As asked for, whatever the spelling in the answer. */
  readonly name: string
  readonly at: number
  readonly end: number
  readonly kind: 'open' | 'close' | 'empty'
}

/** Finds all tags of these names, in order. */
export function findTags (text: string, names: readonly string[]): Tag[] {
  const canonical = new Map(names.map(name => [fold(name), name]))
  return [...text.matchAll(new RegExp(tagSource(names), 'gi'))].map(match => ({
    name: canonical.get(fold(match[2]!))!,
    at: match.index,
    end: match.index + match[0].length,
    kind: match[1] === '/' ? 'close' : match[3] === '/' ? 'empty' : 'open'
  }))
}

/**
 * Reads the value of a flat tag, unescaped and trimmed; undefined where the tag does not occur. The last one wins, since
 * models repeat the format before they answer. Case, spaces, attributes and prose around it do not matter; of nested tags
 * of the same name the innermost is read. Rejects with `answer-malformed` where the last opening tag is never closed.
 */
export function readTag (text: string, tag: string): string | undefined {
  return readTags(text, [tag])[tag]
}

/**
 * Reads several flat tags as `readTag` does, in one pass: a tag inside of another one's value is part of that value.
 * Only tags that occur are in the result.
 */
export function readTags<T extends string> (text: string, names: readonly T[]): Partial<Record<T, string>> {
  const values: Partial<Record<T, string>> = {}
  let open: Tag | undefined
  for (const tag of findTags(text, names)) {
    if (tag.kind === 'empty' && open === undefined) values[tag.name as T] = ''
    else if (tag.kind === 'open' && (open === undefined || open.name === tag.name)) open = tag
    else if (tag.kind === 'close' && open?.name === tag.name) {
      values[tag.name as T] = unescapeWire(withoutFence(text.slice(open.end, tag.at)))
      open = undefined
    }
  }
  if (open !== undefined) throw malformed(`<${open.name}> at offset ${open.at} is not closed`, { tag: open.name, offset: open.at })
  return values
}

/** Takes off white space around a text, and a code fence around the whole of it. */
export function withoutFence (text: string): string {
  const trimmed = text.trim()
  const opening = /^```[\w-]*[^\S\n]*\n?/.exec(trimmed)?.[0]
  if (opening === undefined || !trimmed.endsWith('```') || trimmed.length < opening.length + 3) return trimmed
  const inner = trimmed.slice(opening.length, -3)
  return inner.includes('```') ? trimmed : inner.trim()
}

function fold (name: string): string {
  return name.toLowerCase().replace(/[ _-]/g, '')
}
