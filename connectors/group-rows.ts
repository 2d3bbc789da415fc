import type { Envelope, Settlement } from '../lib/engine/envelope.js'
import type { Document } from '../lib/schema/document.js'
import type { Row, RowMapping } from './presets.js'
import type { RawRow } from './read-splits.js'
import { byteLength, type RowReader } from './row-to-document.js'

type Made = Envelope<Document> | Settlement<never>

/**
 * Puts the rows of one split together to documents; `add` in reading order, `flush` once at the end. Holds one open
 * group at most.
 */
export interface Grouper {
  /** What is complete now that this row came. `sequence` is the next one that is free. */
  add (raw: RawRow, sequence: number): Made | undefined
  /** The last group of a split. */
  flush (sequence: number): Made | undefined
}

interface Group { readonly key: string, readonly row: number, readonly rows: [Row, ...Row[]], bytes: number }

/**
 * Makes documents of rows, one each or, for a mapping with `groupKey`, one of each run of rows with equal keys. Such a
 * document has the place of its first row. A group ends with its split: an article that lies across the border of two
 * splits becomes two documents. A group holds at most `maxTextBytes` of text; more makes it the drop `text-too-big`.
 */
export function createGrouper (mapping: RowMapping, reader: RowReader, maxTextBytes: number): Grouper {
  const { groupKey } = mapping
  if (groupKey === undefined) return { add: (raw, sequence) => readAlone(raw, { mapping, reader, sequence }), flush: () => undefined }
  let group: Group | undefined
  const flush = (sequence: number): Made | undefined => {
    if (group === undefined) return undefined
    const place = { row: group.row, sequence }
    const { rows, bytes } = group
    group = undefined
    return bytes > maxTextBytes ? reader.tooBig(place) : reader.read(mapping.toFields(rows), place)
  }
  const add = (raw: RawRow, sequence: number): Made | undefined => {
    // A row that is none stands alone and does not part the group around it.
    if ('problem' in raw) return reader.reject(raw.problem, { row: raw.row, sequence })
    const key = groupKey(raw.value)
    const made = group === undefined || group.key === key ? undefined : flush(sequence)
    if (group === undefined) group = { key, row: raw.row, rows: [raw.value], bytes: 0 }
    else if (group.bytes <= maxTextBytes) group.rows.push(raw.value)
    // Titles and overviews, which repeat, are not counted.
    group.bytes += byteLength(raw.value['text'])
    return made
  }
  return { add, flush }
}

interface Alone { readonly mapping: RowMapping, readonly reader: RowReader, readonly sequence: number }

function readAlone (raw: RawRow, { mapping, reader, sequence }: Alone): Made {
  const place = { row: raw.row, sequence }
  return 'problem' in raw ? reader.reject(raw.problem, place) : reader.read(mapping.toFields([raw.value]), place)
}
