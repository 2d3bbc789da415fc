import type { Message } from '../schema/message.js'
import type { Trajectory } from '../schema/trajectory.js'
import { withoutCode } from './texts.js'

/** Talk of a text that a dialogue may have been made from. */
export interface SourceTalk {
  readonly quoted: string
  /** Certain: the dialogue itself knows of no such text. Otherwise it may be its own. */
  readonly isLeak: boolean
}

const NOUN = '(text|article|passage|document|excerpt|tutorial|blog post|source material)'
const ADJECTIVE = '(?:(?:source|original|given|provided|supplied|above|input|reference) )?'
/** After the noun the sentence goes on or ends; `the text message` and `the document store` are something else. */
const NOT_COMPOUND = '(?= ?[,.;:!?)"”—–]|\\s*$|\\s(?:you\\b|we|i|it|above|itself|and|but|so|the|there|this|each|all|for|in|is|are|an?|at|on|if|when|only|to|should|must|can|does|says?|states?)\\b)'
const SAYS = '(?:says|states|mentions|describes|explains|specifies|notes|recommends|suggests|advises|outlines|lists|do(?:es)?(?:n[\'’]t| not) (?:say|mention|state|specify|cover|describe|give))'
/** A text as the authority for what is said: nobody in the dialogue can have read it. */
const AS_AUTHORITY = new RegExp([
  `\\b(?:described|mentioned|stated|explained|outlined|noted|specified|given|provided|discussed|listed|detailed|indicated|written) (?:in|by|within) the ${ADJECTIVE}${NOUN}${NOT_COMPOUND}`,
  `\\b(?:according to|based on|as per|per|consistent with|following) the ${ADJECTIVE}${NOUN}${NOT_COMPOUND}`,
  `\\bthe ${ADJECTIVE}${NOUN} ${SAYS}\\b`,
  '\\bthe (?:source|given|provided|input) (text|passage|article)\\b'
].join('|'), 'i')
const MENTION = new RegExp(`\\bthe ${ADJECTIVE}${NOUN}${NOT_COMPOUND}`, 'i')

/** Words by which a dialogue shows that it has a text of its own: a message, a file, something to translate. */
const TEXTS_AT_HAND = /\b(?:sms|text(?:s|ed|ing)?(?: me| us| him| her| them| messages?| files?| documents?)|the text|transl\w{0,20}|ocr|transcri\w{0,20}|summari\w{0,20}|proofread\w{0,10}|essays?|articles?|documents?|passages?|books?)\b/i

/**
 * Finds talk of a text as the authority, or a mere mention of one. It is a leak where the assistant or the system prompt
 * speaks so and neither tools nor users nor observations know of such a thing; a user may have read anything.
 */
export function sourceTalk (message: Message, knows: (noun: string) => boolean): SourceTalk | undefined {
  if (message.role === 'tool' || !/\b(?:text|article|passage|document|excerpt|tutorial|blog post|source material)\b/i.test(message.content)) return undefined
  const prose = withoutCode(message.content)
  const authority = AS_AUTHORITY.exec(prose)
  if (authority !== null) return { quoted: authority[0], isLeak: message.role !== 'user' && !knows(termOf(authority)) }
  const mention = MENTION.exec(prose)
  if (mention === null || message.role === 'user' || knows(termOf(mention))) return undefined
  return { quoted: mention[0], isLeak: false }
}

/** Which kinds of text a dialogue knows of by its tools, its users and its observations. Reads them once, if asked at all. */
export function nounsOf ({ messages }: Trajectory, toolText: () => string): (term: string) => boolean {
  let world: string | undefined
  return term => {
    world ??= [toolText(), ...messages.flatMap(({ role, content }) => role === 'user' || role === 'tool' ? [content] : [])].join('\n')
    return term === 'text' ? TEXTS_AT_HAND.test(world) : new RegExp(`(?<![a-z])${term.replace(' ', '[ _-]?')}${term.startsWith('source ') ? '|translat' : ''}`, 'i').test(world)
  }
}

/** The kind of text that is spoken of; a `source text` or `provided text` is more than a text. */
function termOf (found: RegExpExecArray): string {
  const noun = found.slice(1).find(one => one !== undefined)?.toLowerCase() ?? ''
  const [, adjective] = new RegExp(`\\b(source|given|provided|supplied|input) ${noun}\\b`, 'i').exec(found[0]) ?? []
  return adjective === undefined ? noun : `${adjective.toLowerCase()} ${noun}`
}
