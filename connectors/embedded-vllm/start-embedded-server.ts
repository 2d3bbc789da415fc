import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeAnswer } from './author/write-answer.js'
import type { Clock } from './clock/clock.js'
import { createFixedClock } from './clock/fixed-clock.js'
import { createNoDelayClock } from './clock/no-delay-clock.js'
import { embeddedServerOptionsSchema, type EmbeddedServerOptions, type ParsedServerOptions } from './options.js'
import type { ServerContext } from './server/context.js'
import { handle } from './server/router.js'
import { createTally, type ServerStats } from './server/stats.js'
import { pieceCounter } from './tokens.js'

/** A server that listens. */
export interface EmbeddedServer {
  /** `http://127.0.0.1:<port>`, without `/v1` and without a slash at its end. */
  readonly url: string
  readonly port: number
  stats (): ServerStats
  /** Empties the books; what runs goes on. */
  reset (): void
  /** Breaks every open connection and resolves when the port is free. */
  close (): Promise<void>
}

/**
 * Starts an HTTP server with vLLM's surface whose answers are written by rules. It is no language model and says so: `owned_by`,
 * `system_fingerprint` and `/version` name it. Listens on loopback unless told otherwise.
 * Throws a ZodError for wrong options; rejects with Node's error if it cannot listen.
 */
export async function startEmbeddedServer (options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const context = createContext(embeddedServerOptionsSchema.parse(options))
  const server = createServer({ keepAliveTimeout: 5000, noDelay: true }, (request, response) => { handle(request, response, context) })
  server.maxRequestsPerSocket = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(context.options.port, context.options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  const host = context.options.host.includes(':') ? `[${context.options.host}]` : context.options.host
  return {
    url: `http://${host}:${port}`, port,
    stats: () => context.tally.snapshot(),
    reset: () => context.tally.reset(),
    async close () {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    }
  }
}

function createContext (options: ParsedServerOptions): ServerContext {
  let sequence = 0
  return {
    options,
    author: writeAnswer,
    clock: createClock(options),
    tokens: options.tokens ?? pieceCounter,
    tally: createTally(options.countBodies, () => performance.now()),
    fingerprint: `gemline-embedded-${packageVersion()}`,
    nextSequence: () => sequence++
  }
}

function createClock ({ clock }: ParsedServerOptions): Clock {
  if (clock === 'none') return createNoDelayClock()
  return 'schedule' in clock ? clock : createFixedClock(clock)
}

/** The version stands in package.json alone, two or three folders up: sources and `dist/` lie at different depths. */
function packageVersion (): string {
  for (const above of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(above, import.meta.url), 'utf8')) as { name?: string, version?: string }
      if (name === 'gemline' && version !== undefined) return version
    } catch {
      continue
    }
  }
  return 'unknown'
}
