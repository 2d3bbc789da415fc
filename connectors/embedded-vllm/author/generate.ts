import { isObject, tryParseJson } from '../../../lib/schema/json-value.js'
import type { Dice } from './dice.js'
import { writeDialogue } from './dialogue.js'
import type { Outline } from './outline.js'
import { splitSentences } from './outline.js'
import { designTools, type WireTool } from './tools.js'
import { rawTag, readTag, writeTag, writeTurns, type Turn } from './wire.js'
import { BREAKS, clip, FILLERS, HOLLOW, plain, SEQUENCE, VERBS } from './words.js'

/** Answers the trajectory prompt: a dialogue over the given tools along the given workflow. */
export function writeTrajectory (prompt: string, { text, outline, dice }: { readonly text: string, readonly outline: Outline, readonly dice: Dice }): string {
  const tools = readTools(prompt)
  const workflow = rawTag(prompt, 'workflow_plan') ?? ''
  const steps = stepsOf(workflow)
  const description = readTag(workflow, 'description')
  return writeTurns(dialogueOf({
    text, dice, tools, rules: outline.rules,
    topic: plain(description ?? outline.procedures[0]?.title ?? outline.title),
    steps: steps.length > 0 ? steps : outline.procedures[0]?.steps ?? [],
    order: orderOf(workflow, tools)
  }))
}

/** Answers the synthesizer's prompt: tools and dialogue in one; no tools and no turns for a text without steps. */
export function writeSynthesis ({ text, outline, dice }: { readonly text: string, readonly outline: Outline, readonly dice: Dice }): string {
  const [procedure] = outline.procedures
  if (procedure === undefined) return '<toolsets>[]</toolsets>'
  const { tools, order, steps } = designTools(procedure, dice)
  const turns = dialogueOf({ text, dice, tools, order, steps, topic: procedure.title, rules: outline.rules })
  return turns.length === 0 ? '<toolsets>[]</toolsets>' : `${writeTag('toolsets', JSON.stringify(tools))}\n${writeTurns(turns)}`
}

type DialogueParts = Omit<Parameters<typeof writeDialogue>[0], 'words'> & { readonly text: string }

/** Dialogues are in English: what the source says in another script is named by its place, or left out. */
function dialogueOf ({ text, ...parts }: DialogueParts): readonly Turn[] {
  const topic = isLatin(parts.topic) ? parts.topic : ''
  const steps = parts.steps.map((step, index) => isLatin(step) ? step : `step ${index + 1}`)
  const name = topic.trim() === '' ? 'the procedure of this guide' : clip(topic.replace(/^how to\s+/i, '').replace(/[\s.:;]+$/, ''), 90)
  return writeDialogue({ ...parts, steps, rules: parts.rules.filter(isLatin), topic: name, words: phrasesOf(text).filter(isLatin) })
}

function isLatin (text: string): boolean {
  return !/[^\P{L}\p{Script=Latin}]/u.test(text)
}

/** The tools of a prompt that can be used: name, object schema with properties. */
export function readTools (prompt: string): WireTool[] {
  const listed = tryParseJson(readTag(prompt, 'candidate_tools') ?? '')
  return (Array.isArray(listed) ? listed : []).slice(0, 64).flatMap(tool => {
    const schema = isObject(tool) ? tool.inputSchema ?? tool.parameters : undefined
    if (!isObject(tool) || typeof tool.name !== 'string' || !isObject(schema)) return []
    const properties = isObject(schema.properties) ? schema.properties : {}
    const required = Array.isArray(schema.required) ? schema.required.filter(name => typeof name === 'string') : []
    const usable = Object.fromEntries(Object.entries(properties).filter(([, property]) => isObject(property)))
    const inputSchema = { ...schema, type: 'object', properties: usable, required } as WireTool['inputSchema']
    return [{ name: tool.name, description: typeof tool.description === 'string' && tool.description !== '' ? tool.description : tool.name, inputSchema }]
  })
}

function stepsOf (workflow: string): string[] {
  const steps = readTag(workflow, 'steps') ?? ''
  return steps.split('\n').map(line => clip(plain(line.replace(/^\s*step\s?\d{1,3}\s?[:.)]\s*/i, '')), 170)).filter(line => line !== '').slice(0, 12)
}

/** Order of the example calls; without them, of the execution graph; without that, of the tools. */
function orderOf (workflow: string, tools: readonly WireTool[]): readonly string[] {
  const names = new Set(tools.map(tool => tool.name))
  const actions = tryParseJson(readTag(workflow, 'actions') ?? '')
  const listed = Array.isArray(actions) ? actions.flatMap(action => isObject(action) && typeof action.name === 'string' ? [action.name] : []) : []
  const drawn = (readTag(workflow, 'execution_graph') ?? '').slice(0, 4000).split(/[^\w.-]+/)
  const order = (listed.length > 0 ? listed : drawn).filter(name => names.has(name))
  return order.length > 0 ? order : [...names]
}

/** Short phrases in quotation marks or capitals: what the text itself calls things. At most eight. */
function phrasesOf (text: string): string[] {
  const found = new Set<string>()
  for (const sentence of splitSentences(plain(text.slice(0, 4000)))) {
    for (const match of sentence.matchAll(/["“]([\p{L}][\p{L}\p{N} -]{2,24})["”]|(?<=[\p{Ll},] )(\p{Lu}[\p{Ll}]{2,14})(?=[ ,.])/gu)) {
      const words = match[1] ?? match[2]!
      const word = words.toLowerCase()
      if (found.size < 8 && !FILLERS.has(word) && !BREAKS.has(word) && !HOLLOW.has(word) && !VERBS.has(word) && !SEQUENCE.has(word)) found.add(words)
    }
  }
  return [...found]
}
