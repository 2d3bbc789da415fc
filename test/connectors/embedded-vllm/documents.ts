import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A text with whether it holds a procedure, by who wrote it. */
export interface SampleText {
  readonly id: string
  readonly corpus: string
  readonly procedure: boolean
  readonly text: string
}

const FOLDER = fileURLToPath(new URL('../../../examples/sample/', import.meta.url))

/** The written sample texts of the package: `=== id yes|no kind`, then the text. */
export function sampleTexts (): SampleText[] {
  return ['fineweb', 'wikihow'].flatMap(corpus => readdirSync(join(FOLDER, corpus)).filter(name => name.endsWith('.md')).sort().flatMap(name => {
    const parts = readFileSync(join(FOLDER, corpus, name), 'utf8').split(/^=== /m).slice(1)
    return parts.map(part => {
      const [head = '', ...lines] = part.split('\n')
      const [id = '', yes] = head.split(' ')
      return { id, corpus, procedure: yes === 'yes', text: lines.join('\n').trim() }
    }).filter(sample => sample.text !== '')
  }))
}
