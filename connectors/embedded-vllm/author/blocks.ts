import type { DialogueInput } from './dialogue.js'
import { isFinal, isReading } from './observations.js'
import { actionOf, BANK, join, MANNERED, phrase } from './phrases.js'
import { isCallable, type Script } from './script.js'
import type { WireTool } from './tools.js'
import { clip } from './words.js'

/** The user opens and forgets something, or mistypes it; true if there was such an error and its recovery. */
export function opening (script: Script, first: WireTool, { input, wrong }: { readonly input: DialogueInput, readonly wrong: boolean }): boolean {
  const { dice, persona } = script
  const leaves = script.missing(first)
  const held = leaves[dice.int(0, Math.max(0, leaves.length - 1))]
  const told = script.tell(leaves.filter(leaf => leaf !== held))
  script.user([phrase(MANNERED.OPENINGS[persona.manner], dice, { topic: lower(input.topic), name: persona.name }), told].filter(part => part !== '').join(' '))
  if (held === undefined) {
    script.call(first)
    script.say(`I have it on screen: ${actionOf(first.name)} is done. What shall we do first?`)
    return false
  }
  script.say(phrase(BANK.ASKING, dice, { label: held.label }))
  const name = Object.keys(first.inputSchema.properties).find(key => script.value(first, key)?.value === held.text)
  const typo = wrong && name !== undefined && /^[A-Z]{2,3}-\d{5}$/.test(held.text) ? mistype(held.text) : undefined
  if (typo !== undefined) {
    script.user(phrase(BANK.GIVING, dice, { label: held.label, text: typo }))
    script.fail(first, `No record found for ${typo}`, { swap: { [name!]: typo } })
    script.say(`There is no record for ${typo}. Could you check the ${held.label} once more?`)
    script.user(`Sorry, I mixed up two digits: ${held.text}.`)
  } else script.user(phrase(BANK.GIVING, dice, { label: held.label, text: held.text }))
  script.learn(held)
  script.call(first)
  script.say(`${dice.pick(['Found it', 'That worked', 'Good, it is there'])}: I could ${actionOf(first.name)}. The guide begins with: "${clip(input.steps[0] ?? input.topic, 120)}" Shall I go on?`)
  return typo !== undefined
}

/** Swaps two neighbouring digits that differ; undefined where all are equal. */
function mistype (id: string): string | undefined {
  const dash = id.indexOf('-')
  for (let at = id.length - 2; at > dash; at -= 1) {
    if (id[at] !== id[at + 1]) return `${id.slice(0, at)}${id[at + 1]!}${id[at]!}${id.slice(at + 2)}`
  }
  return undefined
}

/** The user asks for one to three steps and gets them; true if a limit was bent on the way. */
export function work (script: Script, group: readonly WireTool[], { input, fails, bends }: { readonly input: DialogueInput, readonly fails: boolean, readonly bends: boolean }): boolean {
  const { dice, persona } = script
  const bent = bends ? overLimit(script, group, input.rules) : undefined
  const request = phrase(MANNERED.REQUESTS[persona.manner], dice, { actions: join(group.map(tool => actionOf(tool.name))) })
  if (bent !== undefined) {
    const others = (): string => script.tell(group.flatMap(tool => script.missing(tool)))
    script.user(`${request} And make the ${bent.label} ${bent.limit + bent.excess}, I like to be on the safe side.`)
    script.say(`That is more than the guide allows: "${clip(bent.rule, 160)}" The most I can enter for ${bent.label} is ${bent.limit}. Shall I take that?`)
    script.settle(bent.tool, bent.name, bent.limit)
    script.user(`${dice.pick(['All right, then', 'Fine, so', 'If that is the rule,'])} ${bent.limit} it is. ${others()}`.trim())
  } else script.user(`${request} ${script.tell(group.flatMap(tool => script.missing(tool)))}`.trim())
  group.forEach((tool, index) => {
    if (isFinal(tool.name)) confirm(script, tool)
    if (fails && index === group.length - 1) stumble(script, tool)
    script.call(tool)
  })
  script.say(`${dice.pick(['Done', 'That is settled', 'All of it went through'])}: ${join(group.map(tool => actionOf(tool.name)))}. ${dice.pick(['What is next?', 'Tell me when you are ready for the next part.', 'Anything else for this part?'])}`)
  return bent !== undefined
}

interface Bent { readonly tool: WireTool, readonly name: string, readonly label: string, readonly limit: number, readonly excess: number, readonly rule: string }

/** A number in these calls that the text limits. */
function overLimit (script: Script, group: readonly WireTool[], rules: readonly string[]): Bent | undefined {
  for (const tool of group) {
    for (const name of tool.inputSchema.required) {
      const limit = tool.inputSchema.properties[name]?.maximum
      if (typeof limit !== 'number' || !Number.isInteger(limit)) continue
      const said = [...rules, tool.description].find(text => new RegExp(`(?:most|more than|up to|maximum|within|longer than|less than|under)\\D{0,12}\\b${limit}\\b`, 'i').test(text))
      if (said !== undefined) return { tool, name, limit, rule: said, label: name.replaceAll('_', ' '), excess: script.dice.int(1, Math.max(2, limit)) }
    }
  }
  return undefined
}

function confirm (script: Script, tool: WireTool): void {
  script.say(`Before I ${actionOf(tool.name)}: this cannot be undone. Do you want me to go ahead?`)
  script.user(script.dice.pick(['Yes, go ahead.', 'Yes, I am sure.', 'Please do, I have checked it twice.']))
}

/** A call that fails at first: the system is busy or the record is in use. The call that follows is the recovery. */
function stumble (script: Script, tool: WireTool): void {
  const error = script.dice.pick(['Service temporarily unavailable', 'The record is locked by another session', 'Request timed out after 10 s', 'Write conflict: record not saved'])
  script.fail(tool, error)
  if (isReading(tool.name) || script.dice.chance(0.5)) return
  script.say(`That did not go through: "${error}". Nothing was changed. Shall I try once more?`)
  script.user(script.dice.pick(['Yes, try again please.', 'Please do.', 'Sure, once more.']))
}

/** The user wants what a rule forbids, or to leave out a step; the assistant says why not. */
export function conflict (script: Script, { rules, steps, topic }: DialogueInput): void {
  const { dice } = script
  const rule = rules.length > 0 ? dice.pick(rules) : undefined
  const step = steps.length > 1 ? steps[dice.int(0, steps.length - 1)] : undefined
  if (rule !== undefined) {
    script.user(`${dice.pick(['By the way, can we make an exception', 'Between us, nobody would notice if we made an exception', 'Could you look the other way for once'])} here: "${clip(rule, 140)}"?`)
    script.say(`${dice.pick(['No, I have to keep to that', 'I am afraid that rule holds for everybody', 'That one I may not bend'])}: ${clip(rule, 180)} What I can do is go on with the steps that are allowed and record that you asked.`)
  } else {
    script.user(`${dice.pick(['Can we leave one thing out', 'Do we really need this', 'I would rather skip this'])}: "${clip(step ?? topic, 120)}"?`)
    script.say('The procedure builds on it, so I will not leave it out. I can do it for you or wait until you are ready.')
  }
}

/** The last call, a look at the result where a tool for that is there, a summary, thanks. */
export function closing (script: Script, last: WireTool | undefined, input: DialogueInput): void {
  const { dice, persona } = script
  const calls = [last, checkTool(script, input, last)].filter(tool => tool !== undefined)
  const final = calls.length === 0 ? '' : script.tell(calls.flatMap(tool => script.missing(tool)))
  script.user(`${dice.pick(['To finish', 'One last thing', 'Almost there'])}: please ${calls.length === 0 ? 'tell me where we stand' : join(calls.map(tool => actionOf(tool.name)))}, then sum it up for me. ${final}`.trim())
  for (const tool of calls) {
    if (isFinal(tool.name)) confirm(script, tool)
    script.call(tool)
  }
  const actions = [...script.done].map(actionOf)
  script.say(`${dice.pick(['Summary', 'Where we stand', 'In short'])} for ${persona.name}: ${join(actions)}. ${dice.pick(['All calls are recorded.', 'Nothing is left open on my side.', 'Each of them was confirmed by the system.'])}`)
  script.user(phrase(MANNERED.THANKS[persona.manner], dice))
  script.say(phrase(BANK.FAREWELLS, dice, { topic: lower(input.topic) }))
}

/** A reading tool that was not used yet and needs nothing new. */
function checkTool (script: Script, { tools }: DialogueInput, last: WireTool | undefined): WireTool | undefined {
  return tools.find(tool => tool !== last && isReading(tool.name) && !script.done.has(tool.name) && isCallable(tool, script) && script.missing(tool).length === 0)
}

function lower (topic: string): string {
  const [first = '', second = ''] = topic
  const word = second === second.toUpperCase() ? topic : first.toLowerCase() + topic.slice(1)
  return word.replace(/[.:]+$/, '')
}
