import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { createRandom } from '../harness.js'

/** Rows of a row group, as Ultra-FineWeb's own files have them in the order of magnitude. */
export const ROWS_PER_GROUP = 20_000
const SENTENCES = 4000
const SENTENCES_A_TEXT = 15
const FORMAT = 2

/**
 * A Parquet file of so many rows shaped like Ultra-FineWeb (`content`, `score`, `source`; SNAPPY): texts of 600 characters
 * on average, from 70 to 1,200, every third with signs of steps. Made once and kept in the temporary folder of the system.
 */
export async function makeCorpus (rows: number): Promise<{ readonly folder: string, readonly file: string, readonly bytes: number }> {
  const folder = join(tmpdir(), 'gemline-bench')
  const file = `ultra-fineweb-shaped-${FORMAT}-${rows}.parquet`
  const path = join(folder, file)
  const made = await stat(path).catch(() => undefined)
  if (made !== undefined) return { folder, file, bytes: made.size }
  await mkdir(folder, { recursive: true })
  const growing = `${path}.${process.pid}`
  await writeCorpus(growing, rows).catch(async error => {
    await rm(growing, { force: true })
    throw error
  })
  await rename(growing, path)
  return { folder, file, bytes: (await stat(path)).size }
}

async function writeCorpus (path: string, rows: number): Promise<void> {
  const writer = new ParquetWriter({ writer: fileWriter(path), schema: SCHEMA })
  const makeText = createAuthor()
  const random = createRandom(7)
  for (let from = 0; from < rows; from += ROWS_PER_GROUP) {
    const count = Math.min(ROWS_PER_GROUP, rows - from)
    await writer.write({
      columnData: [
        { name: 'content', data: Array.from({ length: count }, (_, at) => makeText(from + at)) },
        { name: 'score', data: Array.from({ length: count }, () => random()) },
        { name: 'source', data: new Array<string>(count).fill('fineweb') }
      ],
      rowGroupSize: count
    })
  }
  await writer.finish()
}

const SCHEMA: ConstructorParameters<typeof ParquetWriter>[0]['schema'] = [
  { name: 'root', num_children: 3 },
  { name: 'content', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'score', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  { name: 'source', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
]

/** Writes texts that all differ, of sentences made beforehand; the same number always gives the same text. */
function createAuthor (): (row: number) => string {
  const random = createRandom(11)
  const words = Array.from({ length: 3000 }, (_, at) => createHash('sha256').update(String(at)).digest('base64').replace(/[^a-z]/g, '').slice(0, 3 + at % 7))
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const sentences = Array.from({ length: SENTENCES }, () => `${Array.from({ length: 9 + Math.floor(random() * 4) }, () => pick(words)).join(' ')}.`)
  const steps = sentences.slice(0, 500).map((sentence, at) => `${at % 2 === 0 ? 'First open' : 'Then click'} ${sentence}`)
  return row => {
    const wanted = 1 + row % SENTENCES_A_TEXT
    const body = Array.from({ length: wanted }, () => pick(row % 3 === 0 ? steps : sentences)).join(' ')
    return `Row ${row}: ${body}`
  }
}
