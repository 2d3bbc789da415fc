import type { ToolDefinition } from '../schema/tool-definition.js'
import type { CallSite } from './rule.js'

/** What a tool does to the world, as far as its name and description say. */
export type Effect = 'reads' | 'writes' | 'unknown'

const WRITES = new Set(('accept activate add adjust allocate amend append apply approve archive arrange assign attach authenticate authorize authorise ban block book buy call cancel change charge clear close ' +
  'comment commit complete confirm configure connect copy create credit cut deactivate debit decline delete deliver deploy deposit disable disconnect discard dismiss dispatch draft edit eject enable end ' +
  'enrol enroll erase escalate execute exchange expire extend file fill finalize finalise fix flag follow freeze fund generate give grant hold import increase decrease initiate insert install invite invoice issue ' +
  'join kill launch leave lend link loan lock log login logout make mark merge message mkdir mount move mute mv notify open order pair park pause pay pin place post press print process prolong promote provision ' +
  'publish purchase push put raise reactivate reassign rebook rebuild reboot record redeem redirect refill refund register reject release reload remove rename renew rent reopen reorder repair repeat replace reply report ' +
  'request reschedule reserve reset resize resolve respond restart restock restore resume retry retweet return revert revoke rm rotate run save scale schedule sell send set settle share shift ship sign skip split start stop ' +
  'store submit subscribe suspend swap switch sync tag terminate toggle top touch transfer trigger turn unblock unfollow uninstall unlink unlock unmute unpin unsubscribe update upgrade upload verify void waive withdraw write').split(' '))
const READS = new Set(('analyse analyze ask browse calculate cat check compare compute convert count describe detect diff display download du estimate evaluate explain export fetch filter find forecast get grep has identify inspect is list ' +
  'look lookup ls measure monitor peek predict preview price pwd query quote rank read recommend retrieve scan search show simulate sort status suggest sum summarize summarise tail test track translate validate view watch wc').split(' '))
/** Verbs that are no nouns too, so that they speak for a name wherever they stand: `user_delete`. */
const CLEAR = /^(?:add|cancel|clear|create|delete|remove|save|send|set|submit|update)$/
/** What a tool's name ends in when it only tells: `order_status`, `booking_details`. */
const TELLS = new Set('availability calendar count details forecast history info list metrics options price prices schedule stats status summary usage'.split(' '))

/** What a tool does, by the first verb of its name, then of its description. Wrong for some; `unknown` where nothing is said. */
export function effectOf ({ name, description }: Pick<ToolDefinition, 'name' | 'description'>): Effect {
  const words = wordsOf(name.slice(0, 100))
  const [first = ''] = words
  if (READS.has(first)) return 'reads'
  if (TELLS.has(words.at(-1) ?? '') && !CLEAR.test(first)) return 'reads'
  if (WRITES.has(first)) return 'writes'
  const verb = baseOf(wordsOf(description.slice(0, 100))[0] ?? '')
  if (READS.has(verb)) return 'reads'
  return WRITES.has(verb) || words.some(word => CLEAR.test(word)) ? 'writes' : 'unknown'
}

/** Whether a call went through: it was answered, and not by an error or by nothing that can be read. */
export function succeeded ({ observation }: CallSite): boolean {
  return observation !== undefined && observation.kind !== 'error' && observation.kind !== 'broken'
}

/** What a call is to do; that of an unknown tool by its name alone. */
export function effectOfCall ({ call, tool }: CallSite): Effect {
  return effectOf(tool?.definition ?? { name: call.name, description: '' })
}

function wordsOf (text: string): string[] {
  return text.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().match(/[a-z]+/g) ?? []
}

/** `Cancels` and `Carries` as they stand in a name. */
function baseOf (verb: string): string {
  if (WRITES.has(verb) || READS.has(verb)) return verb
  const bases = [verb.replace(/s$/, ''), verb.replace(/es$/, ''), verb.replace(/ies$/, 'y')]
  return bases.find(base => WRITES.has(base) || READS.has(base)) ?? verb
}
