import { ACCOUNT_PATTERNS } from './accounts.js'
import { CONTACT_PATTERNS } from './contacts.js'
import { findValues, REDACTED_TYPES, type Finding, type RedactedType } from './finding.js'
import { findPhones } from './phones.js'
import { SECRET_PATTERNS } from './secrets.js'

const PATTERNS = [...SECRET_PATTERNS, ...ACCOUNT_PATTERNS, ...CONTACT_PATTERNS]

/**
 * Finds personal data and secrets of these types, in order of place; none lies over another. Values that are reserved for
 * documentation and fiction, and those that are nobody's, are not found. Linear in the text. Measured in docs/privacy.md.
 */
export function findPersonalData (text: string, types: ReadonlySet<RedactedType>): readonly Finding[] {
  const found: Finding[] = []
  for (const pattern of PATTERNS) if (types.has(pattern.type)) found.push(...findValues(text, pattern))
  if (types.has('phone')) found.push(...findPhones(text))
  return found.length < 2 ? found : withoutOverlaps(found)
}

/** Of two that lie over one another the one whose type comes first in `REDACTED_TYPES` stays. */
function withoutOverlaps (found: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = []
  for (const finding of [...found].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const last = kept.at(-1)
    if (last === undefined || last.end <= finding.start) kept.push(finding)
    else if (rankOf(finding) < rankOf(last)) kept[kept.length - 1] = finding
  }
  return kept
}

function rankOf ({ type }: Finding): number {
  return REDACTED_TYPES.indexOf(type)
}
