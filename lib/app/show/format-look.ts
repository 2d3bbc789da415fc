import type { Finding } from '../../rules/index.js'
import type { ModelStep } from '../../schema/lineage.js'
import { countTrajectory, type Trajectory } from '../../schema/trajectory.js'
import { contentOf } from '../dataset/open-line.js'
import { field, formatRule, formatTrajectory, listOf, openView, type Terminal, type View } from '../terminal/fields.js'
import { printable } from '../terminal/printable.js'
import type { Look, LookedStep } from './look-at-line.js'

/** What is shown of a look: all of it, or one stage alone. */
export interface LookTerminal extends Terminal { readonly stage?: string }

const TEXT = 600
const PROMPT = 400
const ANSWER = 800

/** A record or reject for a terminal: where it came from, each call with prompt, reasoning and answer, what the rules say, and its trajectory. */
export function formatLook (look: Look, terminal: LookTerminal): string {
  const view = openView(terminal)
  const { stage } = terminal
  const steps = look.steps.filter(({ step }) => stage === undefined || step.stage === stage).flatMap(step => formatStep(step, view))
  if (stage !== undefined) return steps.join('\n')
  const { item, check } = look
  return [
    ...formatHead(look, view),
    ...steps,
    ...check === undefined ? [] : [formatRule('rules', view), ...formatFindings(check.findings, view), ...field('grounding', listOf(check.grounding), view)],
    ...formatDialogue({ title: `draft, before refinement${view.full ? '' : ' (in full with --full)'}`, trajectory: item.draft, isShown: view.full || item.trajectory === undefined }, view),
    ...formatDialogue({ title: item.kind === 'accepted' ? 'trajectory' : `trajectory that ${printable(item.body.stage)} was given`, trajectory: item.trajectory }, view)
  ].join('\n')
}

function formatHead ({ item, text, output }: Look, view: View): string[] {
  const { body, file, line } = item
  const content = contentOf(item)
  const { uri, rowGroup, row } = body.source
  const verdict = item.kind === 'accepted' ? item.body.checks.verdict : item.body.verdict
  return [
    item.kind === 'accepted' ? `${view.paint.green('accepted')} ${printable(body.id)}` : formatEnd(item.body, view),
    ...item.kind === 'accepted' ? [] : [...field('message', item.body.message ?? '', view), ...formatDetail(item.body.detail, view)],
    ...field('stands in', `${file}:${line} (${output.kind === 'run' ? 'a run' : output.kind === 'derived' ? 'a derived set' : 'a file'})`, view),
    ...field('source', `${uri} row ${row}${rowGroup === 0 ? '' : ` of row group ${rowGroup}`}`, view),
    ...field('licence', body.licence ?? 'not said', view),
    ...content?.labels === undefined ? [] : field('labels', [content.labels.platforms, content.labels.domains, content.labels.tasks].map(names => names.join(', ') || '-').join(' | '), view),
    ...content?.workflow === undefined ? [] : field('workflow', `${content.workflow.index + 1} of ${content.workflow.count}: ${content.workflow.description}`, view),
    ...field('text', text ?? 'not kept; with --config it is read from the source', { ...view, most: TEXT }),
    ...field('tokens', `${body.usage.promptTokens} in, ${body.usage.completionTokens} out, in ${body.lineage.steps.length} calls`, view),
    ...field('verdict', verdict === undefined ? 'not judged' : `R1 ${verdict.R1}, R2 ${verdict.R2}, R3 ${verdict.R3}`, view)
  ]
}

function formatEnd ({ id, kind, stage, reason }: { readonly id: string, readonly kind: string, readonly stage: string, readonly reason: string }, { paint }: View): string {
  return `${kind === 'drop' ? paint.yellow('dropped') : paint.red('rejected')} ${printable(id)} by ${printable(stage)}: ${paint.bold(printable(reason))}`
}

/** The answer stands with its call. */
function formatDetail (detail: unknown, view: View): string[] {
  const text = JSON.stringify(detail, (name, value: unknown) => name === 'answer' ? undefined : value) as string | undefined
  return text === undefined || text === '{}' ? [] : field('detail', text, { ...view, most: ANSWER })
}

function formatStep ({ step, request, answer }: LookedStep, view: View): string[] {
  return [
    formatRule(`${printable(step.stage)}${step.attempt === 0 ? '' : `, attempt ${step.attempt}`}`, view),
    ...field('model', `${step.model}${step.revision === undefined ? '' : ` (${step.revision})`}${step.author === 'rule-based' ? ', which is no language model' : ''}`, view),
    ...field('prompt', `${step.prompt}, ${tellRequest(request)}`, view),
    ...'problem' in request ? [] : request.messages.flatMap(({ role, content }) => field(role, content, { ...view, most: PROMPT, style: 'dim' })),
    ...answer?.reasoning === undefined ? [] : field('reasoning', answer.reasoning, { ...view, most: ANSWER, style: 'magenta' }),
    ...field('answer', answer?.text ?? 'in no journal that was looked at; --journal names another one', { ...view, most: ANSWER, style: 'cyan' }),
    ...field('tokens', tellUsage(step), view)
  ]
}

function tellRequest (request: LookedStep['request']): string {
  if ('problem' in request) return `cannot be shown: ${request.problem}`
  if (request.isSame === undefined) return 'as this version writes it; nothing says how it was asked'
  return request.isSame ? 'as it was sent (the request has the same key)' : 'as this version writes it, which is NOT what was sent (the request has another key)'
}

function tellUsage ({ usage, finishReason }: ModelStep): string {
  const reasoning = usage.reasoningTokens === undefined ? '' : ` (${usage.reasoningTokens} of reasoning)`
  return `${usage.promptTokens} in, ${usage.completionTokens} out${reasoning}, ended by ${finishReason}`
}

function formatFindings (findings: ReadonlyArray<Finding & { readonly mode: string }>, view: View): string[] {
  if (findings.length === 0) return field('findings', 'none', view)
  return findings.flatMap((finding, at) => field(at === 0 ? 'findings' : '', tellFinding(finding), view))
}

function tellFinding ({ rule, mode, message, where }: Finding & { readonly mode: string }): string {
  const places = [
    where.message === undefined ? '' : `message ${where.message}`,
    where.call === undefined ? '' : `call ${where.call}`,
    where.tool === undefined ? '' : `tool ${where.tool}`,
    where.path ?? ''
  ].filter(place => place !== '')
  return `${rule} (${mode}): ${message}${places.length === 0 ? '' : ` [${places.join(', ')}]`}`
}

function formatDialogue ({ title, trajectory, isShown = true }: { readonly title: string, readonly trajectory: Trajectory | undefined, readonly isShown?: boolean }, view: View): string[] {
  if (trajectory === undefined) return []
  const { messages, turns, toolCalls, distinctTools } = countTrajectory(trajectory)
  return [formatRule(title, view), ...field('counts', `${messages} messages, ${turns} user turns, ${toolCalls} calls of ${distinctTools} tools`, view), ...isShown ? formatTrajectory(trajectory, view) : []]
}
