import type { ColumnMetaData, Compressors, DecodedArray, SchemaTree } from 'hyparquet'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { unpackPage, type PackedPage, type PageHeader } from './parquet-page.js'

/** Reads bytes [start, end) of the file. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>

/** One column chunk of a row group: what decodes it, and which of its bytes are read. */
export interface ColumnOptions {
  readonly name: string
  readonly meta: ColumnMetaData
  readonly schema: SchemaTree
  readonly codecs: Compressors
  readonly read: ReadRange
  /** Rows that the row group has. */
  readonly rows: number
  /** What is read of it, in order; values outside can only be skipped. */
  readonly parts: readonly ColumnPart[]
  /** Bytes of the dictionary page, where it lies in no part; fetched once a page needs it. */
  readonly dictionary?: ByteRange | undefined
}

/** Bytes [start, end) of a file. */
export interface ByteRange { readonly start: number, readonly end: number }

/** Pages of a column that lie behind one another. */
export interface ColumnPart extends ByteRange {
  /** Rows [from, to) of the row group that they hold. */
  readonly from: number
  readonly to: number
}

/** The values of one column of a row group, from the first to the last. */
export interface ColumnReader {
  /** The next `count` values; byte strings are views into their page. Throws where there are fewer, or where they lie in no part. */
  take (count: number): Promise<unknown[]>
  /** Passes `count` values over; pages that lie in them as a whole are not decoded, nor fetched beyond what a window has of them. */
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
  const pages = new Pages(options)
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

/** A class because all of it is one state: the part and window that are read, the dictionary, the rows seen so far. */
class Pages {
  readonly #options: ColumnOptions
  readonly #decoder: ReturnType<typeof createDecoder>
  readonly #nullable: boolean
  #window: Window
  #part: ColumnPart | undefined
  #turned = 0
  #dictionary: DecodedArray | undefined
  #seen = 0

  constructor (options: ColumnOptions) {
    this.#options = options
    this.#decoder = createDecoder(options)
    this.#nullable = this.#decoder.element.repetition_type !== 'REQUIRED'
    this.#window = createWindow(options, { start: 0, end: 0 })
  }

  /** The next data page, passed over if it has at most `skippable` rows. */
  async next (skippable: number): Promise<Page> {
    if (this.#window.left() <= 0) return this.#turn(skippable)
    const { name, rows: groupRows } = this.#options
    const header = await this.#window.header(name)
    if (header.type === 'DICTIONARY_PAGE') {
      await this.#keepDictionary(header, this.#window)
      return { values: [], passed: 0 }
    }
    const rows = rowsOf(header, name)
    this.#seen += rows
    if (this.#seen > groupRows) throw new Error(`column ${name} has more than ${groupRows} values`)
    const body = rows > skippable ? await this.#window.body(header) : undefined
    if (body === undefined) this.#window.pass(header)
    this.#checkEnd()
    if (body === undefined) return { values: [], passed: rows }
    await this.#findDictionary(header)
    const values = this.#decode({ header, body }) ?? []
    if (values.length !== rows) throw new Error(`a page of column ${name} has ${values.length} values instead of ${rows}`)
    return { values, passed: 0 }
  }

  /** Turns to the next part and passes the rows between over. */
  #turn (skippable: number): Page {
    const { name, parts } = this.#options
    const part = parts[this.#turned++]
    if (part === undefined) throw new Error(`column ${name} ends before its rows do`)
    const passed = part.from - this.#seen
    if (!(passed >= 0 && passed <= skippable)) throw new Error(`row ${this.#seen} of column ${name} is in no part that is read`)
    this.#part = part
    this.#seen = part.from
    this.#window = createWindow(this.#options, part)
    return { values: [], passed }
  }

  /** Rows that are counted wrong would be given out as others. */
  #checkEnd (): void {
    if (this.#part === undefined || this.#window.left() > 0 || this.#seen === this.#part.to) return
    throw new Error(`column ${this.#options.name} has ${this.#seen} values up to where ${this.#part.to} should be`)
  }

  async #findDictionary (header: PageHeader): Promise<void> {
    const { dictionary, name } = this.#options
    if (this.#dictionary !== undefined || dictionary === undefined || !isEncodedByDictionary(header)) return
    const aside = createWindow(this.#options, dictionary)
    await this.#keepDictionary(await aside.header(name), aside)
  }

  async #keepDictionary (header: PageHeader, window: Window): Promise<void> {
    const data = this.#decode({ header, body: await window.body(header) })
    if (data !== undefined) this.#dictionary = convert(data, this.#decoder)
  }

  #decode (packed: PackedPage): DecodedArray | undefined {
    const { header, body } = unpackPage(packed, { ...this.#options, nullable: this.#nullable })
    return readPage({ view: new DataView(body.buffer, body.byteOffset, body.byteLength), offset: 0 }, header, this.#decoder, this.#dictionary, undefined, 0).data
  }
}

function isEncodedByDictionary ({ data_page_header: first, data_page_header_v2: second }: PageHeader): boolean {
  return /DICTIONARY$/.test(second?.encoding ?? first?.encoding ?? '')
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

type Window = ReturnType<typeof createWindow>

/** A sliding view of a range of the column's bytes, moved on page by page: a header, then its body or past it. */
function createWindow ({ read }: Pick<ColumnOptions, 'read'>, range: ByteRange) {
  let bytes = new Uint8Array(0)
  let start = range.start
  let offset = 0
  const left = () => range.end - start - offset
  const ensure = async (count: number) => {
    const wanted = Math.min(count, left())
    const held = Math.max(0, bytes.length - offset)
    if (held >= wanted) return
    const from = start + offset + held
    const more = await read(from, Math.min(range.end, from + Math.max(WINDOW_BYTES, wanted - held)))
    bytes = joined(bytes.subarray(offset), more)
    start += offset
    offset = 0
  }
  const header = async (name: string): Promise<PageHeader> => {
    await ensure(HEADER_BYTES)
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset }
    const header = parquetHeader(reader)
    offset = reader.offset
    const size = header.compressed_page_size
    if (!(size >= 0 && size <= left())) throw new Error(`a page of column ${name} claims ${size} bytes`)
    return header
  }
  const pass = ({ compressed_page_size: size }: PageHeader): void => { offset += size }
  const body = async (header: PageHeader) => {
    const { compressed_page_size: size } = header
    await ensure(size)
    const body = bytes.subarray(offset, offset + size)
    pass(header)
    return body
  }
  return { header, body, pass, left }
}

function joined (first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
