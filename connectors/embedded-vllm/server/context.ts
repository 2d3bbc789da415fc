import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TokenCounter } from '../../../lib/model/chat-model.js'
import type { Author } from '../author/port.js'
import type { Clock } from '../clock/clock.js'
import type { ParsedServerOptions } from '../options.js'
import type { Tally } from './stats.js'

/** What every handler needs of its server. */
export interface ServerContext {
  readonly options: ParsedServerOptions
  readonly author: Author
  readonly clock: Clock
  readonly tokens: TokenCounter
  readonly tally: Tally
  /** `gemline-embedded-<version>`: says in every answer that no language model wrote it. */
  readonly fingerprint: string
  /** Generating requests so far. */
  nextSequence (): number
}

/** One request being answered. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly body: unknown
  /** Aborted as soon as the client is gone. */
  readonly signal: AbortSignal
}

/** A whole answer: JSON, or plain text where `body` is a string. */
export interface Reply {
  readonly status: number
  readonly body: unknown
}

/** Gives a reply, or undefined where it has written to the response itself. */
export type Handler = (exchange: Exchange, context: ServerContext) => Reply | undefined | Promise<Reply | undefined>
