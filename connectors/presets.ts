import { z } from 'zod'

/** A row as it lies in the file: strings of Parquet are still bytes, so that only what is needed is decoded. */
export type Row = Readonly<Record<string, unknown>>

/** What a mapping makes of a row: values of any type; `rowToDocument` decides whether they will do. */
export interface RowFields {
  readonly text?: unknown
  /** In place of `text`: what is joined by blank lines; what is no text is left out. */
  readonly parts?: readonly unknown[]
  readonly title?: unknown
  /** Name of the upstream corpus. */
  readonly upstream?: unknown
  readonly score?: unknown
  readonly url?: unknown
}

/** How rows of a corpus become documents. */
export interface RowMapping {
  /** Columns to read, in order. */
  readonly columns: readonly string[]
  /** Those of them without which a file is the wrong one. */
  readonly required: readonly string[]
  /** Consecutive rows with equal keys make one document; undefined: each row makes its own. */
  readonly groupKey?: (row: Row) => string
  toFields (rows: readonly [Row, ...Row[]]): RowFields
}

/** Names of columns; only `text` must be there. */
export const columnsSchema = z.strictObject({
  text: z.string().min(1),
  title: z.string().min(1).optional(),
  source: z.string().min(1).optional(),
  score: z.string().min(1).optional(),
  url: z.string().min(1).optional()
})

/** Corpora whose columns are known: Ultra-FineWeb, WikiHow by the article, WikiHow by the paragraph. */
export const presetSchema = z.enum(['ultra-fineweb', 'wikihow', 'wikihowSep'])

/** Which column of a file each field of a document comes from. */
export type Columns = z.infer<typeof columnsSchema>
/** A corpus whose columns are known. */
export type PresetName = z.infer<typeof presetSchema>

/** Keys of a source's options that say how rows are read; spread them into the options of a source. All are result keys. */
export const mappingShape = {
  preset: presetSchema.optional(),
  columns: columnsSchema.optional(),
  /** Longest text of a document, bytes of UTF-8 as they lie in the source; above it the drop `text-too-big`. */
  maxTextBytes: z.int().positive().default(1_048_576)
}

/** The mapping of a preset or of named columns; with neither, columns called `text`, `title`, `source`, `score` and `url`. */
export function createMapping (options: { readonly preset?: PresetName | undefined, readonly columns?: Columns | undefined }): RowMapping {
  if (options.columns !== undefined) return mapColumns(options.columns)
  switch (options.preset) {
    case 'ultra-fineweb': return mapColumns({ text: 'content', score: 'score', source: 'source' })
    case 'wikihow': return WIKIHOW
    case 'wikihowSep': return WIKIHOW_SEP
    case undefined: return mapColumns({ text: 'text', title: 'title', source: 'source', score: 'score', url: 'url' })
  }
}

/** Text of a string or of UTF-8 bytes; undefined for anything else. Broken UTF-8 becomes U+FFFD. */
export function asText (value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString() : undefined
}

const OWN_DIGIT = /(?:^|\s)(?:iOS\d+|\p{Lu}{2,}\d)$/u

/**
 * A WikiHow title without the number that copies append, one for each method of an article (`How to Sew a Hem3`). Digits
 * that stand alone (`Windows 10`) or belong to a name (`MP3`, `PS4`: capitals and one digit) stay.
 */
export function cutCopyDigits (title: string): string {
  const trimmed = title.trim()
  return OWN_DIGIT.test(trimmed) ? trimmed : trimmed.replace(/(?<=[\p{L}\p{P}])\d+$/u, '')
}

function mapColumns (columns: Columns): RowMapping {
  const { text, title, source, score, url } = columns
  const pick = (row: Row, column: string | undefined): unknown => column === undefined ? undefined : row[column]
  return {
    columns: [...new Set([text, title, source, score, url].filter(column => column !== undefined))],
    required: [text],
    toFields: ([row]) => ({
      text: row[text], title: pick(row, title), upstream: pick(row, source), score: pick(row, score), url: pick(row, url)
    })
  }
}

/** (text, headline, title) of wikihowAll.csv and (title, text, summary) of its cleaned copies; headline and summary are the same thing. */
const WIKIHOW: RowMapping = {
  columns: ['title', 'headline', 'summary', 'text'],
  required: ['text'],
  toFields: ([row]) => {
    const title = titleOf(row)
    if (asText(row['text']) === undefined) return { text: row['text'] }
    return { parts: [title, row['headline'] ?? row['summary'], row['text']], title }
  }
}

/** One row a paragraph: rows of one title, and of its numbered copies, follow one another and make one article. */
const WIKIHOW_SEP: RowMapping = {
  columns: ['title', 'overview', 'sectionLabel', 'headline', 'text'],
  required: ['title', 'text'],
  groupKey: row => titleOf(row) ?? '',
  toFields: rows => {
    const title = titleOf(rows[0])
    return { parts: [title, ...changed(rows, 'overview', 'sectionLabel')], title }
  }
}

function titleOf (row: Row): string | undefined {
  const title = asText(row['title'])
  return title === undefined ? undefined : cutCopyDigits(title)
}

function * changed (rows: readonly Row[], ...heads: readonly string[]): Generator<unknown> {
  const last = new Map<string, string | undefined>()
  for (const row of rows) {
    for (const head of heads) {
      const value = asText(row[head])
      if (value !== last.get(head)) yield value
      last.set(head, value)
    }
    yield row['headline']
    yield row['text']
  }
}
