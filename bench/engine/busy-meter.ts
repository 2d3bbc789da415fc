/** Measures how many tasks are at work on average, from its making until the last one has started. */
export interface BusyMeter {
  start (): void
  end (): void
  /** Mean number of tasks at work; what happens after the last start does not count. */
  mean (): number
}

/** Makes a meter for so many tasks. `now` gives milliseconds. */
export function createBusyMeter (tasks: number, now: () => number = () => performance.now()): BusyMeter {
  const from = now()
  let last = from
  let busy = 0
  let started = 0
  let area = 0

  function count (): void {
    if (started === tasks) return
    const time = now()
    area += busy * (time - last)
    last = time
  }

  return {
    start () { count(); busy++; started++ },
    end () { count(); busy-- },
    mean: () => last === from ? 0 : area / (last - from)
  }
}
