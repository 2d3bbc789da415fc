import { hash } from 'node:crypto'

export { canonicalJson } from '../schema/json-value.js'

/** sha256, hex. */
export function sha256 (data: string | Uint8Array): string {
  return hash('sha256', data)
}
