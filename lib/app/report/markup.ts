import { printable } from '../terminal/printable.js'

/** HTML. A class, so that no value of a corpus can pass for it. */
export class Markup {
  readonly #html: string
  constructor (html: string) { this.#html = html }
  toString (): string { return this.#html }
}

/** What stands in a template: HTML as it is, anything else as text; lists one after the other. */
export type Part = Markup | string | number | readonly Part[]

/**
 * HTML of a template. Texts between are escaped for content and for attributes in quotes, and what could reorder or hide its
 * neighbours (controls, bidi, zero width) is shown as `\u{…}`.
 */
export function html (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, at) => text + textOf(parts[at - 1] ?? '') + string))
}

/** Text that is HTML already. Only for what was serialized by a library, or written here. */
export function trusted (text: string): Markup {
  return new Markup(text)
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function textOf (part: Part): string {
  if (part instanceof Markup) return part.toString()
  if (typeof part === 'object') return part.map(textOf).join('')
  return printable(String(part), { lines: true }).replace(/[&<>"']/g, character => ENTITIES[character] as string)
}
