import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ByteStore, Split } from '../lib/engine/connector.js'
import { loadZstd } from './zstd.js'

/** A line of a text file. */
export interface Line {
  /** From 0. */
  readonly row: number
  /** Byte of the uncompressed text where it starts. */
  readonly start: number
  /** Without its line ending; undefined for a line that is longer than `MAX_LINE_BYTES`. */
  readonly bytes: Uint8Array | undefined
}

/** Longest line that is read, bytes; a longer one is passed over without being held in memory. */
export const MAX_LINE_BYTES = 8_388_608

/** Endings of text files as `openText` reads them: the given ones, plain and compressed. */
export function textEndings (...plain: readonly string[]): readonly string[] {
  return plain.flatMap(ending => ['', '.gz', '.zst'].map(packed => ending + packed))
}

/** Endings of files of JSON lines. */
export const JSON_LINES_ENDINGS = textEndings('.jsonl', '.ndjson', '.json')

/** Whether a file is compressed, so that it can only be read from its beginning. */
export function isCompressed (path: string): boolean {
  return /\.(gz|zst)$/i.test(path)
}

/** At which byte a file is entered, and what ends the reading early. */
export interface OpenTextOptions {
  /** Byte to begin with; only for files that are not compressed. */
  readonly start?: number
  readonly signal: AbortSignal
}

/**
 * The text of a file as bytes, decompressed by its ending (`.gz`, `.zst`), with back-pressure. Fails as the store does,
 * and with an Error for compressed data that is damaged or breaks off. Destroying it ends everything behind it.
 */
export async function openText (store: ByteStore, file: Pick<Split, 'path' | 'etag'>, options: OpenTextOptions): Promise<Readable> {
  const { start = 0, signal } = options
  const bytes = await store.stream(file.path, { start, ifMatch: file.etag, signal })
  if (!isCompressed(file.path)) return bytes
  const decompress = /\.gz$/i.test(file.path) ? createGunzip() : (await loadZstd()).createStream()
  // The error reaches the reader through `decompress`, which pipeline destroys.
  return pipeline(bytes, decompress, () => {})
}

/** Where in its file the first chunk stands, so that each line knows its row and byte. */
export interface ReadLinesOptions {
  /** Row of the first line, and byte where it starts. */
  readonly row: number
  readonly start: number
}

const LF = 10
const CR = 13
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The lines of a text, those of one chunk at a time. Lines end in LF or CR LF; a byte order mark before the first line
 * is taken off; a last line without an ending counts, an empty one after the last ending does not.
 */
export async function * readLines (chunks: AsyncIterable<Uint8Array | string>, { row, start }: ReadLinesOptions): AsyncGenerator<readonly Line[]> {
  const state: LineState = { row, start, parts: [], length: 0 }
  for await (const given of chunks) {
    // A stream of somebody else's may have an encoding set.
    const chunk = typeof given === 'string' ? Buffer.from(given) : given
    const lines: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      append(state, chunk.subarray(from, end))
      lines.push(finish(state, 1))
      from = end + 1
    }
    append(state, chunk.subarray(from))
    if (lines.length > 0) yield lines
  }
  if (state.length > 0) yield [finish(state, 0)]
}

interface LineState {
  row: number
  start: number
  /** What has come of the line; emptied once it is too long. */
  parts: Uint8Array[]
  length: number
}

function append (state: LineState, part: Uint8Array): void {
  state.length += part.length
  if (state.length > MAX_LINE_BYTES) state.parts = []
  else if (part.length > 0) state.parts.push(part)
}

function finish (state: LineState, ending: number): Line {
  const { row, start, length } = state
  const bytes = length > MAX_LINE_BYTES ? undefined : trimLine(state.parts, start === 0)
  state.row++
  state.start += length + ending
  state.length = 0
  state.parts = []
  return { row, start, bytes }
}

function trimLine (parts: readonly Uint8Array[], isFirst: boolean): Uint8Array {
  const line = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
  const from = isFirst && line.length >= BOM.length && BOM.equals(line.subarray(0, BOM.length)) ? BOM.length : 0
  return line.subarray(from, line.at(-1) === CR ? -1 : undefined)
}
