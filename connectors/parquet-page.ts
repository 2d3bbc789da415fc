import type { ColumnMetaData, Compressors } from 'hyparquet'
import type { parquetHeader } from 'hyparquet/src/column.js'

/** The header of a page as hyparquet reads it. */
export type PageHeader = ReturnType<typeof parquetHeader>

/** A page with its header; the body is compressed, or not, as that header says. */
export interface PackedPage {
  readonly header: PageHeader
  /** What follows the header in the file. */
  readonly body: Uint8Array
}

/** What the column of a page says of it: its type and codec, how to decompress, and whether it has levels. */
export interface UnpackOptions {
  readonly meta: ColumnMetaData
  readonly codecs: Compressors
  /** Whether the column can hold nulls, so that its pages have definition levels. */
  readonly nullable: boolean
}

/**
 * Decompresses the page of a flat column and checks the runs in it. hyparquet trusts the lengths of runs: a damaged one
 * makes it loop without end or fill memory. Throws for a page that contradicts itself; gives it with a header that says
 * that nothing is compressed.
 */
export function unpackPage ({ header, body }: PackedPage, options: UnpackOptions): PackedPage {
  const second = header.data_page_header_v2
  const plain = second === undefined
    ? decompress(body, header.uncompressed_page_size, options)
    : unpackSecond(body, header, options)
  checkPage(plain, header, options)
  const size = plain.length
  return {
    body: plain,
    header: {
      ...header,
      compressed_page_size: size,
      uncompressed_page_size: size,
      ...(second === undefined ? {} : { data_page_header_v2: { ...second, is_compressed: false } })
    }
  }
}

function decompress (input: Uint8Array, length: number, { meta, codecs }: UnpackOptions): Uint8Array {
  if (meta.codec === 'UNCOMPRESSED') return input
  const codec = codecs[meta.codec]
  if (codec === undefined) throw new Error(`codec ${meta.codec} is not supported`)
  return codec(input, length)
}

/** In the second page version the levels come first, never compressed. */
function unpackSecond (body: Uint8Array, header: PageHeader, options: UnpackOptions): Uint8Array {
  const second = header.data_page_header_v2
  const levels = (second?.definition_levels_byte_length ?? 0) + (second?.repetition_levels_byte_length ?? 0)
  if (!(levels >= 0 && levels <= body.length)) throw new Error(`a page claims ${levels} bytes of levels`)
  if (second?.is_compressed === false) return body
  const values = decompress(body.subarray(levels), header.uncompressed_page_size - levels, options)
  const plain = new Uint8Array(levels + values.length)
  plain.set(body.subarray(0, levels))
  plain.set(values, levels)
  return plain
}

function checkPage (plain: Uint8Array, header: PageHeader, options: UnpackOptions): void {
  const { data_page_header: first, data_page_header_v2: second } = header
  if (second !== undefined) {
    const { repetition_levels_byte_length: start, definition_levels_byte_length: length } = second
    if (length > 0) countOnes({ bytes: plain, at: start, end: start + length, width: 1, values: second.num_values })
    checkValues({ plain, at: start + length, encoding: second.encoding }, options, second.num_values - second.num_nulls)
  } else if (first !== undefined) {
    const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
    const length = options.nullable ? view.getUint32(0, true) : 0
    const at = options.nullable ? 4 : 0
    if (at + length > plain.length) throw new Error(`a page claims ${length} bytes of levels`)
    const values = options.nullable ? countOnes({ bytes: plain, at, end: at + length, width: 1, values: first.num_values }) : first.num_values
    checkValues({ plain, at: at + length, encoding: first.encoding }, options, values)
  }
}

interface Values { readonly plain: Uint8Array, readonly at: number, readonly encoding: string }

function checkValues ({ plain, at, encoding }: Values, { meta }: UnpackOptions, values: number): void {
  if (values <= 0 || !/DICTIONARY$|^RLE$/.test(encoding)) return
  // Booleans have their width from the type, and in the first version a length of four bytes instead.
  if (meta.type === 'BOOLEAN') throw new Error('a boolean column in runs is not read')
  const width = plain[at] ?? 0
  if (width > 32) throw new Error(`a page claims values of ${width} bits`)
  if (width > 0) countOnes({ bytes: plain, at: at + 1, end: plain.length, width, values })
}

interface Runs { readonly bytes: Uint8Array, at: number, readonly end: number, readonly width: number, readonly values: number }

/**
 * Walks over runs (Parquet's RLE and bit-packing hybrid) until they hold all values. Throws where a run is longer than
 * what is left, or lies outside. Returns how many values are 1, for a width of 1.
 */
function countOnes (runs: Runs): number {
  let left = runs.values
  let ones = 0
  while (left > 0) {
    const header = readVarint(runs)
    const isPacked = header % 2 === 1
    const count = isPacked ? (header - 1) / 2 * 8 : header / 2
    const bytes = isPacked ? count / 8 * runs.width : Math.ceil(runs.width / 8)
    if (!isPacked && count > left) throw new Error(`a run of ${count} values where ${left} are left`)
    // The last run may be cut short behind its last value.
    if (runs.at + bytes > runs.end && !(isPacked && count >= left)) throw new Error('a run lies outside of its page')
    if (isPacked && count > left + MAX_PADDING) throw new Error(`a run of ${count} values where ${left} are left`)
    const taken = Math.min(count, left)
    if (runs.width === 1) ones += isPacked ? countBits(runs, taken) : (runs.bytes[runs.at] === 1 ? taken : 0)
    runs.at += bytes
    left -= taken
  }
  return ones
}

/** Values that a writer may add to fill its last bit-packed run. */
const MAX_PADDING = 512

function countBits ({ bytes, at }: Runs, count: number): number {
  let ones = 0
  for (let index = 0; index < count; index++) ones += ((bytes[at + (index >> 3)] ?? 0) >> (index & 7)) & 1
  return ones
}

function readVarint (runs: Runs): number {
  let value = 0
  for (let scale = 1; scale < 2 ** 35; scale *= 128) {
    const byte = runs.at < runs.end ? runs.bytes[runs.at++] : undefined
    if (byte === undefined) throw new Error('runs end before their values do')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value < 2 ** 31 ? value : 2 ** 31
  }
  throw new Error('the length of a run cannot be read')
}
