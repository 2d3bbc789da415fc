import { OUTCOMES, type Confusion, type Figures, type GoldFigures } from './measure.js'
import { KINDS, type Kind } from './swap.js'

/** Most tasks that may be dropped for values that had been said, and fewest swapped ids and credentials that must be caught. */
export const THRESHOLDS = { falseDrops: 0.02, caught: 0.98 } as const

/**
 * Whether the figures are good enough: false drops in all and in the half that was held out while the rule was tuned, drops of
 * any kind where an assistant looks up what it does not know, and swaps that are caught.
 */
export function meetsThresholds ({ gold, lookedUp, swapped }: Figures): boolean {
  const isFew = [gold.all, gold['held out'], lookedUp].every(figures => figures === undefined || figures.falseDrops <= THRESHOLDS.falseDrops * figures.tasks)
  return isFew && lookedUp.dropped <= THRESHOLDS.falseDrops * lookedUp.tasks && caughtShare(swapped, ['id', 'credential']) >= THRESHOLDS.caught
}

/** Share of swaps that drop their record; 1 where there is none. */
export function caughtShare (swapped: Confusion, kinds: readonly Kind[]): number {
  const total = kinds.reduce((sum, kind) => sum + sumOf(swapped[kind]), 0)
  return total === 0 ? 1 : kinds.reduce((sum, kind) => sum + (swapped[kind].drop ?? 0), 0) / total
}

/** The tables as text; `isLong` names each value that drops a record, and each swapped id that passes. */
export function formatFigures (figures: Figures, isLong: boolean): string {
  const { gold, lookedUp, before, swapped, findings, missed, foreignAmounts } = figures
  const parts = [
    table(['gold calls', 'tasks', 'dropped', 'false', 'share'], [...Object.entries(gold), ['all, looked up', lookedUp] as const].map(([name, row]) => goldRow(name, row))),
    table(['gold values', ...OUTCOMES], [['all', ...OUTCOMES.map(name => String(gold.all?.classes[name] ?? 0))]]),
    confusionTable('before the swap', before),
    confusionTable('swapped', swapped),
    `ids and credentials caught: ${percent(caughtShare(swapped, ['id', 'credential']))}; amounts of other tasks called derived: ${share(foreignAmounts, 'derived')}; swapped amounts called derived: ${share(swapped.amount, 'derived')}; swapped dates: ${share(swapped.date, 'derived')}`,
    ...(isLong ? [...findings.map(one => `${one.isUnsaid ? 'unsaid' : 'FALSE '} ${one.task} ${one.tool}${one.path} ${String(one.value)}`), ...missed.map(one => `MISSED ${one.task} ${one.tool}${one.path} ${String(one.was)} -> ${String(one.is)}: ${one.class}`)] : [])
  ]
  return `${parts.join('\n\n')}\n`
}

function goldRow (name: string, { tasks, dropped, falseDrops }: GoldFigures): string[] {
  return [name, String(tasks), String(dropped), String(falseDrops), percent(falseDrops / tasks)]
}

function confusionTable (title: string, confusion: Confusion): string {
  return table([title, 'values', ...OUTCOMES], KINDS.map(kind => [kind, String(sumOf(confusion[kind])), ...OUTCOMES.map(name => String(confusion[kind][name] ?? 0))]))
}

function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map(row => row[column]?.length ?? 0)))
  return [head, ...rows].map(row => row.map((cell, column) => column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)).join('  ')).join('\n')
}

function sumOf (counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function share (counts: Readonly<Record<string, number>>, name: string): string {
  return percent((counts[name] ?? 0) / Math.max(1, sumOf(counts)))
}

function percent (value: number): string {
  return `${(value * 100).toFixed(1)} %`
}
