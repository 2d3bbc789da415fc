import { hash } from 'node:crypto'
import { isObject } from '../schema/json-value.js'

/** JSON with sorted keys and without undefined: equal values, equal text. */
export function canonicalJson (value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => isObject(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => one < other ? -1 : 1))
    : inner)
}

/** sha256, hex. */
export function sha256 (data: string | Uint8Array): string {
  return hash('sha256', data)
}
