import { closing, conflict, opening, work } from './blocks.js'
import type { Dice } from './dice.js'
import { createScript, isCallable } from './script.js'
import type { WireTool } from './tools.js'
import type { Turn } from './wire.js'

/** All that a dialogue is made of. */
export interface DialogueInput {
  readonly topic: string
  readonly steps: readonly string[]
  readonly rules: readonly string[]
  readonly tools: readonly WireTool[]
  /** Names of tools in order of use. */
  readonly order: readonly string[]
  /** Short phrases of the source, for free text. */
  readonly words: readonly string[]
  readonly dice: Dice
}

const MAX_CALLS = 9

/**
 * Writes a dialogue: an opening with something missing, work in several turns with an error and its recovery, a wish that a
 * rule forbids, and a closing. One call a turn; every value of a call was said or observed before. No turns at all where
 * fewer than two tools can be called.
 */
export function writeDialogue (input: DialogueInput): readonly Turn[] {
  const { dice, tools, order, words } = input
  const byName = new Map(tools.map(tool => [tool.name, tool]))
  const ordered = [...new Set(order)].map(name => byName.get(name)).filter(tool => tool !== undefined)
  const planned = ordered.length >= 2 ? ordered : [...tools]
  const script = createScript(systemPrompt(input), { dice, words, plan: planned })
  const plan = planned.filter(tool => isCallable(tool, script))
  const chosen = plan.length <= MAX_CALLS ? plan : [...plan.slice(0, MAX_CALLS - 1), plan.at(-1)!]
  if (chosen.length < 2) return []
  const [first, ...rest] = chosen
  const middle = rest.length > 1 ? rest.slice(0, -1) : rest
  const chunks = chunk(middle, dice)
  const trouble = { chunk: dice.int(0, chunks.length - 1), conflict: dice.int(0, chunks.length - 1) }
  const mistyped = opening(script, first!, { input, wrong: dice.chance(0.4) })
  chunks.forEach((group, index) => {
    const settled = work(script, group, { input, fails: !mistyped && index === trouble.chunk, bends: index === trouble.conflict })
    if (index === trouble.conflict && !settled) conflict(script, input)
  })
  closing(script, rest.length > 1 ? rest.at(-1) : undefined, input)
  return script.turns
}

function chunk (tools: readonly WireTool[], dice: Dice): WireTool[][] {
  const chunks: WireTool[][] = []
  for (let from = 0; from < tools.length;) {
    const size = dice.int(1, 3)
    chunks.push(tools.slice(from, from + size))
    from += size
  }
  return chunks
}

const ROLES = ['You are the assistant of a service desk. Your subject: {topic}.', 'You help people to carry out this procedure: {topic}.', 'You act for the team in charge of the following: {topic}.', 'You are an operator with access to the system behind this task: {topic}.']

function systemPrompt ({ topic, steps, rules, dice }: DialogueInput): string {
  const conduct = [
    'Use the tools for everything that is read or changed, one call at a time.',
    'Use only values that the user or a tool has given; ask for what is missing.',
    'Ask for confirmation before anything that cannot be undone.',
    'When the user wants something that a rule forbids, say which rule it is and offer what is possible.'
  ]
  const blocks = [
    dice.pick(ROLES).replace('{topic}', () => topic),
    steps.length === 0 ? '' : `The procedure, in this order:\n${steps.map(step => `- ${step}`).join('\n')}`,
    rules.length === 0 ? '' : `Rules of the guide:\n${rules.map(rule => `- ${rule}`).join('\n')}`,
    `Conduct:\n${conduct.map(line => `- ${line}`).join('\n')}`
  ]
  return blocks.filter(block => block !== '').join('\n\n')
}
