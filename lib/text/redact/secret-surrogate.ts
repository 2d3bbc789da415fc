import { ISSUER } from './secrets.js'

/** From so many characters on a secret is a token, and its surrogate is as long; a shorter one is a password. */
const LEAST_TOKEN = 16
const MOST_TOKEN = 64
const PASSWORDS = 9000

/**
 * A secret that says that it is none: the beginning that its issuer gives, then `EXAMPLE` and as many characters as the value
 * had, at most 64; `Example-4711` for a password; `example:Example-4711` for a name with its password.
 */
export function secretSurrogate (value: string, { index, filler }: { readonly index: number, readonly filler: string }): string {
  const password = `Example-${1000 + index % PASSWORDS}`
  const [, user] = /^([^:\s]{0,64}):[^:\s]*$/.exec(value) ?? []
  if (user !== undefined && !/^\d+$/.test(user)) return `${user === '' ? '' : 'example'}:${password}`
  if (value.length < LEAST_TOKEN) return password
  const issuer = ISSUER.exec(value)?.[0] ?? ''
  return `${issuer}EXAMPLE${filler}`.slice(0, Math.min(MOST_TOKEN, Math.max(value.length, LEAST_TOKEN)))
}
