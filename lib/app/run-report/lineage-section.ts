import { formatNumber } from '../report/format-number.js'
import type { Section, Table } from '../report/spec.js'
import type { DatasetStats } from '../stats/collect-stats.js'
import { sortedNames } from '../stats/name-counts.js'
import type { RunFacts } from './read-run.js'

const TITLES = { models: 'Models', prompts: 'Prompts', pipelines: 'Pipelines' } as const
const MOST_ROWS = 50
const MOST_CHARACTERS = 500

/** Models and prompts that made the records, and what decided the result. */
export function lineageSection (stats: DatasetStats, run: RunFacts | undefined): Section {
  return {
    id: 'lineage',
    title: 'Models and prompts',
    intro: 'As the records say: each carries the prompt, model and author of every call that made it.',
    blocks: [
      namesTable(stats, 'models', 'stage: model'),
      namesTable(stats, 'prompts', 'stage: prompt@version#hash'),
      namesTable(stats, 'pipelines', 'pipeline'),
      ...run === undefined ? [] : [keysTable(run)]
    ]
  }
}

function namesTable (stats: DatasetStats, list: keyof typeof TITLES, head: string): Table {
  const { [list]: counts, records } = stats
  return {
    kind: 'table',
    title: TITLES[list],
    columns: [{ title: head }, { title: 'trajectories', numeric: true }, { title: 'share', numeric: true }],
    rows: sortedNames(counts).slice(0, MOST_ROWS).map(([name, count]) => [name, formatNumber(count, 'count'), formatNumber(records === 0 ? undefined : 100 * count / records, 'percent')])
  }
}

function keysTable ({ resultKeys }: RunFacts): Table {
  return {
    kind: 'table',
    title: 'What decided the result',
    isFolded: true,
    caption: 'The result keys of the plan: the same keys, texts and answers give the same records.',
    columns: [{ title: 'key' }, { title: 'value' }],
    rows: Object.entries(resultKeys).map(([key, value]) => [key, shorten(JSON.stringify(value) ?? '')])
  }
}

function shorten (text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
}
