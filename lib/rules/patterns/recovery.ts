import type { Rounds } from './rounds.js'

/** An error that is not overcome within so many rounds after its own is given up. */
const MAX_ROUNDS = 2

/**
 * Errors that were overcome: the same tool goes through later, or another one at once. Several errors of one tool in a row
 * are one.
 */
export function countRecoveries ({ rounds }: Rounds): number {
  const open = new Map<string, number>()
  let last: string | undefined
  let recoveries = 0
  const settle = (tool: string | undefined, round: number): void => {
    const since = tool === undefined ? undefined : open.get(tool)
    if (tool === undefined || since === undefined) return
    if (round - since <= MAX_ROUNDS) recoveries++
    open.delete(tool)
  }
  rounds.forEach(({ calls }, round) => {
    last = undefined
    for (const { site: { call, observation } } of calls) {
      if (observation?.kind === 'error') {
        open.set(call.name, round)
        last = call.name
        continue
      }
      settle(call.name, round)
      settle(last, round)
      last = undefined
    }
  })
  return recoveries
}
