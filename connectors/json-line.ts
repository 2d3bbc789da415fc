/**
 * A record as one JSON line with its line feed. U+2028 and U+2029 are escaped: valid in JSON, but line breaks to some
 * readers. Keys stand in the order of the object.
 */
export function toJsonLine (record: object): string {
  return `${JSON.stringify(record).replace(LINE_SEPARATORS, escape)}\n`
}

/** A value as it stands in a JSON line. */
export function toJson (value: unknown): string {
  return JSON.stringify(value).replace(LINE_SEPARATORS, escape)
}

const LINE_SEPARATORS = /[\u2028\u2029]/g

function escape (separator: string): string {
  return separator === '\u2028' ? '\\u2028' : '\\u2029'
}
