import type { ParameterSchema } from './details.js'
import { readDetails } from './details.js'
import type { Dice } from './dice.js'
import type { Procedure } from './outline.js'
import { readStep, subjectOf } from './step.js'
import { clip, snake } from './words.js'

/** A tool as the wire format has it. */
export interface WireTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: {
    readonly type: 'object'
    readonly properties: Readonly<Record<string, ParameterSchema>>
    readonly required: readonly string[]
  }
}

/** Tools of one procedure in the order in which it calls them. */
export interface ToolPlan {
  /** What the procedure is about: `order`. */
  readonly subject: string
  readonly steps: readonly string[]
  readonly tools: readonly WireTool[]
  /** Names in order of use; tools beside it are for questions. */
  readonly order: readonly string[]
}

const MAX_ACTIONS = 7

/** Makes tools of the steps of a procedure: one per step by its verb and object, and reading and writing ones around them. */
export function designTools ({ title, steps }: Procedure, dice: Dice): ToolPlan {
  const read = steps.map(readStep)
  const subject = subjectOf(title, read)
  const frame = frameOf(subject, dice)
  const tools = new Map<string, WireTool>()
  const taken = [frame.first, frame.last, ...frame.others].map(tool => tool.name)
  steps.forEach((step, index) => {
    const name = actionName(read[index], index, subject)
    if (name === undefined || taken.includes(name) || tools.has(name) || tools.size >= MAX_ACTIONS) return
    tools.set(name, actionTool(name, step, frame.id))
  })
  const actions = [...tools.values()]
  return {
    subject, steps,
    tools: [frame.first, ...actions, frame.last, ...frame.others],
    order: [frame.first, ...actions, frame.last].map(tool => tool.name)
  }
}

function actionName (step: ReturnType<typeof readStep>, index: number, subject: string): string | undefined {
  // A script without Latin letters still has steps; their place is all that can name them.
  if (step === undefined) return `complete_step_${index + 1}`
  const object = step.object.length === 0 && !step.verb.includes('_') ? [subject] : step.object
  const name = snake([step.verb, ...object].join('_')).slice(0, 44).replace(/_+$/, '')
  return /^[a-z]/.test(name) ? name : undefined
}

function actionTool (name: string, step: string, id: string): WireTool {
  const { [id]: _, ...details } = readDetails(step)
  const thing = name.split('_').slice(1).join(' ')
  const rest = Object.keys(details).length > 0 ? details : { note: { type: 'string', description: `What to note about the ${thing === '' ? 'step' : thing}.` } as const }
  return makeTool({
    name, description: `${clip(step, 150)} Works on one record and changes its state.`,
    properties: { [id]: idSchema(id), ...rest }, required: 'note' in rest ? [id] : undefined
  })
}

interface Frame {
  /** Parameter that all tools of the procedure share. */
  readonly id: string
  readonly first: WireTool
  readonly last: WireTool
  readonly others: readonly WireTool[]
}

const STATES: readonly string[] = ['open', 'in_progress', 'on_hold', 'done']

/** Reading and writing around the steps. Three ways, so that the id comes from the user, from a search or from a new record. */
function frameOf (subject: string, dice: Dice): Frame {
  const id = `${subject}_id`
  const noun = subject.replaceAll('_', ' ')
  const state = { type: 'string', enum: dice.chance(0.5) ? STATES : ['draft', 'active', 'completed'], description: `New state of the ${noun}.` } as const
  const get = makeTool({ name: `get_${subject}`, description: `Reads one ${noun} with its state and what was done so far.`, properties: { [id]: idSchema(id) } })
  const update = makeTool({ name: `update_${subject}`, description: `Writes the state of one ${noun}.`, properties: { [id]: idSchema(id), status: state } })
  const list = makeTool({
    name: `list_${subject}_events`,
    description: `Lists what was recorded for one ${noun}, oldest first.`,
    properties: { [id]: idSchema(id), limit: { type: 'integer', minimum: 1, maximum: 50, description: 'Most entries wanted.' } },
    required: [id]
  })
  const way = dice.int(0, 2)
  if (way === 0) return { id, first: get, last: update, others: [list] }
  const person = { type: 'string', description: `Full name of the person the ${noun} belongs to.` } as const
  if (way === 1) {
    const find = makeTool({
      name: `find_${subject}`,
      description: `Finds the ${noun} of a person by full name and email.`,
      properties: { full_name: person, email: { type: 'string', format: 'email', description: 'Email address on file.' } }
    })
    return { id, first: find, last: update, others: [get] }
  }
  const create = makeTool({
    name: `create_${subject}_record`,
    description: `Opens a record for the ${noun} and gives its id.`,
    properties: {
      contact: {
        type: 'object',
        description: 'Whom the record belongs to.',
        properties: { full_name: person, email: { type: 'string', format: 'email', description: 'Email address for messages.' } },
        required: ['full_name', 'email']
      },
      priority: { type: 'string', enum: ['low', 'normal', 'high'], description: 'How urgent it is.' }
    }
  })
  return { id, first: create, last: update, others: [get, list] }
}

interface ToolParts {
  readonly name: string
  readonly description: string
  readonly properties: Readonly<Record<string, ParameterSchema>>
  readonly required?: readonly string[]
}

/** Makes a tool; all parameters are required unless said otherwise. */
export function makeTool ({ name, description, properties, required = Object.keys(properties) }: ToolParts): WireTool {
  return { name, description, inputSchema: { type: 'object', properties, required } }
}

/** Schema of an id parameter. */
export function idSchema (name: string): ParameterSchema {
  return { type: 'string', description: `Id of the ${name.replace(/_id$/, '').replaceAll('_', ' ')}.` }
}
