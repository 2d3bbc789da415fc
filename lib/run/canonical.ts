import { createHash } from 'node:crypto'

/** JSON with sorted keys and without undefined: equal values, equal text. */
export function canonicalJson (value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => isPlain(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => one < other ? -1 : 1))
    : inner)
}

/** sha256, hex. */
export function sha256 (data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function isPlain (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
