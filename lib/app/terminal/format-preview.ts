import type { Accepted, Ended } from '../../engine/envelope.js'
import type { TrajectoryCandidate } from '../../schema/candidate.js'
import type { ModelFact, VerdictFact } from '../../schema/lineage.js'
import { modelFacts } from '../../schema/trajectory-record.js'
import { countTrajectory } from '../../schema/trajectory.js'
import type { PreviewedDocument } from '../preview-documents.js'
import { field, formatRule, formatTrajectory, listOf, openView, TURN_CHARACTERS, type Terminal, type View } from './fields.js'
import { printable } from './printable.js'

const EXCERPT = 400
const ANSWER = 800

/** A document and what became of it, for a terminal of `columns` columns. Nothing of texts and answers reaches it unescaped. */
export function formatPreview ({ document, settlement }: PreviewedDocument, terminal: Terminal): string {
  const view = openView(terminal)
  const { origin, accepted, ended } = settlement
  const place = `${origin.source}/${origin.path} row ${origin.row}${origin.rowGroup === 0 ? '' : ` of row group ${origin.rowGroup}`}`
  return [
    formatRule(printable(place), view),
    ...document === undefined ? [] : field(document.title === undefined ? 'text' : 'title', document.title ?? document.text, { ...view, most: EXCERPT }),
    ...document?.title === undefined ? [] : field('text', document.text, { ...view, most: EXCERPT }),
    ...accepted.flatMap(result => formatAccepted(result, view)),
    ...ended.flatMap(each => formatEnded(each, view)),
    ''
  ].join('\n')
}

function formatAccepted ({ id, value, trail }: Accepted<TrajectoryCandidate>, view: View): string[] {
  const { labels, trajectory, workflow, findings = {}, grounding = {} } = value
  const { messages, turns, toolCalls, distinctTools } = countTrajectory(trajectory)
  const verdict = trail.find((fact): fact is VerdictFact => fact.kind === 'verdict')
  return [
    `${view.paint.green('accepted')} ${printable(id)}`,
    ...labels === undefined ? [] : field('labels', [labels.platforms, labels.domains, labels.tasks].map(names => names.join(', ') || '-').join(' | '), view),
    ...workflow === undefined ? [] : field('workflow', `${workflow.index + 1} of ${workflow.count}: ${workflow.workflow.description}`, { ...view, most: TURN_CHARACTERS }),
    ...formatTrajectory(trajectory, view),
    ...field('counts', `${messages} messages, ${turns} user turns, ${toolCalls} calls of ${distinctTools} tools`, view),
    ...field('verdict', verdict === undefined ? 'none' : `R1 ${verdict.R1}, R2 ${verdict.R2}, R3 ${verdict.R3}`, view),
    ...field('findings', listOf(findings), view),
    ...field('grounding', listOf(grounding), view),
    ...formatAuthors(trail, view)
  ]
}

function formatEnded ({ id, stage, kind, reason, message, detail, trail }: Ended, view: View): string[] {
  const answer = modelFacts(trail).at(-1)
  return [
    `${kind === 'drop' ? view.paint.yellow('dropped') : view.paint.red('rejected')} ${printable(id)} by ${printable(stage)}: ${view.paint.bold(printable(reason))}`,
    ...message === undefined ? [] : field('message', message, { ...view, most: TURN_CHARACTERS }),
    ...detail === undefined ? [] : field('detail', JSON.stringify(detail, (name, value: unknown) => name === 'answer' && answer !== undefined ? undefined : value), { ...view, most: ANSWER }),
    ...answer === undefined ? [] : field('answer', `${answer.stage}: ${answer.text}`, { ...view, most: ANSWER })
  ]
}

/** Which model wrote, and loudly where it was none. */
function formatAuthors (trail: Accepted<unknown>['trail'], view: View): string[] {
  const calls: readonly ModelFact[] = modelFacts(trail)
  const lines = field('models', [...new Set(calls.map(call => `${call.stage} ${call.model}`))].join(', '), view)
  if (!calls.some(call => call.author === 'rule-based')) return lines
  return [...lines, ...field('', 'Written by rules, not by a language model: no training data.', view).map(line => view.paint.yellow(line))]
}
