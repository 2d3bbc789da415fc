import { formatNumber } from '../report/format-number.js'
import type { BarsRow, Figure, Remark, Section } from '../report/spec.js'
import type { DatasetStats } from '../stats/collect-stats.js'
import { totalOf, type NameCounts } from '../stats/name-counts.js'
import { GEM_DOMAIN_SHARES, GEM_OTHER_DOMAINS, GEM_OTHER_TASKS, GEM_TASK_SHARES } from '../stats/paper-figures.js'
import { nameBars } from './name-bars.js'

/** What the texts are about, as the filter labelled them, beside the paper's shares. */
export function topicsSection ({ tasks, domains, platforms }: DatasetStats): Section {
  return {
    id: 'topics',
    title: 'Topics',
    intro: 'Labels that the filter gave the source texts; a text can have several. Shares are of all labels of a kind. The paper prints them for texts, here they are of accepted trajectories.',
    blocks: [
      beside({ title: 'Tasks', counts: tasks, printed: GEM_TASK_SHARES, others: GEM_OTHER_TASKS, where: 'figure 2' }),
      ...unnamed('Tasks', tasks, GEM_TASK_SHARES),
      beside({ title: 'Domains', counts: domains, printed: GEM_DOMAIN_SHARES, others: GEM_OTHER_DOMAINS, where: 'figure 9' }),
      ...unnamed('Domains', domains, GEM_DOMAIN_SHARES),
      nameBars({ title: 'Platforms', counts: platforms, rowTitle: 'platform', axis: 'share of labels', counted: 'labels', caption: 'Share of all platform labels. The paper does not print its own.' })
    ]
  }
}

type Shares = Readonly<Partial<Record<string, number>>>

interface Compared { readonly title: string, readonly counts: NameCounts, readonly printed: Shares, readonly others: number, readonly where: string }

/** The labels that the paper names, in its order, and all others together. */
function beside ({ title, counts, printed, others, where }: Compared): Figure | Remark {
  const total = totalOf(counts)
  if (total === 0) return { kind: 'remark', text: `${title}: no record says.` }
  const row = (label: string, count: number, share: number | undefined): BarsRow => ({ label, values: [100 * count / total, share], more: [formatNumber(count, 'count')] })
  const rest = [...counts].reduce((sum, [name, count]) => Object.hasOwn(printed, name) ? sum : sum + count, 0)
  return {
    kind: 'figure',
    title: `${title} beside the paper`,
    caption: `Share of all labels here, and as ${where} of the paper prints it.`,
    plot: {
      kind: 'bars', rowTitle: title.toLowerCase(), axis: 'share of labels', format: 'percent', layout: 'beside', more: ['labels'],
      series: [{ name: 'this set', tone: 'first' }, { name: `GEM, ${where}`, tone: 'second' }],
      rows: [...Object.entries(printed).map(([name, share]) => row(name, counts.get(name) ?? 0, share)), row('others', rest, others)]
    }
  }
}

/** What the paper counts among its others. */
function unnamed (title: string, counts: NameCounts, printed: Shares): ReadonlyArray<Figure | Remark> {
  const mine: NameCounts = new Map([...counts].filter(([name]) => !Object.hasOwn(printed, name)))
  if (mine.size === 0) return []
  return [nameBars({ title: `${title} among the others`, counts: mine, of: totalOf(counts), rowTitle: title.toLowerCase(), axis: 'share of labels', counted: 'labels', caption: 'Labels that the paper does not name. Share of all labels, the named ones too.' })]
}
