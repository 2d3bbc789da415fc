import { RE2JS } from 're2js'

/** What tests strings against a model-written pattern. */
export interface LinearPattern {
  test (text: string): boolean
  /** The pattern itself: ajv tells patterns apart by it. */
  toString (): string
}

/** Runs model-written patterns in linear time and remembers those that it cannot run. */
export interface PatternEngine {
  /** Never throws: a pattern that cannot be run matches everything. */
  compile (pattern: string): LinearPattern
  readonly ignored: readonly string[]
}

const MAX_PATTERN_CHARACTERS = 400
const MAX_TEXT_CHARACTERS = 4_000
const MAX_PATTERNS = 100

/** `x{1000}` stands for a thousand states: a short pattern may be a large machine. */
const MAX_REPEATS = 1_000
const REPEAT = /\{(\d{1,9})(?:,(\d{0,9}))?\}/g

/** RE2JS takes `\k<name>` for letters instead of refusing it. */
const BACK_REFERENCE = /\\(?:k<|[1-9])/

/**
 * An engine for the patterns of one tool. RE2 knows neither look-around nor back-references, and repeats at most 1,000
 * times: such patterns are ignored, as are long ones and any after the hundredth; texts above 4,000 characters match.
 */
export function createPatternEngine (): PatternEngine {
  const known = new Map<string, LinearPattern>()
  const ignored: string[] = []
  const compile = (pattern: string): LinearPattern => {
    const machine = known.size < MAX_PATTERNS ? compileLinear(pattern) : undefined
    if (machine === undefined && ignored.length < MAX_PATTERNS) ignored.push(pattern.slice(0, MAX_PATTERN_CHARACTERS))
    return {
      test: text => machine === undefined || text.length > MAX_TEXT_CHARACTERS || machine.test(text),
      toString: () => pattern
    }
  }
  return {
    ignored,
    compile (pattern) {
      const linear = known.get(pattern) ?? compile(pattern)
      if (known.size < MAX_PATTERNS) known.set(pattern, linear)
      return linear
    }
  }
}

function compileLinear (pattern: string): RE2JS | undefined {
  if (pattern.length > MAX_PATTERN_CHARACTERS || BACK_REFERENCE.test(pattern) || repeatsOf(pattern) > MAX_REPEATS) return undefined
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern))
  } catch {
    return undefined
  }
}

function repeatsOf (pattern: string): number {
  let repeats = 0
  for (const [, least, most] of pattern.matchAll(REPEAT)) repeats += Number(most === undefined || most === '' ? least : most)
  return repeats
}
