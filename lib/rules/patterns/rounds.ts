import type { Trajectory } from '../../schema/trajectory.js'
import { callsByMessage } from '../context.js'
import { compoundsOf, foldOf } from '../grounding/text-forms.js'
import type { CallSite } from '../rule.js'

const MAX_TEXT = 50_000

/** A user turn and all that follows until the next one. */
export interface Round {
  readonly user: Spoken
  /** Texts of the assistant, in order; the calls beside a text come with it. */
  readonly answers: ReadonlyArray<{ readonly text: string, readonly calls: readonly CallSite[] }>
  /** All calls of the round, in order, each with what was answered. */
  readonly calls: ReadonlyArray<{ readonly site: CallSite, readonly answer: Spoken }>
}

/** What somebody said, by its words. */
export interface Spoken { readonly tokens: readonly string[] }

/** A dialogue as rounds, with the system prompt. */
export interface Rounds {
  readonly system: string
  readonly systemTokens: readonly string[]
  readonly rounds: readonly Round[]
}

/** Takes a dialogue apart into rounds. What the assistant says before the first user turn is left out. */
export function roundsOf ({ messages }: Trajectory, calls: readonly CallSite[]): Rounds {
  const sites = callsByMessage(calls)
  const rounds: Array<{ user: Spoken, answers: Array<Round['answers'][number]>, calls: Array<Round['calls'][number]> }> = []
  messages.forEach((message, index) => {
    if (message.role === 'user') rounds.push({ user: { tokens: tokensOf(message.content) }, answers: [], calls: [] })
    const round = rounds.at(-1)
    if (message.role !== 'assistant' || round === undefined) return
    const made = sites.get(index) ?? []
    round.answers.push({ text: message.content, calls: made })
    for (const site of made) round.calls.push({ site, answer: { tokens: tokensOf(site.observation?.content ?? '') } })
  })
  const system = messages[0]?.role === 'system' ? messages[0].content : ''
  return { system, systemTokens: tokensOf(system), rounds }
}

/** Joined words of a text, folded; single digits and short words say too little. */
export function tokensOf (text: string): string[] {
  return compoundsOf(text.slice(0, MAX_TEXT)).map(foldOf).filter(token => token.length >= 3 || /^\d\d|^[a-z]\d$|^\d[a-z]$/.test(token))
}
