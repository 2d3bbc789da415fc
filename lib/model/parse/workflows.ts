import { isObject } from '../../schema/json-value.js'
import type { ToolDefinition } from '../../schema/tool-definition.js'
import type { Workflow } from '../../schema/workflow.js'
import { readCall } from './calls.js'
import { readJson } from './json.js'
import { excerpt, malformed, reasonOf } from './malformed.js'
import { withoutReasoning } from './split-reasoning.js'
import { findTags, readTags, type Tag } from './tags.js'
import { parseTools } from './tools.js'

/** The workflows of an answer. */
export interface ParsedWorkflows {
  readonly workflows: readonly Workflow[]
  /** Blocks that say something but cannot be used. Empty blocks are none. */
  readonly unusable: number
  /** What is wrong with them, in order: `workflow 2: …`. */
  readonly problems: readonly string[]
}

type Block = { readonly kind: 'empty' } | { readonly kind: 'workflow', readonly workflow: Workflow } |
  { readonly kind: 'unusable' | 'malformed', readonly problem: string }

const PARTS = ['description', 'steps', 'execution_graph', 'actions', 'tools'] as const

/**
 * Reads the answer of the extraction prompt: one or more `<workflow>` blocks; an empty block stands for a text without a
 * procedure. A block without actions or tools is unusable. Rejects with `answer-malformed` where there is no block at all,
 * or where no block can be used and one of them cannot be read. GEM appendix A.2.
 */
export function parseWorkflows (answer: string): ParsedWorkflows {
  const text = withoutReasoning(answer)
  const tags = findTags(text, ['workflow'])
  if (!tags.some(tag => tag.kind !== 'close')) throw malformed(`no <workflow> in the answer: ${excerpt(text)}`, { tag: 'workflow' })
  const blocks = blocksOf(text, tags)
  const workflows = blocks.flatMap(block => block.kind === 'workflow' ? [block.workflow] : [])
  const problems = blocks.flatMap((block, index) => 'problem' in block ? [`workflow ${index}: ${block.problem}`] : [])
  const broken = blocks.findIndex(block => block.kind === 'malformed')
  if (workflows.length === 0 && broken !== -1) throw malformed(problems.find(problem => problem.startsWith(`workflow ${broken}:`))!)
  return { workflows, unusable: problems.length, problems }
}

function blocksOf (text: string, tags: readonly Tag[]): Block[] {
  const blocks: Block[] = []
  let open: Tag | undefined
  const unclosed = (tag: Tag): Block => ({ kind: 'malformed', problem: `<workflow> at offset ${tag.at} is not closed` })
  for (const tag of tags) {
    if (tag.kind === 'empty' && open === undefined) blocks.push({ kind: 'empty' })
    else if (tag.kind === 'open') {
      if (open !== undefined && text.slice(open.end, tag.at).trim() !== '') blocks.push(unclosed(open))
      open = tag
    } else if (tag.kind === 'close' && open !== undefined) {
      blocks.push(readBlock(text.slice(open.end, tag.at)))
      open = undefined
    }
  }
  if (open !== undefined) blocks.push(unclosed(open))
  return blocks
}

function readBlock (inner: string): Block {
  if (saysNothing(inner)) return { kind: 'empty' }
  try {
    const parts = readTags(inner, PARTS)
    const values = Object.values(parts)
    if (values.length > 0 && values.every(saysNothing)) return { kind: 'empty' }
    const actions = readActions(parts.actions ?? '')
    const tools = readTools(parts.tools ?? '')
    if (actions.length === 0) return { kind: 'unusable', problem: 'no actions' }
    if (tools.length === 0) return { kind: 'unusable', problem: 'no tools' }
    const { description = '', steps = '', execution_graph: executionGraph = '' } = parts
    return { kind: 'workflow', workflow: { description, steps: readSteps(steps), executionGraph, actions, tools } }
  } catch (thrown) {
    return { kind: 'malformed', problem: reasonOf(thrown) }
  }
}

function readActions (json: string): Workflow['actions'] {
  if (saysNothing(json)) return []
  const value = readPart('actions', () => readJson(json))
  const wrapped = isObject(value) ? ['actions', 'calls', 'steps'].map(key => value[key]).find(Array.isArray) : undefined
  const list: unknown[] = Array.isArray(value) ? value.flat(1) : wrapped ?? [value]
  return list.map((entry, index) => readPart(`action ${index}`, () => readCall(entry)))
}

function readTools (json: string): ToolDefinition[] {
  return saysNothing(json) ? [] : readPart('tools', () => parseTools(json))
}

function readPart<T> (name: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw malformed(`${name}: ${reasonOf(thrown)}`, undefined, thrown)
  }
}

const MARK = /^(?:[*_#>`]+\s*)?(?:steps?\s*#?\s*\d+(?:\.\d+)*\s*[*_]*\s*[:.)–-]+|\d+(?:\.\d+)*\s*[.):]|[-*•+–](?=\s)|\(\d+\))[*_\s]*/i

/** Lines without a mark belong to the step before, unless no line has one. */
function readSteps (text: string): string[] {
  if (/^\s*\[/.test(text)) return readStepList(text)
  const lines = text.split(/\n|(?<=\S)\s+(?=steps?\s*\d+\s*[:.])/i).map(line => line.trim()).filter(line => line !== '')
  const isMarked = lines.some(line => MARK.test(line))
  const steps: string[] = []
  for (const line of lines) {
    const step = line.replace(MARK, '').trim()
    if (isMarked && !MARK.test(line) && steps.length > 0) steps.push(`${steps.pop()!} ${step}`)
    else if (step !== '') steps.push(step)
  }
  return steps
}

function readStepList (text: string): string[] {
  const list = readPart('steps', () => readJson(text))
  return (Array.isArray(list) ? list : []).map(step => isObject(step) ? String(step.description ?? step.step ?? '') : String(step))
    .map(step => step.replace(MARK, '').trim()).filter(step => step !== '')
}

/** Whether a part says nothing: empty, brackets alone, `None`, `N/A`. */
function saysNothing (text: string): boolean {
  return /^(?:none|n a|null|empty|no workflows?)?$/i.test(text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim())
}
