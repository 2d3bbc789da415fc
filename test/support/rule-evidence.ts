import { RULES } from '../../lib/rules/index.js'
import { BEYOND_RULES, catchersOf, readThirty, type Twin, type Written } from './thirty.js'

/** A twin with all that really catches it. */
interface Caught { readonly twin: Twin, readonly by: readonly string[] }

/** What becomes of a record that a twin would be. */
type End = 'dropped' | 'reported' | 'judge'

/** The made part of docs/rule-evidence.md: one sentence of sums, kinds of twins by what catches them, rules by what they catch. */
export async function ruleEvidence (): Promise<string> {
  const thirty = await readThirty()
  const caught = thirty.flatMap(written => written.twins.map(twin => ({ twin, by: catchersOf(written, twin) })))
  return [sumsOf(thirty, caught), kindTable(caught), ruleTable(thirty, caught)].join('\n\n')
}

function sumsOf (thirty: readonly Written[], caught: readonly Caught[]): string {
  const calls = thirty.reduce((sum, { trajectory: { messages } }) => sum + messages.filter(({ role }) => role === 'tool').length, 0)
  const dropped = thirty.filter(({ check }) => check.findings.some(({ mode }) => mode === 'drop')).length
  const reported = thirty.filter(({ check }) => check.findings.some(({ mode }) => mode === 'report')).length
  const count = (end: End): number => caught.filter(({ by }) => endOf(by) === end).length
  return `Of ${thirty.length} right trajectories (${calls} calls), ${dropped} are dropped and ${reported} are reported on. Of ${caught.length} wrong twins, ` +
    `${count('dropped')} are dropped, ${count('reported')} are reported only, and ${count('judge')} nothing but a judge could see.`
}

function kindTable (caught: readonly Caught[]): string {
  const kinds = [...new Set(caught.map(({ twin }) => twin.kind))].sort()
  return table(['kind of twin', 'for example', 'twins', 'dropped', 'reported', 'judge alone', 'caught by'], kinds.map(kind => {
    const mine = caught.filter(({ twin }) => twin.kind === kind)
    const count = (end: End): string => blankZero(mine.filter(({ by }) => endOf(by) === end).length)
    return [kind, mine[0]?.twin.description ?? '', String(mine.length), count('dropped'), count('reported'), count('judge'), tally(mine.flatMap(({ by }) => by))]
  }))
}

function ruleTable (thirty: readonly Written[], caught: readonly Caught[]): string {
  const names = [...BEYOND_RULES.filter(name => name !== 'judge'), ...RULES.map(({ name }) => name)]
  return table(['rule', 'mode', 'twins that it catches', 'of these alone', 'right trajectories that it speaks of'], names.map(name => {
    const mine = caught.filter(({ by }) => by.includes(name))
    const wrong = thirty.filter(({ check }) => check.findings.some(({ rule }) => rule === name)).length
    return [`\`${name}\``, modeOf(name), blankZero(mine.length), blankZero(mine.filter(({ by }) => by.length === 1).length), blankZero(wrong)]
  }))
}

/** A finding of a rule that drops wins; what the parser rejects goes the same way. */
function endOf (by: readonly string[]): End {
  const modes = by.map(modeOf)
  return modes.some(mode => mode === 'drop' || mode === 'reject') ? 'dropped' : modes.includes('report') ? 'reported' : 'judge'
}

function modeOf (name: string): string {
  return RULES.find(rule => rule.name === name)?.mode ?? (name === 'answer-malformed' ? 'reject' : '')
}

function tally (names: readonly string[]): string {
  return [...new Set(names)].sort().map(name => `${name === 'judge' ? '–' : `\`${name}\``} ${names.filter(other => other === name).length}`).join(', ')
}

function blankZero (count: number): string {
  return count === 0 ? '' : String(count)
}

function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
