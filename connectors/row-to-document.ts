import { isAscii } from 'node:buffer'
import { hash } from 'node:crypto'
import type { Split } from '../lib/engine/connector.js'
import { settleAtOnce, type Envelope, type Settlement } from '../lib/engine/envelope.js'
import type { Document } from '../lib/schema/document.js'
import { asText, type RowFields } from './presets.js'
import { createDocIds } from './split-id.js'

/** Place of a row: inside its row group or file, and in the reading order of the run. Both from 0. */
export interface RowPlace { readonly row: number, readonly sequence: number }

/** Makes documents of the rows of one split, and settlements of those that cannot be one. */
export interface RowReader {
  /** A document, or the settlement of a row that cannot be one: reject `record-invalid`, drop `text-too-big`. */
  read (fields: RowFields, place: RowPlace): Envelope<Document> | Settlement<never>
  /** Settles a row of which not even fields are known. */
  reject (problem: string, place: RowPlace): Settlement<never>
  tooBig (place: RowPlace): Settlement<never>
}

/** How long a text may be, in bytes of UTF-8, and how messages name the place of a row. */
export interface RowReaderOptions {
  readonly maxTextBytes: number
  /** Where a row lies, for messages: address of the file and place in it. */
  readonly locate: (split: Split, row: number) => string
}

/** Longest title, corpus name or address that is kept, characters; a longer one is left out. */
const LONGEST_FIELD = 4_096

/**
 * Turns the rows of one split into documents: well-formed UTF-16 in NFC, control characters but tab, line feed and
 * carriage return taken out. Everything it does not make a document of it settles at stage `read`.
 */
export function createRowReader (split: Split, { maxTextBytes, locate }: RowReaderOptions): RowReader {
  const idOf = createDocIds(split)
  const { source, path, rowGroup } = split
  const describe = ({ row, sequence }: RowPlace) => {
    const id = idOf(row)
    return { id, sequence, split: split.id, origin: { source, path, rowGroup, row }, key: id }
  }
  const reject = (problem: string, place: RowPlace) => settleAtOnce(describe(place), {
    stage: 'read', kind: 'reject', reason: 'record-invalid', message: `${locate(split, place.row)}: ${problem}`
  })
  const tooBig = (place: RowPlace) => settleAtOnce(describe(place), {
    stage: 'read', kind: 'drop', reason: 'text-too-big',
    message: `${locate(split, place.row)}: text is longer than ${maxTextBytes} bytes`
  })
  const read = (fields: RowFields, place: RowPlace) => {
    const text = fields.parts === undefined ? readText(fields.text, maxTextBytes) : joinText(fields.parts, maxTextBytes)
    if (text === 'too-big') return tooBig(place)
    if (text === 'empty') return reject('text is empty', place)
    if (text === 'no-string') return reject(`text is ${nameType(fields.text)}`, place)
    const value = makeDocument(text.text, fields)
    return { kind: 'envelope' as const, ...describe(place), key: value.textKey, value }
  }
  return { read, reject, tooBig }
}

/** Takes out control characters but tab, line feed and carriage return, makes lone surrogates U+FFFD, and composes (NFC). */
export function cleanText (text: string): string {
  const kept = text.search(CONTROL) < 0 ? text : text.replace(CONTROL, '')
  if (!NOT_LATIN.test(kept)) return kept
  return kept.replace(LONE_SURROGATE, '\ufffd').normalize('NFC')
}

/** A finite number of a number, a bigint or a string of digits; undefined for anything else. */
export function readScore (value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'bigint') return Number(value)
  const text = asText(value)?.trim()
  if (text === undefined || text === '') return undefined
  const score = Number(text)
  return Number.isFinite(score) ? score : undefined
}

const CONTROL = /[^\P{Cc}\t\n\r\u007f-\u009f]/gu
const LONE_SURROGATE = /\p{Surrogate}/gu
/** Below U+0300 everything is composed already. */
const NOT_LATIN = /[\u0300-\uffff]/

type ReadText = { readonly text: string } | 'too-big' | 'empty' | 'no-string'

function readText (value: unknown, maxTextBytes: number): ReadText {
  if (byteLength(value) > maxTextBytes) return 'too-big'
  const text = value instanceof Uint8Array && isAscii(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')
    : asText(value)
  if (text === undefined) return 'no-string'
  const clean = cleanText(text)
  return clean.trim() === '' ? 'empty' : { text: clean }
}

function joinText (parts: readonly unknown[], maxTextBytes: number): ReadText {
  let bytes = 0
  for (const part of parts) bytes += byteLength(part)
  if (bytes > maxTextBytes) return 'too-big'
  const texts = parts.map(part => asText(part)?.trim()).filter(text => text !== undefined && text !== '')
  return readText(texts.join('\n\n'), maxTextBytes)
}

/** Bytes that a value has as text in UTF-8; 0 for what is neither bytes nor a string. */
export function byteLength (value: unknown): number {
  if (value instanceof Uint8Array) return value.length
  return typeof value === 'string' ? Buffer.byteLength(value) : 0
}

function makeDocument (text: string, fields: RowFields): Document {
  const document: { -readonly [Key in keyof Document]: Document[Key] } = { text, textKey: hash('sha256', text) }
  const title = readField(fields.title)
  const upstream = readField(fields.upstream)
  const score = readScore(fields.score)
  const url = readField(fields.url)
  if (title !== undefined) document.title = title
  if (upstream !== undefined) document.upstream = upstream
  if (score !== undefined) document.score = score
  if (url !== undefined) document.url = url
  return document
}

function readField (value: unknown): string | undefined {
  if (value === undefined || value === null || byteLength(value) > LONGEST_FIELD * 3) return undefined
  const text = asText(value)
  if (text === undefined) return undefined
  const clean = cleanText(text).trim()
  return clean === '' || clean.length > LONGEST_FIELD ? undefined : clean
}

function nameType (value: unknown): string {
  if (value === null || value === undefined) return 'missing'
  if (Array.isArray(value)) return 'a list, not text'
  return typeof value === 'object' ? 'an object, not text' : `a ${typeof value}, not text`
}
