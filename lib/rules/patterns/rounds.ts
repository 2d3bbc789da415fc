import type { Trajectory } from '../../schema/trajectory.js'
import { callsByMessage } from '../context.js'
import type { CallSite } from '../rule.js'

/** A user turn and all that follows until the next one. */
export interface Round {
  readonly user: string
  /** Texts of the assistant, in order; the calls beside a text come with it. */
  readonly answers: ReadonlyArray<{ readonly text: string, readonly calls: readonly CallSite[] }>
  /** All calls of the round, in order. */
  readonly calls: readonly CallSite[]
}

/** A dialogue as rounds, with the system prompt. */
export interface Rounds {
  readonly system: string
  readonly rounds: readonly Round[]
}

/** Takes a dialogue apart into rounds. What the assistant says before the first user turn is left out. */
export function roundsOf ({ messages }: Trajectory, calls: readonly CallSite[]): Rounds {
  const sites = callsByMessage(calls)
  const rounds: Array<{ user: string, answers: Array<Round['answers'][number]>, calls: CallSite[] }> = []
  messages.forEach((message, index) => {
    if (message.role === 'user') rounds.push({ user: message.content, answers: [], calls: [] })
    const round = rounds.at(-1)
    if (message.role !== 'assistant' || round === undefined) return
    const made = sites.get(index) ?? []
    round.answers.push({ text: message.content, calls: made })
    round.calls.push(...made)
  })
  return { system: messages[0]?.role === 'system' ? messages[0].content : '', rounds }
}
