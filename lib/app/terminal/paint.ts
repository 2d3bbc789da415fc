import { inspect } from 'node:util'

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const

/** A colour or weight of text. */
export type Style = typeof STYLES[number]

/** Colours text for a terminal, or leaves it as it is. */
export type Paint = Readonly<Record<Style, (text: string) => string>>

/** What paints, if `color` is true; else every style gives the text back. */
export function createPaint (color: boolean): Paint {
  return Object.fromEntries(STYLES.map(style => [style, color ? painter(style) : unchanged])) as Paint
}

function painter (style: Style): (text: string) => string {
  const [open, close] = inspect.colors[style] as readonly [number, number]
  return text => text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`
}

function unchanged (text: string): string {
  return text
}
