import type { Message } from '../schema/message.js'

/** Characters of one text that rules of wording look at; a dialogue of the paper is not that long as a whole. */
export const MAX_TEXT_CHARACTERS = 100_000

/** Code in a text: fenced blocks, and spans in backticks on one line. */
const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]{1,300}`/g

/** What stands in quotation marks on one line; an apostrophe inside a word opens none. */
const QUOTED = /"[^"\n]{1,400}"|“[^“”\n]{1,400}”|«[^«»\n]{1,400}»|„[^„“”\n]{1,400}[“”]|‘[^‘’\n]{1,400}’(?!\p{L})|(?<![\p{L}\p{N}])'[^'\n]{2,400}'(?![\p{L}\p{N}])/gu

/** The texts of a message: its content and, as JSON, the arguments of each call. */
export function textsOf (message: Message): readonly string[] {
  if (message.role !== 'assistant') return [message.content]
  return [message.content, ...message.toolCalls.map(call => stringify(call.arguments))]
}

/** A text without its code, cut after 100,000 characters: code may hold what prose may not. */
export function withoutCode (text: string): string {
  const bounded = text.slice(0, MAX_TEXT_CHARACTERS)
  return bounded.includes('`') ? bounded.replace(CODE, ' ') : bounded
}

/** A text without what it quotes. */
export function withoutQuotes (text: string): string {
  return text.replace(QUOTED, ' ')
}

/** A value as JSON; empty where it is deeper than the stack: `argument-type` and `tool-definition` say so. */
export function stringify (value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
