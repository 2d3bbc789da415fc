import { toGemlineError } from './errors.js'

/** So many at once; the others wait in the order in which they came. */
export interface Limit {
  /** Runs the action now if there is room, else later; its place is free again when its result is there. */
  run<T> (action: () => T | Promise<T>): T | Promise<T>
  /** How many are in, and how many wait. */
  readonly inside: number
  readonly waiting: number
}

const COMPACT_AT = 256

/** Makes a limit. Who waits is bounded by who may ask: here by the places of the window. */
export function createLimit (most: number): Limit {
  const line: Array<() => void> = []
  let head = 0
  let inside = 0
  let calling = false

  /** A loop: who waited may be done at once, and a call within a call for each in line would use up the stack. */
  function leave (): void {
    inside--
    if (calling) return
    calling = true
    for (let next = takeNext(); next !== undefined; next = takeNext()) next()
    calling = false
  }

  function takeNext (): (() => void) | undefined {
    if (inside >= most || head === line.length) return undefined
    const next = line[head++]
    // A line that is never empty must not keep those who have left it.
    if (head === line.length || head >= COMPACT_AT) head -= line.splice(0, head).length
    return next
  }

  function enter<T> (action: () => T | Promise<T>): T | Promise<T> {
    inside++
    let result: T | Promise<T> | undefined
    try {
      result = action()
      return result instanceof Promise ? result.finally(leave) : result
    } finally {
      if (!(result instanceof Promise)) leave()
    }
  }

  return {
    get inside () { return inside },
    get waiting () { return line.length - head },
    run: action => inside < most
      ? enter(action)
      : new Promise((resolve, reject) => {
        line.push(() => { try { resolve(enter(action)) } catch (error) { reject(toGemlineError(error, 'operator-failed', 'limit')) } })
      })
  }
}
