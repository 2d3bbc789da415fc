import type { DerivedManifest } from './write-dataset.js'

/** The README.md of a derived set: what it is, what it was made of, and how it is read. */
export function derivedCardOf ({ made, notes = [], totals }: DerivedManifest): string {
  const { accepted, ended, licences, ruleBased } = totals
  return `---
tags: [tool-use, synthetic]
---
# Tool-use trajectories, made by \`gemline ${made.command}\`

${accepted} trajectories in \`data/\`, from ${made.from.map(name => `\`${name}\``).join(', ')}.

\`\`\`python
from datasets import load_dataset
data = load_dataset("json", data_files="data/*.jsonl.gz", split="train")
\`\`\`

${ruleBased === 0 ? '' : `> **${ruleBased} of them were written by the embedded author: rules, no language model. They are no training data.**\n\n`}${notes.map(note => `> ${note}\n\n`).join('')}| licence of the text | trajectories |
| --- | --- |
${rowsOf(licences)}

| what was left out | records |
| --- | --- |
${rowsOf(ended)}

Options: \`${JSON.stringify(made.options)}\`
`
}

function rowsOf (counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1))
  return rows.length === 0 ? '| none | 0 |' : rows.map(([name, times]) => `| ${name.replaceAll('|', '\\|')} | ${times} |`).join('\n')
}
