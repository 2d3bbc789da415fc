import type { FormatColumn, TrainingFormat } from '../../formats/index.js'
import type { ExportManifest } from './manifest.js'
import { columnsOf } from './parts.js'
import { recipeOf } from './recipes.js'

/**
 * The README.md of an export. Its front matter tells `datasets` where the parts lie and what the columns hold, so that
 * `load_dataset(folder)` guesses nothing.
 */
export function exportCardOf ({ settings, totals }: ExportManifest, format: TrainingFormat): string {
  const parts = Object.entries(totals.parts)
  const columns = columnsOf(format).filter(({ name }) => totals.columns.includes(name))
  const rows = parts.map(([name, { path, rows, tokens }]) => `| ${name} | \`${path}\` | ${rows} | ${Math.round(tokens?.mean ?? 0)} | ${tokens?.median ?? 0} | ${tokens?.greatest ?? 0} |`)
  return `---
tags: [tool-use, synthetic]
configs:
- config_name: default
  data_files:
${parts.map(([name, { path }]) => `  - split: ${name}\n    path: ${path}`).join('\n')}
dataset_info:
  features:
${columns.map(featureOf).join('\n')}
---
# ${settings.for === 'agent' ? 'Tool-use trajectories' : 'Texts and their trajectories'} for ${format.name}

${WHAT[settings.for]} Made by \`gemline export\`; \`export.json\` says how, and what was left out.

${totals.ruleBased === 0 ? '' : `> **${totals.ruleBased} rows were written by the embedded author: rules, no language model. They are no training data.**\n\n`}| part | file | rows | tokens: mean | median | greatest |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Tokens are Qwen3's, in its chat template; with an empty think block in every turn of the assistant, as some trainers put there, the
longest row has ${totals.longest}. Rows are split by \`${settings.by}\`.

## Training

${recipeOf(format.name, { parts: parts.map(([name]) => name), longest: totals.longest })}

## Licences of the texts

${tableOf('licence', totals.licences)}

## Left out

${tableOf('reason', totals.leftOut)}
`
}

const WHAT = {
  agent: 'The assistant’s turns are learned: what it says, and the calls it makes.',
  synthesizer: 'One user turn, the text under the instruction of the prompt, and one assistant turn, its tools and trajectory in the wire format.'
} as const

/** A column as `datasets` declares it. */
function featureOf (column: FormatColumn): string {
  if (column.holds === 'text') return `  - name: ${column.name}\n    dtype: string`
  if (column.holds === 'values') return `  - name: ${column.name}\n    list: json`
  const calls = column.holds === 'messages'
    ? `
    - name: tool_calls
      list:
${textsOf(column.callKeys, '      ')}
      - name: function
        struct:
${textsOf(['name', 'arguments'], '        ')}`
    : ''
  return `  - name: ${column.name}\n    list:\n${textsOf(column.keys, '    ')}${calls}`
}

function textsOf (keys: readonly string[], indent: string): string {
  return keys.map(key => `${indent}- name: ${key}\n${indent}  dtype: string`).join('\n')
}

function tableOf (title: string, counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).map(([name, times]) => `| ${name.replaceAll('|', '\\|').replaceAll('\n', ' ')} | ${times} |`)
  return [`| ${title} | rows |`, '| --- | --- |', ...rows.length === 0 ? ['| none | 0 |'] : rows].join('\n')
}
