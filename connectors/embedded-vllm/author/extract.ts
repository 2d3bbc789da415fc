import type { Dice } from './dice.js'
import type { Outline, Procedure } from './outline.js'
import { isReading } from './observations.js'
import { wantedNames } from './script.js'
import { designTools, type ToolPlan } from './tools.js'
import { createPersona, makeValue } from './values.js'
import { writeTag } from './wire.js'

/** Answers the workflow prompt: one block per procedure of the text, an empty one where there is none. */
export function writeWorkflows (outline: Outline, dice: Dice): string {
  if (outline.procedures.length === 0) return '<workflow></workflow>'
  return outline.procedures.map(procedure => writeWorkflow(procedure, dice)).join('\n')
}

function writeWorkflow (procedure: Procedure, dice: Dice): string {
  const plan = designTools(procedure, dice)
  const blocks = [
    writeTag('description', `${procedure.title.replace(/[.:]+$/, '')}.`),
    writeTag('steps', `\n${procedure.steps.map((step, index) => `Step${index + 1}: ${step}`).join('\n')}\n`),
    writeTag('execution_graph', graphOf(plan)),
    writeTag('actions', JSON.stringify(actionsOf(plan, dice))),
    writeTag('tools', JSON.stringify(plan.tools))
  ]
  return `<workflow>\n${blocks.join('\n')}\n</workflow>`
}

/** Reading tools that follow one another may run in any order and share a group. */
function graphOf ({ order }: ToolPlan): string {
  const groups: string[][] = []
  for (const name of order) {
    const before = groups.at(-1)
    if (before !== undefined && isReading(name) && before.every(isReading)) before.push(name)
    else groups.push([name])
  }
  return groups.map(group => `(${group.join(', ')})`).join(' -> ')
}

function actionsOf ({ tools, order }: ToolPlan, dice: Dice): object[] {
  const persona = createPersona(dice)
  const made = new Map<string, unknown>()
  const byName = new Map(tools.map(tool => [tool.name, tool]))
  return order.map(name => {
    const tool = byName.get(name)!
    const args = wantedNames(tool).map(key => {
      const schema = tool.inputSchema.properties[key]!
      if (!made.has(key) || schema.enum !== undefined) made.set(key, makeValue(key, schema, { dice, persona, words: [] })?.value)
      return [key, made.get(key)] as const
    })
    return { name, arguments: Object.fromEntries(args) }
  })
}
