import { isObject } from '../../../lib/schema/json-value.js'
import type { Dice } from './dice.js'
import { readTools } from './generate.js'
import { actionOf, join } from './phrases.js'
import { makeTool, type WireTool } from './tools.js'
import { idValue } from './values.js'
import { snake } from './words.js'
import { rawTag, readTurns, writeTag, writeTurns, type Turn, type WireCall } from './wire.js'

/**
 * Answers the refinement prompt: all tools, two more, and the draft made longer: a database schema in the system prompt, a
 * question that only the combined calls answer, a false premise that the assistant names, and a message that fails at first.
 */
export function writeRefinement (prompt: string, dice: Dice): string {
  const tools = readTools(prompt)
  const draft = readTurns(rawTag(prompt, 'draft_trajectory') ?? '')
  const anchor = anchorOf(draft, tools)
  const extra = anchor === undefined ? [] : extraTools(anchor, tools)
  const turns = anchor === undefined || draft.length < 4 ? draft : extend(draft, { anchor, extra, dice })
  return `${writeTag('toolsets', JSON.stringify([...tools, ...extra]))}\n${writeTurns(withSchema(turns, tools))}`
}

/** The record that the draft is about: an id that one of its calls was given. */
interface Anchor { readonly name: string, readonly value: string, readonly noun: string, readonly after: number }

function anchorOf (draft: readonly Turn[], tools: readonly WireTool[]): Anchor | undefined {
  const known = new Set(tools.map(tool => tool.name))
  for (const wanted of [/(?:_id|_number|_code|reference)$/, /_?name$|title$/, /./]) {
    for (const [index, { call }] of draft.entries()) {
      if (call === undefined || !known.has(call.name) || !succeeded(draft[index + 1])) continue
      const found = Object.entries(call.arguments).find(([name, value]) => typeof value === 'string' && value.length >= 3 && wanted.test(name))
      if (found !== undefined) return { name: found[0], value: String(found[1]), noun: snake(found[0].replace(/_(?:id|number|code)$/, '')), after: index }
    }
  }
  return undefined
}

function succeeded (turn: Turn | undefined): boolean {
  return turn?.role === 'tool' && turn.text.startsWith('{') && !turn.text.startsWith('{"error"')
}

function extraTools ({ name, noun }: Anchor, tools: readonly WireTool[]): WireTool[] {
  const free = (wanted: string): string => tools.some(tool => tool.name === wanted) ? free(`${wanted}_2`) : wanted
  const key = { type: 'string', description: `The ${name.replaceAll('_', ' ')} of the record.` } as const
  return [
    makeTool({ name: free(`get_${noun}_history`), description: 'Reads what was done for one record, oldest first.', properties: { [name]: key } }),
    makeTool({
      name: free(`send_${noun}_summary`),
      description: 'Sends a summary of one record to its holder.',
      properties: { [name]: key, channel: { type: 'string', enum: ['email', 'sms', 'letter'], description: 'Way of sending.' } }
    })
  ]
}

/** Puts the new exchange in front of the last user turn, where the word was with the user already. */
function extend (draft: readonly Turn[], { anchor, extra, dice }: { readonly anchor: Anchor, readonly extra: readonly WireTool[], readonly dice: Dice }): Turn[] {
  const last = draft.findLastIndex((turn, index) => turn.role === 'user' && index > anchor.after && draft[index - 1]?.role === 'assistant' && draft[index - 1]?.call === undefined)
  const at = last === -1 ? draft.length : last
  const done = draft.slice(0, at).flatMap(({ call }, index) => call !== undefined && succeeded(draft[index + 1]) ? [call] : [])
  const exchange = [...historyExchange(anchor, { tool: extra[0]!, done, dice }), ...summaryExchange(anchor, extra[1]!, dice)]
  const ends = draft.at(-1)?.role === 'assistant' && draft.at(-1)?.call === undefined
  return at === draft.length && !ends ? [...draft] : [...draft.slice(0, at), ...exchange, ...draft.slice(at)]
}

function historyExchange ({ name, value }: Anchor, { tool, done, dice }: { readonly tool: WireTool, readonly done: readonly WireCall[], readonly dice: Dice }): Turn[] {
  const entries = done.map((call, index) => ({ position: index + 1, action: call.name, state: 'done' }))
  const [first, second] = [done[0], done.at(-1)]
  const premise = second === undefined || first === undefined || first.name === second.name
    ? 'Nothing has been done yet, has it?'
    : `As far as I remember, you had to ${actionOf(second.name)} before you could ${actionOf(first.name)}.`
  const answer = second === undefined || first === undefined || first.name === second.name
    ? `One correction: something was done already, ${entries.length} ${entries.length === 1 ? 'entry is' : 'entries are'} on record.`
    : `One correction, since it matters for the order: it was the other way round. The first entry is "${first.name}", the last one so far "${second.name}".`
  const call = { name: tool.name, arguments: { [name]: value } }
  return [
    { role: 'user', text: `${premise} ${dice.pick(['Please check the whole history and tell me how many entries there are.', 'Does the history agree with that, and is anything still open?'])}` },
    { role: 'assistant', text: 'I would rather look than guess: reading the history of the record.', call },
    { role: 'tool', text: JSON.stringify({ result: 'ok', [name]: value, total: entries.length, entries }) },
    { role: 'assistant', text: `${answer} The history has ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}: ${join(done.map(({ name: action }) => actionOf(action)))}. None of them is open.` }
  ]
}

function summaryExchange ({ name, value }: Anchor, tool: WireTool, dice: Dice): Turn[] {
  const channel = dice.pick(['email', 'sms', 'letter'])
  const call = { name: tool.name, arguments: { [name]: value, channel } }
  const receipt = idValue('message_ref', dice)
  return [
    { role: 'user', text: `${dice.pick(['Then send me a summary of it', 'Good to know. I would like that in writing'])}, by ${channel}. And switch the office lights off while you are at it, will you?` },
    { role: 'assistant', text: 'The lights are beyond my tools; somebody on site has to press the switch. The summary I can send.', call },
    { role: 'tool', text: JSON.stringify({ error: 'Message gateway not reachable' }) },
    { role: 'assistant', text: 'The gateway did not answer and nothing was sent. I try once more.', call },
    { role: 'tool', text: JSON.stringify({ result: 'done', [name]: value, channel, receipt }) },
    { role: 'assistant', text: `Now it is on its way by ${channel}, receipt ${receipt}.` }
  ]
}

/** Adds the tables that the tools read and write to the system prompt. */
function withSchema (turns: readonly Turn[], tools: readonly WireTool[]): Turn[] {
  const columns = new Map<string, string>()
  for (const tool of tools) {
    for (const [name, schema] of Object.entries(tool.inputSchema.properties)) if (isObject(schema)) columns.set(name, typeof schema.type === 'string' ? schema.type : 'string')
  }
  const table = [...columns].slice(0, 24).map(([name, type]) => `${name} ${type}`).join(', ')
  const schema = `Database schema, which all tool results follow:\n- records(${table})\n- events(position integer, action string, state string)\n- messages(receipt string, channel string)`
  return turns.map((turn, index) => index === 0 && turn.role === 'system' ? { ...turn, text: `${turn.text}\n\n${schema}` } : turn)
}
