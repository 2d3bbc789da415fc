/**
 * A JSON value as Python's `json.dumps(value, ensure_ascii=False)` writes it: a blank after `,` and `:`, small numbers with an
 * exponent of two digits. Trainers read calls and tools and write them anew like this, so a text that is to be equal to theirs
 * must be written so. Recursive: the caller bounds the depth.
 */
export function toPythonJson (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toPythonJson).join(', ')}]`
  if (typeof value === 'number') return toPythonNumber(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${toPythonJson(entry)}`).join(', ')}}`
}

/** Whole numbers are integers to Python too; below 0.0001 it writes an exponent where JavaScript begins at 0.000001. */
function toPythonNumber (value: number): string {
  const text = JSON.stringify(value)
  const isTiny = Math.abs(value) < 1e-4 && !Number.isInteger(value)
  return isTiny ? value.toExponential().replace(/e-(\d)$/, 'e-0$1') : text
}
