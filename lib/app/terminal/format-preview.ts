import type { Accepted, Ended } from '../../engine/envelope.js'
import type { TrajectoryCandidate } from '../../schema/candidate.js'
import type { ModelFact, VerdictFact } from '../../schema/lineage.js'
import type { Message } from '../../schema/message.js'
import type { ToolDefinition } from '../../schema/tool-definition.js'
import { modelFacts } from '../../schema/trajectory-record.js'
import { countTrajectory } from '../../schema/trajectory.js'
import type { PreviewedDocument } from '../preview-documents.js'
import { createPaint, type Paint, type Style } from './paint.js'
import { printable } from './printable.js'
import { pad, wrap } from './width.js'

/** The terminal, and whether texts are shown in full. */
export interface PreviewView { readonly color: boolean, readonly columns: number, readonly full: boolean }

interface View { readonly paint: Paint, readonly columns: number, readonly full: boolean }

const EXCERPT = 400
const TURN = 300
const ANSWER = 800
const LABEL = 11
const MOST_WIDTH = 120

const ROLES: Readonly<Record<Message['role'], Style>> = { system: 'magenta', user: 'green', assistant: 'cyan', tool: 'yellow' }

/** A document and what became of it, for a terminal of `columns` columns. Nothing of texts and answers reaches it unescaped. */
export function formatPreview ({ document, settlement }: PreviewedDocument, { color, columns, full }: PreviewView): string {
  const view: View = { paint: createPaint(color), columns: Math.max(30, Math.min(columns, MOST_WIDTH)), full }
  const { origin, accepted, ended } = settlement
  const place = `${origin.source}/${origin.path} row ${origin.row}${origin.rowGroup === 0 ? '' : ` of row group ${origin.rowGroup}`}`
  return [
    view.paint.bold(`── ${printable(place)} ${'─'.repeat(Math.max(0, view.columns - place.length - 4))}`),
    ...document === undefined ? [] : field(document.title === undefined ? 'text' : 'title', document.title ?? document.text, { ...view, most: EXCERPT }),
    ...document?.title === undefined ? [] : field('text', document.text, { ...view, most: EXCERPT }),
    ...accepted.flatMap(result => formatAccepted(result, view)),
    ...ended.flatMap(each => formatEnded(each, view)),
    ''
  ].join('\n')
}

interface FieldView extends View { readonly most: number, readonly style?: Style }

/** A name, and beside it a text in as many lines as it needs. */
function field (name: string, text: string, { paint, columns, full, most, style = 'bold' }: FieldView): string[] {
  const safe = printable(text, { lines: full, most: full ? Infinity : most })
  const lines = wrap(safe, columns - LABEL)
  return lines.map((line, at) => `${at === 0 && name !== '' ? paint[style](pad(name, LABEL)) : ' '.repeat(LABEL)}${line}`)
}

function formatAccepted ({ id, value, trail }: Accepted<TrajectoryCandidate>, view: View): string[] {
  const { labels, trajectory, workflow, findings = {}, grounding = {} } = value
  const { messages, turns, toolCalls, distinctTools } = countTrajectory(trajectory)
  const verdict = trail.find((fact): fact is VerdictFact => fact.kind === 'verdict')
  return [
    `${view.paint.green('accepted')} ${printable(id)}`,
    ...labels === undefined ? [] : field('labels', [labels.platforms, labels.domains, labels.tasks].map(names => names.join(', ') || '-').join(' | '), { ...view, most: Infinity }),
    ...workflow === undefined ? [] : field('workflow', `${workflow.index + 1} of ${workflow.count}: ${workflow.workflow.description}`, { ...view, most: TURN }),
    ...trajectory.tools.flatMap((tool, at) => field(at === 0 ? 'tools' : '', signatureOf(tool), { ...view, most: TURN })),
    ...trajectory.messages.flatMap(message => formatMessage(message, view)),
    ...field('counts', `${messages} messages, ${turns} user turns, ${toolCalls} calls of ${distinctTools} tools`, { ...view, most: Infinity }),
    ...field('verdict', verdict === undefined ? 'none' : `R1 ${verdict.R1}, R2 ${verdict.R2}, R3 ${verdict.R3}`, { ...view, most: Infinity }),
    ...field('findings', listOf(findings), { ...view, most: Infinity }),
    ...field('grounding', listOf(grounding), { ...view, most: Infinity }),
    ...formatAuthors(trail, view)
  ]
}

function signatureOf ({ name, description, parameters }: ToolDefinition): string {
  const { properties, required } = parameters as { properties?: unknown, required?: unknown }
  const needed = new Set(Array.isArray(required) ? required : [])
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  return `${name}(${names.map(each => needed.has(each) ? each : `${each}?`).join(', ')})  ${description}`
}

function formatMessage (message: Message, view: View): string[] {
  const style = ROLES[message.role]
  const calls = message.role === 'assistant' ? message.toolCalls.map(call => `→ ${call.name}(${JSON.stringify(call.arguments)})`) : []
  const texts = [message.content, ...calls].filter(text => text !== '')
  return (texts.length === 0 ? [''] : texts).flatMap((text, at) => field(at === 0 ? message.role : '', text, { ...view, most: TURN, style }))
}

function formatEnded ({ id, stage, kind, reason, message, detail, trail }: Ended, view: View): string[] {
  const answer = modelFacts(trail).at(-1)
  return [
    `${kind === 'drop' ? view.paint.yellow('dropped') : view.paint.red('rejected')} ${printable(id)} by ${printable(stage)}: ${view.paint.bold(printable(reason))}`,
    ...message === undefined ? [] : field('message', message, { ...view, most: TURN }),
    ...detail === undefined ? [] : field('detail', JSON.stringify(detail, (name, value: unknown) => name === 'answer' && answer !== undefined ? undefined : value), { ...view, most: ANSWER }),
    ...answer === undefined ? [] : field('answer', `${answer.stage}: ${answer.text}`, { ...view, most: ANSWER })
  ]
}

/** Which model wrote, and loudly where it was none. */
function formatAuthors (trail: Accepted<unknown>['trail'], view: View): string[] {
  const calls: readonly ModelFact[] = modelFacts(trail)
  const lines = field('models', [...new Set(calls.map(call => `${call.stage} ${call.model}`))].join(', '), { ...view, most: Infinity })
  if (!calls.some(call => call.author === 'rule-based')) return lines
  return [...lines, ...field('', 'Written by rules, not by a language model: no training data.', { ...view, most: Infinity }).map(line => view.paint.yellow(line))]
}

function listOf (counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
}
