import type { Config } from './config-schema.js'
import type { RunResult } from './run.js'
import { formatBooks, noticesOf } from './summary.js'

/** The README.md of an output: what the data is, how it was made, and what must be known of it. */
export function datasetCardOf (result: RunResult): string {
  const { outcome, resolved } = result
  const { config, stages } = resolved
  const steps = [...stages.values()].map(({ name, model, prompt }) => `| ${name} | ${model.name}${model.revision === undefined ? '' : ` (${model.revision})`} | ${prompt.ref} |`)
  return `---
tags: [tool-use, synthetic]
---
# Tool-use trajectories from ${config.source.name}

Made by gemline with the ${config.pipeline} pipeline of GEM (arXiv 2601.10355): ${outcome.totals.books.accepted} trajectories from
${outcome.totals.books.documents} documents${coverageOf(config)}. Read the objects that \`manifest.json\` names: others in \`data/\` belong to attempts that were
interrupted and do not count.

\`\`\`python
import json
from datasets import load_dataset
shards = [split["data"] for split in json.load(open("manifest.json"))["splits"] if split.get("data")]
data = load_dataset("${config.sink.format === 'jsonl' ? 'json' : 'parquet'}", data_files=shards, split="train")
\`\`\`

Licence of the texts: ${config.source.licence ?? '**not said** (`source.licence`)'}, all ${outcome.totals.books.accepted} trajectories.${config.source.canonicalUri === undefined ? '' : ` Published at \`${config.source.canonicalUri}\`.`}

${noticesOf(resolved).map(notice => `> **${notice}**`).join('\n>\n')}

| stage | model | prompt |
| --- | --- | --- |
${steps.join('\n')}

\`\`\`
${formatBooks(outcome.totals.books)}
\`\`\`
`
}

function coverageOf ({ sample, limit }: Config): string {
  if (sample !== undefined) return `, a random sample of ${sample.rows} rows (seed ${sample.seed}) of the source`
  return limit === undefined ? '' : `, the first ${limit} rows of the source`
}
