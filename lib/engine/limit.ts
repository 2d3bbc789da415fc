import { toGemlineError } from './errors.js'

/** So many at once; the others wait in the order in which they came. */
export interface Limit {
  /** Runs the action now if there is room, else later; its place is free again when its result is there. */
  run<T> (action: () => T | Promise<T>): T | Promise<T>
  /** How many are in, and how many wait. */
  readonly inside: number
  readonly waiting: number
}

/** Makes a limit. Who waits is bounded by who may ask: here by the places of the window. */
export function createLimit (most: number): Limit {
  const line: Array<() => void> = []
  let head = 0
  let inside = 0

  function leave (): void {
    inside--
    if (head === line.length) return
    const next = line[head++] as () => void
    if (head === line.length) { line.length = 0; head = 0 }
    next()
  }

  function enter<T> (action: () => T | Promise<T>): T | Promise<T> {
    inside++
    let result: T | Promise<T>
    try {
      result = action()
    } catch (error) {
      leave()
      throw error
    }
    if (result instanceof Promise) return result.finally(leave)
    leave()
    return result
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
