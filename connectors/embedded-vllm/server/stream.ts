import { splitPieces } from '../tokens.js'
import type { Exchange, ServerContext } from './context.js'
import type { Streaming } from './fields.js'
import { run, usageOf, type Generation } from './generate.js'
import type { Sequence } from './sequence.js'

/** A piece of an answer on its way. */
export interface StreamPiece { readonly kind: 'reasoning' | 'text', readonly text: string }

/** What differs between chat and completion streams. */
export interface StreamShape {
  readonly idPrefix: string
  readonly object: string
  readonly opening: ((index: number) => Record<string, unknown>) | undefined
  /** One choice of a chunk; `end` comes with the last piece. */
  readonly piece: (index: number, piece: StreamPiece, end: Sequence | undefined) => Record<string, unknown>
}

/** What a stream needs beside its sequences; `samples` is how many of them share a prompt. */
export interface StreamOptions {
  readonly exchange: Exchange
  readonly context: ServerContext
  readonly streaming: Streaming
  readonly shape: StreamShape
  readonly samples: number
}

/** Sends the sequences as server-sent events, token by token as the clock gives them, and `[DONE]` at the end. */
export async function stream (generation: Generation, options: StreamOptions): Promise<undefined> {
  const { exchange: { response, signal }, context, shape } = options
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const send = eventWriter(generation, options)
  generation.sequences.forEach((_, index) => { if (shape.opening !== undefined) send([shape.opening(index)]) })
  await Promise.all(generation.sequences.map(async (sequence, index) => {
    const teller = createTeller(sequence, { index, options, send, cut: generation.cut })
    await run(sequence, { signal, onTokens: teller }, context)
  }))
  if (options.streaming.stream_options?.include_usage === true) send([], usageOf(generation.sequences, options.samples))
  response.end('data: [DONE]\n\n')
}

type Send = (choices: ReadonlyArray<Record<string, unknown>>, usage?: unknown) => void

function eventWriter ({ id, created, model }: Generation, { exchange, context, shape }: StreamOptions): Send {
  const head = { id: `${shape.idPrefix}-${id}`, object: shape.object, created, model, system_fingerprint: context.fingerprint }
  return (choices, usage) => {
    exchange.response.write(`data: ${JSON.stringify(usage === undefined ? { ...head, choices } : { ...head, choices, usage })}\n\n`)
  }
}

interface TellerOptions { readonly index: number, readonly options: StreamOptions, readonly send: Send, readonly cut: boolean }

/** Turns "so many tokens are there" into events: the first token at once, then `stream_interval` at a time. */
function createTeller (sequence: Sequence, { index, options, send, cut }: TellerOptions): (produced: number) => void {
  const { context, streaming, shape, exchange } = options
  const pieces = piecesOf(sequence)
  const interval = Math.max(context.options.streamInterval, streaming.stream_interval ?? 1)
  // With a counter of one's own the pieces are not its tokens: their share of the whole is.
  const share = pieces.length / sequence.outputTokens
  let told = 0
  return produced => {
    const done = produced >= sequence.outputTokens
    const reach = done ? pieces.length : Math.floor(produced * share)
    if (cut && reach * 2 >= pieces.length) {
      exchange.response.socket?.destroy()
      return
    }
    const enough = done ? 1 : interval
    while (told < reach && (told === 0 || reach - told >= enough)) {
      const next = told === 0 ? 1 : Math.min(told + interval, reach)
      tell(pieces.slice(told, next), next === pieces.length)
      told = next
    }
  }

  function tell (group: readonly StreamPiece[], last: boolean): void {
    const reasoning = group.filter(piece => piece.kind === 'reasoning').map(piece => piece.text).join('')
    const text = group.filter(piece => piece.kind === 'text').map(piece => piece.text).join('')
    if (reasoning !== '') send([shape.piece(index, { kind: 'reasoning', text: reasoning }, last && text === '' ? sequence : undefined)])
    if (text !== '' || (last && reasoning === '')) send([shape.piece(index, { kind: 'text', text }, last ? sequence : undefined)])
  }
}

function piecesOf ({ reasoning, text }: Sequence): StreamPiece[] {
  const pieces: StreamPiece[] = []
  for (const piece of splitPieces(reasoning ?? '')) pieces.push({ kind: 'reasoning', text: piece })
  for (const piece of splitPieces(text)) pieces.push({ kind: 'text', text: piece })
  // An empty answer still ends with a chunk that says why.
  return pieces.length === 0 ? [{ kind: 'text', text: '' }] : pieces
}
