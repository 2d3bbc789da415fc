import type { Dice } from './dice.js'
import type { Persona } from './values.js'
import { PARTICLES, PARTICLE_VERBS } from './words.js'

type Manner = Persona['manner']

const OPENINGS: Readonly<Record<Manner, readonly string[]>> = {
  formal: ['Good morning. I would like your help with the following: {topic}.', 'Good afternoon, my name is {name}. I have a matter to settle: {topic}.', 'Hello. I was told to turn to you about this: {topic}.'],
  brisk: ['Hi, quick one. {topic}. Can you do that for me?', '{name} here. I need to get this done today: {topic}.', 'Need a hand: {topic}. Let us start.'],
  chatty: ['Hello there! I have been putting this off for a week, but today is the day: {topic}.', 'Hi! {name} again, the one with the long emails. This time it is about: {topic}.', 'Hey, I was reading the guide over breakfast ({topic}) and thought you could do it with me.'],
  worried: ['Hello, I hope I am right here. It is about "{topic}" and I do not want to get it wrong.', 'Hi, I tried this alone and got lost half-way: {topic}. Can we go through it together?', 'Sorry to bother you. {topic}: I have never done that before.']
}

const REQUESTS: Readonly<Record<Manner, readonly string[]>> = {
  formal: ['Thank you. Please {actions} next.', 'Very well. Would you then {actions}?', 'As the next step, kindly {actions}.'],
  brisk: ['Good. Now {actions}.', 'Next: {actions}.', 'OK, go on and {actions}.'],
  chatty: ['Lovely, that was quick! Could you {actions} now?', 'Great stuff. So, as far as I understand it, you now {actions}?', 'My neighbour said this part is tricky, but could you {actions}?'],
  worried: ['Good, so far so good. Could you {actions}? Carefully, please.', 'All right. I think we have to {actions} now, is that so? Please do.', 'I am a little nervous about this bit, but please {actions}.']
}

const BEFORE_CALL = ['I will {action} now.', 'One moment while I {action}.', 'Next I {action}.', 'That is possible; I {action}.', 'Everything I need is here, so I {action}.', 'Let me {action}.']
const TELLING = ['The {list}.', 'For that: {list}.', 'Here is what you need: {list}.', 'You will want to know the {list}.', 'I have noted down: {list}.']
const ASKING = ['To go on I need the {label}. Could you tell me?', 'One thing is missing: what is the {label}?', 'I cannot guess the {label}; would you give it to me?', 'Before I start: which {label} is it?']
const GIVING = ['Ah yes. The {label} is {text}.', 'It is {text}.', 'Let me look. {text} is the {label}.', 'Sure, {text}.']
const THANKS: Readonly<Record<Manner, readonly string[]>> = {
  formal: ['Thank you very much, that is all.', 'Much obliged. I have no further questions.'],
  brisk: ['Perfect, thanks. Bye.', 'That is it. Thanks.'],
  chatty: ['Wonderful, you made my day! Thanks a lot.', 'Brilliant. I will tell my neighbour it was easy after all. Thanks!'],
  worried: ['What a relief. Thank you for your patience.', 'Thank you, now I can sleep again.']
}
const FAREWELLS = ['You are welcome. Everything we did is on record for {topic}.', 'Gladly. If anything changes, the record is there to go on from.', 'Glad it worked out. Have a good day.', 'My pleasure. All steps that you asked for are done.']

/** Wordings for everybody, by occasion; `{name}` is filled in by `phrase`. */
export const BANK = { BEFORE_CALL, TELLING, ASKING, GIVING, FAREWELLS } as const
/** Wordings of the user, by occasion and manner. */
export const MANNERED = { OPENINGS, REQUESTS, THANKS } as const

/** A phrase from a bank with its places filled. What is filled in is not read again. */
export function phrase (bank: readonly string[], dice: Dice, values: Readonly<Record<string, string>> = {}): string {
  return dice.pick(bank).replace(/\{(\w{1,12})\}/g, (place, name: string) => values[name] ?? place)
}

/** A tool's name as an action: `attach_return_label` → `attach the return label`. */
export function actionOf (name: string): string {
  const parts = name.split(/[_.-]+/).filter(part => part !== '')
  const verb = parts[0] ?? 'go on'
  const particle = PARTICLE_VERBS.has(verb) && PARTICLES.has(parts[1] ?? '') ? parts[1] : undefined
  const rest = parts.slice(particle === undefined ? 1 : 2).join(' ')
  const spoken = verb === 'get' ? 'look up' : verb === 'create' ? 'open' : verb
  const head = particle === undefined ? spoken : `${spoken} ${particle}`
  return rest === '' ? head : /^step \d+$/.test(rest) ? `${head} ${rest}` : `${head} the ${rest}`
}

/** `a`, `a and b`, `a, b and c`. */
export function join (parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`
}
