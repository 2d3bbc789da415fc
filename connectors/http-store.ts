import type { Dispatcher } from 'undici'
import { Agent } from 'undici'
import type { ByteStore, ObjectInfo } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'
import { DEFAULT_BACK_OFF, type BackOff } from './back-off.js'
import { requestRange, statUrl, type HttpClient } from './http-client.js'
import { readRange, streamRange, type RangedObject } from './ranged-read.js'
import { checkPath, compareBytes, objectMissing, throwIfCancelled } from './store-support.js'

/** How an HTTP server is read. */
export interface HttpStoreOptions {
  /** The files that `list` gives, below the base URL: HTTP itself has no listing. */
  readonly files?: readonly string[]
  /** Sent with every request, to the host of the base URL only. Never printed. */
  readonly headers?: Readonly<Record<string, string>>
  readonly backOff?: Partial<BackOff>
  readonly dispatcher?: Dispatcher
}

/**
 * The files below a URL, for reading, by requests for ranges. The etag is the server's, else made of Last-Modified and
 * length. Connections that break, 408, 429 and 5xx are tried again. Follows no redirect to another host.
 * Throws `config-invalid` for a URL with credentials, a query or a fragment.
 */
export function createHttpStore (baseUrl: string | URL, options: HttpStoreOptions = {}): ByteStore {
  const base = checkBase(baseUrl)
  const url = base.href.replace(/\/$/, '')
  const client: HttpClient = {
    dispatcher: options.dispatcher ?? new Agent({ connections: 32, headersTimeout: 60_000, bodyTimeout: 60_000 }),
    headers: options.headers ?? {},
    backOff: { ...DEFAULT_BACK_OFF, ...options.backOff }
  }
  const stat = async (path: string, signal?: AbortSignal): Promise<ObjectInfo | undefined> => {
    const found = await statUrl(client, placeOf(base, path), signal)
    return found === undefined ? undefined : { path, ...found }
  }
  return {
    url,
    stat,
    list: (prefix, signal) => listFiles({ url, files: options.files, stat }, prefix, signal),
    read: async (path, range = {}) => await readRange(objectAt(client, placeOf(base, path)), range),
    stream: async (path, range = {}) => await streamRange(objectAt(client, placeOf(base, path)), range)
  }
}

function checkBase (baseUrl: string | URL): URL {
  if (!URL.canParse(String(baseUrl))) throw new GemlineError('config-invalid', 'the address of an HTTP source is no URL')
  const base = new URL(baseUrl)
  const where = `${base.protocol}//${base.host}${base.pathname}`
  if (!/^https?:$/.test(base.protocol)) throw new GemlineError('config-invalid', `${where}: only http and https can be read`)
  if (base.username !== '' || base.password !== '') {
    throw new GemlineError('config-invalid', `${where}: a URL may not hold a user name or password`)
  }
  if (base.search !== '' || base.hash !== '') {
    throw new GemlineError('config-invalid', `${where}: a URL may not hold a query or fragment, since it would be printed and logged`)
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

function placeOf (base: URL, path: string): URL {
  const escaped = checkPath(path, base.href).split('/').map(encodeURIComponent).join('/')
  return new URL(base.href + escaped)
}

function objectAt (client: HttpClient, place: URL): RangedObject {
  return {
    where: place.href,
    backOff: client.backOff,
    request: range => requestRange(client, place, range),
    async stat (signal) {
      const found = await statUrl(client, place, signal)
      if (found === undefined) throw objectMissing(place.href)
      return found
    }
  }
}

interface Listing {
  readonly url: string
  readonly files: readonly string[] | undefined
  readonly stat: ByteStore['stat']
}

async function * listFiles ({ url, files, stat }: Listing, prefix: string, signal?: AbortSignal): AsyncGenerator<ObjectInfo> {
  if (files === undefined) throw new GemlineError('source-missing', `${url}: HTTP has no listing; name the files one by one`)
  for (const path of files.filter(file => file.startsWith(prefix)).sort(compareBytes)) {
    throwIfCancelled(signal, url)
    const info = await stat(path, signal)
    if (info === undefined) throw objectMissing(`${url}/${path}`)
    yield info
  }
}
