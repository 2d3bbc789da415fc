import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from './harness.js'

const run = promisify(execFile)
const WATCH_MS = 50

/**
 * Runs a script of this folder in a process of its own, for what one process cannot measure twice, and gives what it told
 * with `report`. Rejects if it failed; the message holds what it wrote on stderr.
 */
export async function runChild<T> (script: URL, args: readonly string[]): Promise<T> {
  const { stdout } = await run(process.execPath, [fileURLToPath(script), ...args], { maxBuffer: 1 << 20 })
  return JSON.parse(stdout) as T
}

/** Hands a result on to the process that called `runChild`. */
export function report (result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

/**
 * Most bytes that this process ever had in memory. On Linux from the kernel's own high-water mark: what `resourceUsage`
 * gives there holds the parent's memory of the moment of the fork.
 */
export function peakMemoryBytes (): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  const mark = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return Number(mark?.[1]) * 1024
}

/**
 * Looks at the memory of this process every 50 ms from now on and gives the median when asked. A peak is the more of an
 * outlier the longer a process lives, as the garbage collector comes when it likes; the median is what it needs.
 */
export function watchMemory (): () => number {
  const seen = [process.memoryUsage.rss()]
  setInterval(() => seen.push(process.memoryUsage.rss()), WATCH_MS).unref()
  return () => median(seen)
}

/** How much more the second is than the first, in percent of the first. */
export function percentMore (first: number, second: number): number {
  return (second / first - 1) * 100
}
