import { readOffsetIndex, type ColumnChunk } from 'hyparquet'
import type { ByteRange, ColumnPart, ReadRange } from './parquet-column.js'
import { chunkRange } from './parquet-footer.js'

/** Which parts of a column chunk hold the rows that are wanted, and where its dictionary lies, if in none of them. */
export interface ChunkParts {
  readonly parts: readonly ColumnPart[]
  readonly dictionary?: ByteRange
}

/** Rows of a row group: all of [from, to), or those that are listed, ascending. */
export interface WantedRows {
  readonly from: number
  readonly to: number
  readonly rows?: readonly number[]
}

/** A gap this small is read along with what lies around it: another request would cost more. */
const GAP_BYTES = 65_536
const MAX_INDEX_BYTES = 67_108_864

/** Where the offset index of a chunk lies; undefined where it has none. Throws for one that no reader would take. */
export function offsetIndexRange ({ offset_index_offset: offset, offset_index_length: length }: ColumnChunk): ByteRange | undefined {
  if (offset === undefined || length === undefined) return undefined
  if (!(offset >= 4n && length > 0 && length <= MAX_INDEX_BYTES)) throw new Error(`an offset index of ${length} bytes at ${offset}`)
  return { start: Number(offset), end: Number(offset) + length }
}

/** The whole chunk as one part, with its dictionary: for a chunk without an offset index, or one that is read from its beginning. */
export function wholeChunk (chunk: ColumnChunk, groupRows: number): ChunkParts {
  return { parts: [{ ...chunkRange(chunk), from: 0, to: groupRows }] }
}

/**
 * The pages that hold the wanted rows, by the offset index: pages between are not to be fetched, unless the gap is no
 * longer than 64 KiB. Throws an Error where the index contradicts itself or points outside of its column.
 */
export async function findParts (chunk: ColumnChunk, wanted: WantedRows, { groupRows, read }: { readonly groupRows: number, readonly read: ReadRange }): Promise<ChunkParts> {
  const index = offsetIndexRange(chunk)
  if (index === undefined) return wholeChunk(chunk, groupRows)
  const pages = readPages(await read(index.start, index.end), chunkRange(chunk), groupRows)
  const parts: ColumnPart[] = []
  for (const page of pages.filter(createWants(wanted))) {
    const last = parts.at(-1)
    if (last !== undefined && page.start - last.end <= GAP_BYTES) parts[parts.length - 1] = { ...last, end: page.end, to: page.to }
    else parts.push(page)
  }
  return withDictionary(parts, { start: chunkRange(chunk).start, end: (pages[0] as ColumnPart).start })
}

/** What lies before the first data page is the dictionary. It is read along with a part that begins close behind it. */
function withDictionary (parts: readonly ColumnPart[], dictionary: ByteRange): ChunkParts {
  const [first, ...others] = parts
  if (first === undefined || dictionary.start === dictionary.end) return { parts }
  return first.start - dictionary.end > GAP_BYTES ? { parts, dictionary } : { parts: [{ ...first, start: dictionary.start, from: 0 }, ...others] }
}

/** The data pages of a chunk. A page ends where the next begins. */
function readPages (bytes: Uint8Array, range: ByteRange, groupRows: number): ColumnPart[] {
  const { page_locations: locations } = readOffsetIndex({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 })
  const pages = locations.map(({ offset, first_row_index: row }, at) => ({
    start: Number(offset), end: Number(locations[at + 1]?.offset ?? range.end),
    from: Number(row), to: Number(locations[at + 1]?.first_row_index ?? groupRows)
  }))
  const first = pages[0]
  if (first === undefined || first.from !== 0 || first.start < range.start) throw new Error('the offset index does not begin where its column does')
  if (pages.some(({ start, end, from, to }) => !(end > start && end <= range.end && to >= from && to <= groupRows))) throw new Error('the offset index points outside of its column')
  return pages
}

/** Whether a page holds a wanted row; asked for the pages in order. */
function createWants ({ from, to, rows }: WantedRows): (page: ColumnPart) => boolean {
  if (rows === undefined) return page => page.from < to && page.to > from
  let at = 0
  return page => {
    while (at < rows.length && (rows[at] as number) < page.from) at++
    return at < rows.length && (rows[at] as number) < page.to
  }
}
