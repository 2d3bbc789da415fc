import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const SEMI_SPACE_MB = 8
/** The young generation has two halves, and V8 counts both. */
const HELD_BYTES = 2 * SEMI_SPACE_MB * 2 ** 20
const LOOK_MS = 50

/**
 * Holds V8's young generation at two halves of 8 MB for the rest of the process. By itself it doubles, up to 48 MB on Node 20 and
 * more on later ones, but only in a run that is long enough: memory would hang on the length of the input (docs/benchmarks.md).
 * V8 reads the growth factor whenever it grows, so it can be set while it runs: one step from 1 to 8 MB, then none.
 */
export function holdYoungGeneration (): void {
  setFlagsFromString(`--semi-space-growth-factor=${SEMI_SPACE_MB}`)
  const timer = setInterval(() => {
    if (youngBytes() < HELD_BYTES) return
    setFlagsFromString('--semi-space-growth-factor=1')
    clearInterval(timer)
  }, LOOK_MS)
  timer.unref()
}

function youngBytes (): number {
  return getHeapSpaceStatistics().find(space => space.space_name === 'new_space')?.space_size ?? HELD_BYTES
}
