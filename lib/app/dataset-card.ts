import type { RunResult } from './run.js'
import { formatBooks, noticesOf } from './summary.js'

/** The README.md of an output: what the data is, how it was made, and what must be known of it. */
export function datasetCardOf (result: RunResult): string {
  const { outcome, resolved } = result
  const { config, stages } = resolved
  const steps = [...stages.values()].map(({ name, model, prompt }) => `| ${name} | ${model.name}${model.revision === undefined ? '' : ` (${model.revision})`} | ${prompt.ref} |`)
  return `---
tags: [tool-use, synthetic]
configs:
- config_name: default
  data_files: data/*${config.sink.format === 'jsonl' ? '.jsonl.gz' : '.parquet'}
---
# Tool-use trajectories from ${config.source.name}

Made by gemline with the ${config.pipeline} pipeline of GEM (arXiv 2601.10355): ${outcome.totals.books.accepted} trajectories from
${outcome.totals.books.documents} documents. Read the objects that manifest.json names; others belong to attempts that did not count.

${noticesOf(resolved).map(notice => `> **${notice}**`).join('\n>\n')}

| stage | model | prompt |
| --- | --- | --- |
${steps.join('\n')}

\`\`\`
${formatBooks(outcome.totals.books)}
\`\`\`
`
}
