import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { parquetWriteBuffer } from 'hyparquet-writer'

const EXAMPLES = new URL('./', import.meta.url)
const SAMPLE = new URL('sample/', EXAMPLES)
const ROWS_PER_GROUP = 64
const HEADING = /^=== ([a-z0-9-]+) (yes|no) ([a-z-]+)((?: [a-z]+=\S+)*)$/
const SOURCES = ['fineweb', 'fineweb', 'fineweb', 'fineweb-v1.4', 'web-crawl']

/** One document of the sample as its Markdown file holds it, before it becomes a row. */
export interface SampleDocument {
  readonly id: string
  /** File below `examples/sample/`. */
  readonly file: string
  /** Whether the text describes a procedure of several steps. */
  readonly procedure: boolean
  /** `numbered`, `story`, `hostile`, `exact-duplicate` …: what the author of the text had in mind. */
  readonly kind: string
  readonly options: Readonly<Record<string, string>>
  readonly text: string
}

/** A file of the sample, by its path below `examples/`. */
export interface SampleFile { readonly path: string, readonly bytes: Uint8Array }

/**
 * Makes both Parquet files and the label file from the texts below `examples/sample/`. The same texts give the same bytes.
 * Throws when a heading cannot be read, an id occurs twice or a copy names no document.
 */
export async function makeSample (): Promise<readonly SampleFile[]> {
  const fineweb = inRowOrder(resolveCopies(await readFolder('fineweb')))
  const wikihow = inRowOrder(resolveCopies(await readFolder('wikihow')))
  return [
    { path: 'data/ultra-fineweb-sample.parquet', bytes: parquet(finewebColumns(fineweb)) },
    { path: 'data/wikihow-sample.parquet', bytes: parquet(wikihowColumns(wikihow)) },
    { path: 'sample/labels.jsonl', bytes: new TextEncoder().encode(labels(fineweb, 'ultra-fineweb') + labels(wikihow, 'wikihow')) }
  ]
}

async function readFolder (folder: string): Promise<SampleDocument[]> {
  const names = (await readdir(new URL(`${folder}/`, SAMPLE))).filter(name => name.endsWith('.md')).sort()
  const texts = await Promise.all(names.map(async name => await readFile(new URL(`${folder}/${name}`, SAMPLE), 'utf8')))
  return names.flatMap((name, at) => parseSample(texts[at] ?? '', `${folder}/${name}`))
}

/**
 * Reads one Markdown file of the sample. A document begins at a line `=== id yes|no kind [option=value …]` and ends before
 * the next; blank lines around its text do not count. Throws on a heading that cannot be read.
 */
export function parseSample (markdown: string, file: string): SampleDocument[] {
  const documents: SampleDocument[] = []
  for (const part of markdown.split(/^(?==== )/m).filter(part => part.startsWith('=== '))) {
    const end = part.indexOf('\n')
    const heading = HEADING.exec(part.slice(0, end))
    if (heading === null) throw new Error(`${file}: cannot read the heading "${part.slice(0, end)}"`)
    const [, id = '', procedure, kind = '', rest = ''] = heading
    const options = Object.fromEntries(rest.trim().split(' ').filter(Boolean).map(pair => pair.split('=')))
    documents.push({ id, file, procedure: procedure === 'yes', kind, options, text: shape(part.slice(end + 1).trim(), options) })
  }
  return documents
}

/** `escapes=on` reads `\u0000` forms, `oneline=on` joins lines, `times=N` repeats the text: for what no editor shows. */
function shape (body: string, options: Readonly<Record<string, string>>): string {
  let text = body
  if (options.escapes === 'on') text = text.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  if (options.oneline === 'on') text = text.replace(/\n+/g, ' ')
  return options.times === undefined ? text : Array<string>(Number(options.times)).fill(text).join(' ')
}

/** `like=id` takes that document's text, with the pairs of lines `- old`, `+ new` replaced, and `form=NFD` decomposes it. */
function resolveCopies (documents: readonly SampleDocument[]): SampleDocument[] {
  const byId = new Map(documents.map(document => [document.id, document]))
  if (byId.size !== documents.length) throw new Error(`an id occurs twice in ${documents[0]?.file ?? 'an empty folder'}`)
  return documents.map(document => {
    const { like, form } = document.options
    if (like === undefined) return document
    const original = byId.get(like)
    if (original === undefined) throw new Error(`${document.file}: ${document.id} is like ${like}, which is not there`)
    const text = edit(original.text, document)
    const options = original.options.device === undefined ? document.options : { device: original.options.device, ...document.options }
    return { ...document, options, text: form === undefined ? text : text.normalize(form) }
  })
}

function edit (text: string, { id, text: script }: SampleDocument): string {
  return [...script.matchAll(/^- (.*)\n\+ ?(.*)$/gm)].reduce((edited, [, old = '', next = '']) => {
    if (!edited.includes(old)) throw new Error(`${id}: the original does not say "${old}"`)
    return edited.replace(old, () => next)
  }, text)
}

/** Topics and kinds must lie mixed, as in a crawl, and a new text must not move the others about. */
function inRowOrder (documents: readonly SampleDocument[]): SampleDocument[] {
  return documents.map(document => ({ document, key: digest(document.id) }))
    .sort((a, b) => a.key < b.key ? -1 : 1).map(({ document }) => document)
}

type Columns = Readonly<Record<string, string[]>>

function finewebColumns (documents: readonly SampleDocument[]): Columns {
  return {
    content: documents.map(({ text }) => text),
    score: documents.map(({ id, options }) => options.score ?? String(0.501 + 0.499 * fraction(`${id} score`))),
    source: documents.map(({ id }) => SOURCES[Math.floor(SOURCES.length * fraction(`${id} source`))] ?? '')
  }
}

/** Text of a WikiHow document: `# title`, then `- headline` lines, then the paragraphs. */
function wikihowColumns (documents: readonly SampleDocument[]): Columns {
  const rows = documents.map(({ id, text }) => {
    const [, title, headlines, body] = /^# (.+)\n((?:- .+\n)*)\n([^]+)$/.exec(text) ?? []
    if (title === undefined || headlines === undefined || body === undefined) throw new Error(`${id}: no title, headlines and text`)
    return { text: body, title, headline: `\n${headlines.trim().split('\n').map(line => line.slice(2)).join(',\n')}` }
  })
  return { text: rows.map(({ text }) => text), headline: rows.map(({ headline }) => headline), title: rows.map(({ title }) => title) }
}

function parquet (columns: Columns): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, data]) => ({ name, data, type: 'STRING' as const, nullable: true })),
    codec: 'SNAPPY',
    rowGroupSize: ROWS_PER_GROUP,
    createdBy: 'gemline sample'
  }))
}

function labels (documents: readonly SampleDocument[], corpus: string): string {
  return documents.map(({ id, file, procedure, kind, options }, row) =>
    JSON.stringify({ corpus, row, id, procedure, language: options.lang ?? 'en', kind, device: options.device, of: options.like, file }) + '\n').join('')
}

function digest (text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function fraction (text: string): number {
  return Number.parseInt(digest(text).slice(0, 12), 16) / 2 ** 48
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { path, bytes } of await makeSample()) await writeFile(new URL(path, EXAMPLES), bytes)
}
