/** Whether a JSON value is an object: no array, not null. */
export function isObject (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text; undefined, which no JSON gives, for a text that is none. */
export function tryParseJson (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** JSON with sorted keys and without undefined: equal values, equal text. */
export function canonicalJson (value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => isObject(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => one < other ? -1 : 1))
    : inner)
}
