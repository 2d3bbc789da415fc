import { findPersonalData } from './find-personal-data.js'
import type { Finding, RedactedType } from './finding.js'
import { identityOf, startOf, surrogateOf } from './surrogates.js'

/** Replaces personal data and secrets in the parts of one document. */
export interface Redactor {
  /** The text with each value replaced; the very text if there is none. */
  redact (text: string): string
  /** How many places were replaced so far, by type. */
  readonly counts: Readonly<Partial<Record<RedactedType, number>>>
}

/** Tries to find a surrogate that the text does not have by itself. */
const MOST_TRIES = 8

/**
 * Makes the redactor of one document. `seed` is the document's key: the same document gets the same surrogates, whatever was
 * read before it. One value gets one surrogate in all its parts, different values different ones, as far as the reserved
 * ranges go (2,000 telephone numbers, 762 addresses of machines, 256 MAC addresses). Only what is in `types` is replaced.
 */
export function createRedactor (seed: string, types: ReadonlySet<RedactedType>): Redactor {
  const counts: Partial<Record<RedactedType, number>> = {}
  const indexes = new Map<string, number>()
  const next = new Map<RedactedType, number>()

  function replace ({ type, value }: Finding, text: string): string {
    const identity = `${type} ${identityOf(type, value)}`
    const known = indexes.get(identity)
    if (known !== undefined) return surrogateOf(type, value, { index: known, seed })
    let index = next.get(type) ?? startOf(seed, type)
    let surrogate = surrogateOf(type, value, { index, seed })
    for (let tries = 1; tries < MOST_TRIES && text.includes(surrogate); tries++) surrogate = surrogateOf(type, value, { index: ++index, seed })
    indexes.set(identity, index)
    next.set(type, index + 1)
    return surrogate
  }

  return {
    counts,
    redact (text) {
      const findings = findPersonalData(text, types)
      if (findings.length === 0) return text
      let redacted = ''
      let end = 0
      for (const finding of findings) {
        redacted += text.slice(end, finding.start) + replace(finding, text)
        end = finding.end
        counts[finding.type] = (counts[finding.type] ?? 0) + 1
      }
      return redacted + text.slice(end)
    }
  }
}
