import { ok, skip, warn, type Check } from './check.js'

const MOST_SECONDS = 60

/** Compares the clock of this machine with the `Date` of an answer; S3 refuses requests that are minutes off. */
export function compareClocks (check: string, header: string | null | undefined, now: Date): Check {
  const theirs = header === null || header === undefined ? NaN : Date.parse(header)
  if (Number.isNaN(theirs)) return skip(check, 'the server does not tell its time')
  const seconds = Math.round((now.getTime() - theirs) / 1000)
  const message = `this machine is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the server`
  return Math.abs(seconds) > MOST_SECONDS ? warn(check, message, 'Set the clock (NTP); S3 refuses requests that are minutes off, and times of the run would be wrong.') : ok(check, message)
}

/** The `Date` of a server's answer, whatever else it says; undefined where there is no answer. Follows no redirect. */
export async function readDate (url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, { method: 'GET', redirect: 'manual', signal })
    await response.body?.cancel()
    return response.headers.get('date') ?? undefined
  } catch {
    return undefined
  }
}
