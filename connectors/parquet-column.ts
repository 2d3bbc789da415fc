import type { ColumnMetaData, Compressors, DecodedArray, SchemaTree } from 'hyparquet'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { unpackPage, type PackedPage, type PageHeader } from './parquet-page.js'

/** Reads bytes [start, end) of the file. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>

/** One column chunk of a row group: where its bytes lie, what decodes them, and where to enter it. */
export interface ColumnOptions {
  readonly name: string
  readonly meta: ColumnMetaData
  readonly schema: SchemaTree
  readonly codecs: Compressors
  readonly range: { readonly start: number, readonly end: number }
  readonly read: ReadRange
  /** Rows that the row group has. */
  readonly rows: number
  /** Where to enter the column, if not at its beginning. */
  readonly entry?: ColumnEntry | undefined
}

/** A page to begin with, as the offset index gives it. */
export interface ColumnEntry {
  /** Row of the row group that is first in the page. */
  readonly row: number
  /** Byte where the page starts. */
  readonly offset: number
  /** Byte where the first of all data pages starts; a dictionary lies before it. */
  readonly firstOffset: number
}

/** The values of one column of a row group, from the first, or from the entry, to the last. */
export interface ColumnReader {
  /** The next `count` values; byte strings are views into their page. Throws where there are fewer. */
  take (count: number): Promise<unknown[]>
  /** Passes `count` values over; pages that lie in them as a whole are not decoded. */
  skip (count: number): Promise<void>
}

/** Bytes that are fetched at a time, unless one page is longer. */
export const WINDOW_BYTES = 2_097_152
/** Room for a page header; statistics of long values can make it big. */
const HEADER_BYTES = 65_536
const MAX_PAGE_ROWS = 16_777_216

/**
 * Decodes a flat column page by page, so that memory is a window of compressed bytes and one page, and no row group is
 * too big. The reader of hyparquet decodes whole row groups and may reject outside of the promise it gives; its page
 * decoder, which is synchronous, does neither.
 */
export function createColumnReader (options: ColumnOptions): ColumnReader {
  const pages = createPages(options)
  let page: ArrayLike<unknown> = []
  let at = 0
  const turn = async (skippable: number): Promise<number> => {
    const { values, passed } = await pages.next(skippable)
    page = values
    at = 0
    return passed
  }
  const take = async (count: number) => {
    const values: unknown[] = []
    while (values.length < count) {
      if (at >= page.length) await turn(0)
      const end = Math.min(page.length, at + count - values.length)
      for (; at < end; at++) values.push(page[at])
    }
    return values
  }
  const skip = async (count: number) => {
    let left = count
    while (left > 0) {
      const inPage = Math.min(left, page.length - at)
      at += inPage
      left -= inPage
      if (left > 0) left -= await turn(left)
    }
  }
  return { take, skip }
}

interface Page {
  readonly values: ArrayLike<unknown>
  /** Rows that were passed over instead of being decoded. */
  readonly passed: number
}

function createPages (options: ColumnOptions) {
  const { name, rows: groupRows, entry, range } = options
  let window = createWindow(options, entry === undefined ? range : { start: range.start, end: entry.firstOffset })
  let jumped = entry === undefined
  const decoder = createDecoder(options)
  let dictionary: DecodedArray | undefined
  let seen = entry?.row ?? 0
  const unpacking = { ...options, nullable: decoder.element.repetition_type !== 'REQUIRED' }
  const decodePage = ({ header, body }: PackedPage, known: DecodedArray | undefined) =>
    readPage({ view: new DataView(body.buffer, body.byteOffset, body.byteLength), offset: 0 }, header, decoder, known, undefined, 0)
  /** The next data page, passed over if it has at most `skippable` rows. */
  const next = async (skippable: number): Promise<Page> => {
    if (!jumped && window.left() <= 0) {
      window = createWindow(options, { start: entry?.offset ?? range.start, end: range.end })
      jumped = true
    }
    const packed = await window.next(name)
    if (packed.header.type === 'DICTIONARY_PAGE') {
      const { data } = decodePage(unpackPage(packed, unpacking), undefined)
      if (data !== undefined) dictionary = convert(data, decoder)
      return { values: [], passed: 0 }
    }
    const rows = rowsOf(packed.header, name)
    seen += rows
    if (seen > groupRows) throw new Error(`column ${name} has more than ${groupRows} values`)
    if (rows <= skippable) return { values: [], passed: rows }
    const values = decodePage(unpackPage(packed, unpacking), dictionary).data ?? []
    if (values.length !== rows) throw new Error(`a page of column ${name} has ${values.length} values instead of ${rows}`)
    return { values, passed: 0 }
  }
  return { next }
}

function rowsOf (header: PageHeader, name: string): number {
  const rows = header.data_page_header_v2?.num_rows ?? header.data_page_header?.num_values ?? 0
  const values = header.data_page_header_v2?.num_values ?? rows
  if (values !== rows || !(rows >= 0 && rows <= MAX_PAGE_ROWS)) throw new Error(`a page of column ${name} claims ${rows} rows`)
  return rows
}

function createDecoder ({ meta, schema, name }: ColumnOptions) {
  const asBytes = (bytes: Uint8Array) => bytes
  const leaf = schema.children.find(child => child.element.name === name)
  if (leaf === undefined) throw new Error(`there is no column ${name}`)
  return {
    ...meta,
    pathInSchema: [name],
    element: leaf.element,
    schemaPath: [schema, leaf],
    // Pages come unpacked, see unpackPage.
    codec: 'UNCOMPRESSED' as const,
    // Strings are made of the bytes when a row is handed on, one by one.
    parsers: { ...DEFAULT_PARSERS, stringFromBytes: asBytes, jsonFromBytes: asBytes }
  }
}

/** A sliding view of the column's bytes, moved on by whole pages. */
function createWindow ({ read }: ColumnOptions, range: ColumnOptions['range']) {
  let bytes = new Uint8Array(0)
  let start = range.start
  let offset = 0
  const left = () => range.end - start - offset
  const ensure = async (count: number) => {
    const wanted = Math.min(count, left())
    if (bytes.length - offset >= wanted) return
    const from = start + bytes.length
    const more = await read(from, Math.min(range.end, from + Math.max(WINDOW_BYTES, wanted - (bytes.length - offset))))
    bytes = joined(bytes.subarray(offset), more)
    start += offset
    offset = 0
  }
  const next = async (name: string) => {
    if (left() <= 0) throw new Error(`column ${name} ends before its rows do`)
    await ensure(HEADER_BYTES)
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset }
    const header = parquetHeader(reader)
    const size = header.compressed_page_size
    if (!(size >= 0 && size <= range.end - start - reader.offset)) throw new Error(`a page of column ${name} claims ${size} bytes`)
    const headerBytes = reader.offset - offset
    await ensure(headerBytes + size)
    const body = bytes.subarray(offset + headerBytes, offset + headerBytes + size)
    offset += headerBytes + size
    return { header, body }
  }
  return { next, left }
}

function joined (first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
