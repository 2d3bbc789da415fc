import { GemlineError } from '../lib/engine/errors.js'
import type { ServerAddress } from './vllm-http.js'

/**
 * Reads the URL of a server, with or without `/v1` at its end; user and password in it become basic authentication.
 * Throws `config-invalid`, with nothing secret in the message.
 */
export function parseAddress (url: string, apiKey?: string): ServerAddress {
  const parsed = parseUrl(url)
  const { username, password } = parsed
  const prefix = parsed.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')
  const basic = username === '' ? undefined : Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  const secrets = [apiKey, basic, password, decodeURIComponent(password)].filter(secret => secret !== undefined && secret !== '') as string[]
  return {
    origin: parsed.origin, prefix, url: parsed.origin + prefix,
    headers: authorization(apiKey, basic),
    redact: text => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
  }
}

function parseUrl (url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new GemlineError('config-invalid', 'the URL of a model server must begin with http:// or https:// and name a host')
}

function authorization (apiKey: string | undefined, basic: string | undefined): Record<string, string> {
  if (apiKey !== undefined && apiKey !== '') return { authorization: `Bearer ${apiKey}` }
  return basic === undefined ? {} : { authorization: `Basic ${basic}` }
}
