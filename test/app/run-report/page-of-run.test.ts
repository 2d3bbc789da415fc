import t from 'tap'
import { openBooks } from '../../../lib/engine/books.js'
import { renderPage } from '../../../lib/app/report/render-page.js'
import type { Figure, Page } from '../../../lib/app/report/spec.js'
import { tableOf } from '../../../lib/app/report/table-of.js'
import { pageOfRun } from '../../../lib/app/run-report/page-of-run.js'
import { addToStats, openStats } from '../../../lib/app/stats/collect-stats.js'
import { DOOR_TRAJECTORY } from '../../support/fake-trajectory.js'
import { HOSTILE_NAMES, richReport, richStats } from '../../support/report-page.js'
import { recordOf } from '../in-memory.js'

const figuresOf = ({ sections }: Page): readonly Figure[] => sections.flatMap(({ blocks }) => blocks.filter(block => block.kind === 'figure'))

/** Rows of the table below a figure. */
function rowsOf (page: Page, title: string): ReadonlyArray<readonly string[]> {
  const figure = figuresOf(page).find(each => each.title === title)
  if (figure === undefined) throw new Error(`there is no figure ${title}`)
  return tableOf(figure.title, figure.plot).rows
}

t.test('a run with something of everything -> all its figures and tables, notices first', async t => {
  const page = pageOfRun(richReport())
  t.strictSame(page.sections.map(({ id, blocks }) => [id, ...blocks.map(block => block.kind === 'remark' ? block.text : block.title)]), [
    ['stages', 'The way of the documents', 'Why records ended', 'Counted on the way'],
    ['sizes', 'Beside the paper and others', 'Messages', 'Distinct tools', 'Tool calls', 'User turns', 'Defined tools', 'All measures'],
    ['content', 'Patterns', 'Different patterns per trajectory', 'Grounding of argument values', 'Findings', 'Verdicts of the judge'],
    ['topics', 'Tasks beside the paper', 'Tasks among the others', 'Domains beside the paper', 'Domains among the others', 'Platforms'],
    ['tokens', 'Tokens by stage', 'Tokens paid per trajectory', 'Length of a trajectory'],
    ['origin', 'Licences of the texts', 'Languages', 'Sources', 'Replaced in the source'],
    ['lineage', 'Models', 'Prompts', 'Pipelines', 'What decided the result']
  ])
  t.strictSame(page.notices, [
    'RULE-BASED: 1 of 60 (2 %) were written by the embedded author, which is no language model. No training data.',
    'UNTRAINED: 6 of 60 (10 %) come from a synthesizer that was not trained for it.',
    'NOT COMPLETE: 3 of 4 splits are done.',
    'The statistics leave out 1 of 3 splits, which have none beside them; “gemline stats OUTPUT --html FILE” reads all records.'
  ])
  t.match(await renderPage(page), /^<!doctype html>\n<html lang="en">[\s\S]+<\/html>\n$/)
})

t.test('figures -> the numbers that the books and the records hold', async t => {
  const page = pageOfRun(richReport())
  t.strictSame(rowsOf(page, 'The way of the documents')[0], ['read', '950', '35', '15', '950', '100.0 %'])
  t.strictSame(rowsOf(page, 'The way of the documents').at(-1), ['accepted', '60', '0', '0', '60', '6.0 %'])
  t.strictSame(rowsOf(page, 'Why records ended')[0], [`${HOSTILE_NAMES[1]}: reason-5`, '30', '0', '3.0 %'])
  t.strictSame(rowsOf(page, 'Tasks beside the paper').filter(([name]) => ['customer_support', 'databases', 'search', 'others'].includes(name as string)), [
    ['customer_support', '0.0 %', '22.4 %', '0'], ['search', '50.0 %', '4.1 %', '60'], ['databases', '25.0 %', '3.7 %', '30'], ['others', '25.0 %', '10.3 %', '30']
  ])
  t.strictSame(rowsOf(page, 'Patterns').filter(([name]) => ['clarification', 'multi-hop', 'error-recovery'].includes(name as string)), [
    ['clarification', '100.0 %', '60'], ['multi-hop', '100.0 %', '60'], ['error-recovery', '66.7 %', '40']
  ])
  t.strictSame(rowsOf(page, 'Tokens by stage')[1], ['generate', '500,000', '250,000', '101', '750.0', '12,500'])
  t.strictSame(page.facts.map(({ label, value }) => `${label} ${value}`).slice(0, 3), ['documents 1,000', 'trajectories accepted 60', 'accepted per 100 documents 6.0'])
  t.equal(rowsOf(page, 'Messages').at(-1)?.[0], 'mean of GEM: 46.1')
})

t.test('data files -> no stages, tokens out of the lineages', async t => {
  const stats = openStats()
  for (let at = 0; at < 3; at++) addToStats(stats, recordOf(DOOR_TRAJECTORY), DOOR_TRAJECTORY)
  const page = pageOfRun({ stats })
  t.equal(page.title, 'Tool-use trajectories')
  t.strictSame(page.sections.map(({ id }) => id), ['sizes', 'content', 'topics', 'tokens', 'origin', 'lineage'])
  t.strictSame(rowsOf(page, 'Tokens by stage'), [['synthesize', '30', '60', '3']])
  t.strictSame(rowsOf(page, 'Messages'), [['9', '3', '100.0 %'], ['mean of GEM: 46.1', '', '']])
  t.strictSame(page.facts.map(({ value }) => value), ['3', '9.0', '2.0', '2.0'])
})

t.test('nothing accepted, nothing read -> a page that says so', async t => {
  const books = openBooks(['filter'])
  const totals = { splits: 0, rows: 0, bytes: 0, books, usage: {} }
  const page = pageOfRun({ stats: openStats(), run: { source: 'corpus', planned: undefined, totals, resultKeys: {} } })
  t.strictSame(page.notices, ['Nothing was accepted: there are no trajectories to measure. The reasons are below.'])
  t.strictSame(page.facts.map(({ value }) => value), ['0', '0', '–', '–', '0'])
  t.notMatch(await renderPage(page), /NaN|Infinity|undefined/)
})

t.test('very many names -> the most frequent, and the rest together', async t => {
  const stats = richStats(1)
  for (let at = 0; at < 40; at++) stats.licences.set(`licence-${at}`, 100 - at)
  const rows = rowsOf(pageOfRun({ stats }), 'Licences of the texts')
  t.equal(rows.length, 16)
  t.match(rows.at(-1), [/^others \(26\)$/])
})
