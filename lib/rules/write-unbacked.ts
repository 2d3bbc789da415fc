import { callsByMessage } from './context.js'
import { backs, deedOf, type Deed } from './deeds.js'
import { effectOfCall, succeeded } from './effects.js'
import { quote, type CallSite, type Finding, type Rule } from './rule.js'
import { withoutCode, withoutQuotes } from './texts.js'

/** Participles of what only a tool can have done. */
const DONE = 'activated|added|applied|approved|archived|assigned|blocked|booked|cancell?ed|changed|charged|closed|created|credited|deactivated|deleted|disabled|e-?mailed|enabled|enrolled|exchanged|extended|filed|' +
  'initiated|issued|locked|merged|moved|notified|opened|ordered|paid|placed|posted|processed|published|purchased|rebooked|redeemed|refunded|registered|released|removed|renamed|renewed|rescheduled|' +
  'reserved|reset|restarted|restored|saved|scheduled|sent|submitted|subscribed|suspended|transferred|unlocked|updated|upgraded|uploaded|waived|withdrawn'
/** Where names, descriptions and answers speak of the same. */
const STEM = new RegExp('(?<![a-z])(?:re|de|un)?(activat|add|appl|approv|archiv|assign|block|book|cancel|chang|charg|clos|creat|credit|delet|disabl|e-?mail|enabl|enrol|exchang|extend|fil(?:e|ing)|' +
  'initiat|issu|lock|merg|mov|notif|open|order|pa(?:y|id)|plac|post|process|publish|purchas|deem|fund|regist|releas|nam|new|schedul|serv|set|start|stor|' +
  'sav|sen[dt]|submit|subscri|suspend|transfer|updat|upgrad|upload|waiv|withdr|confirm|complet)', 'g')
const ADVERBS = '(?:(?:now|just|already|successfully|also|then) ){0,2}'
const SUBJECTS = '(?:booking|reservation|appointment|order|payment|transfer|request|cancellation|refund|registration|return|change)s?'
/** `I have cancelled …`, `I've now sent …`; `Your booking has been confirmed`, `your order is now cancelled`. */
const CLAIM = new RegExp(`\\b(?:I|we)(?:['’]ve| have) ${ADVERBS}(${DONE})\\b|` +
  `\\byour (?:[\\w-]{1,30} ){1,5}(?:has|have) ${ADVERBS}been ${ADVERBS}(${DONE}|confirmed)\\b|` +
  `\\byour ${SUBJECTS} (?:is|are) (?:now |successfully )?(${DONE}|confirmed|complete)\\b`, 'gi')
/** Before a claim in its sentence: it is none. */
const NOT_CLAIMED = /\b(?:if|once|when|whenever|after|before|until|unless|as soon as|whether|assuming|would|could|should|will|not|never|think|believe|see|shows?|says?|told|ask|that)\b[^.!?;\n]*$|n['’]t\b[^.!?;\n]*$/i

/** What was done so far, as the dialogue goes on. */
interface Deeds {
  /** Kinds of the calls that went through since the user last spoke and may have written; undefined is of any kind. */
  readonly done: Array<Deed | undefined>
  /** Stems of what writing calls are for and of what answers say, so far. */
  readonly told: Set<string>
}

/**
 * What the assistant says it has done, a tool has done: a call of that kind (see `deeds.ts`) went through since the user last
 * spoke, or one before it, or an answer, is about that very thing. Reported only. Beyond the paper; its R2 asks a model the same.
 */
export const writeUnbacked: Rule = {
  name: 'write-unbacked',
  mode: 'report',
  check: ({ messages }, { calls }) => {
    const deeds: Deeds = { done: [], told: new Set() }
    const sites = callsByMessage(calls)
    return messages.flatMap((message, index): Finding[] => {
      if (message.role === 'user') deeds.done.length = 0
      if (message.role !== 'assistant') return []
      for (const site of sites.get(index) ?? []) remember(site, deeds)
      const claim = claimsOf(message.content).find(({ verb }) => !isBacked(verb, deeds))
      return claim === undefined ? [] : [{ rule: 'write-unbacked', message: `no call backs ${quote(claim.quoted)}`, where: { message: index } }]
    })
  }
}

function isBacked (verb: string, { done, told }: Deeds): boolean {
  const claimed = deedOf(verb)
  return done.some(deed => backs(deed, claimed)) || stemsOf(verb).some(stem => told.has(stem))
}

function remember (site: CallSite, deeds: Deeds): void {
  if (!succeeded(site)) return
  const { call, tool, observation } = site
  const spoken = effectOfCall(site) === 'reads' ? '' : `${call.name} ${tool?.definition.description ?? ''}`.slice(0, 1_000)
  if (spoken !== '') deeds.done.push(spoken.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[^A-Za-z]+/).map(deedOf).find(deed => deed !== undefined))
  for (const stem of stemsOf(`${spoken} ${observation?.content.slice(0, 20_000) ?? ''}`)) deeds.told.add(stem)
}

function stemsOf (text: string): string[] {
  return [...text.toLowerCase().matchAll(STEM)].map(([, stem = '']) => stem.replace('sent', 'send').replace('paid', 'pay'))
}

interface Claim { readonly quoted: string, readonly verb: string }

function claimsOf (content: string): Claim[] {
  if (!/\b(?:I|we)(?:['’]ve| have)|\byour /i.test(content)) return []
  const prose = withoutQuotes(withoutCode(content))
  return [...prose.matchAll(CLAIM)].flatMap(match => {
    const before = prose.slice(Math.max(0, match.index - 120), match.index)
    const [after = ''] = /^[^.!?\n]{0,120}[.!?\n]?/.exec(prose.slice(match.index + match[0].length, match.index + match[0].length + 121)) ?? []
    if (NOT_CLAIMED.test(before) || after.endsWith('?')) return []
    return [{ quoted: match[0], verb: match[1] ?? match[2] ?? match[3] ?? '' }]
  })
}
