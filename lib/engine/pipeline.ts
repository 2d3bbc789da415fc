import type { Duplex } from 'node:stream'
import { pipeline as pipeStreams } from 'node:stream/promises'
import type { SettledItem, SourceItem } from './envelope.js'
import type { EventListener } from './event.js'
import { toDuplex, toHighland, type DoorOptions, type HighlandThrough } from './interop.js'
import { mapConcurrent } from './map-concurrent.js'
import type { Logger, Operator } from './operator.js'
import { createSettle, type Stage } from './settle.js'

/** How many records a stage takes at once, and how often it asks again. */
export interface StageOptions {
  /** Records in this stage at once; default no limit but the window's. */
  readonly concurrency?: number
  /** How often a malformed or cut answer is asked for again. Default 1. */
  readonly answerRetries?: number
  /** Whether what a record was when it ended here stays with its dead letter. Costs memory until it is written. Default no. */
  readonly keepInput?: boolean
}

/**
 * How many documents are under way at once, how many bytes of results may wait for their turn, and who is told of
 * events.
 */
export interface WindowOptions<Out> {
  readonly signal: AbortSignal
  /** Documents at work at once. Default 256. */
  readonly concurrency?: number
  /** Documents read but not yet handed on. Default 65,536: so far may the others run ahead of an old slow one. */
  readonly window?: number
  /** Bytes of finished results in memory; see mapConcurrent. Default 256 MiB. */
  readonly heldBytes?: number
  readonly sizeOf?: (item: SettledItem<Out>) => number
  readonly log?: Logger
  readonly onEvent?: EventListener
}

/** Members of a run before and after the window. Each takes and gives batches. */
export type Member<In, Out> = (items: AsyncIterable<readonly In[]>) => AsyncIterable<readonly Out[]>

/** What `run` ties together, top to bottom. */
export interface RunParts<In, Out> extends WindowOptions<Out> {
  readonly source: AsyncIterable<ReadonlyArray<SourceItem<In>>>
  /** Duplicates of texts, before any stage. */
  readonly seen?: Member<SourceItem<In>, SourceItem<In>>
  /** Duplicates of results, in order. */
  readonly dedup?: Member<SettledItem<Out>, SettledItem<Out>>
  readonly sink: (items: AsyncIterable<ReadonlyArray<SettledItem<Out>>>) => Promise<void>
}

/** A chain of operators, typed end to end. Immutable; it holds no stream and runs nothing until it is asked. */
export interface Pipeline<In, Out> {
  readonly stages: readonly Stage[]
  /** The same pipeline with one more stage. Throws if the name of the operator is taken. */
  through<Next> (operator: Operator<Out, Next>, options?: StageOptions): Pipeline<In, Next>
  /** Takes items through all stages, many at once, and gives their settlements in order. */
  window (options: WindowOptions<Out>): Member<SourceItem<In>, SettledItem<Out>>
  /** The whole run as one `pipeline()` of node:stream. Resolves when the sink is done; rejects with what ended the run. */
  run (parts: RunParts<In, Out>): Promise<void>
  /** The stages as a Duplex in object mode: values in, accepted values out, in order. */
  toDuplex (options?: DoorOptions): Duplex
  /** The stages for `stream.through()` of highland. */
  toHighland (options?: DoorOptions): HighlandThrough<In, Out>
}

/** Where every pipeline begins. */
export const Pipeline = {
  /** A pipeline without stages, for records of type `In`. */
  of<In> (): Pipeline<In, In> { return create<In, In>([]) }
}

const CONCURRENCY = 256
const WINDOW = 65_536

function create<In, Out> (stages: readonly Stage[]): Pipeline<In, Out> {
  const self: Pipeline<In, Out> = {
    stages,
    through<Next> (operator: Operator<Out, Next>, options: StageOptions = {}) {
      if (stages.some(stage => stage.operator.name === operator.name)) throw new TypeError(`two stages are named ${operator.name}; a name is unique in a pipeline`)
      return create<In, Next>([...stages, { operator: operator as Operator<unknown, unknown>, ...options }])
    },
    window: options => items => openWindow<In, Out>(stages, items, options),
    run: async parts => await run(self, parts),
    toDuplex: options => toDuplex(self, options),
    toHighland: options => toHighland(self, options)
  }
  return self
}

function openWindow<In, Out> (stages: readonly Stage[], items: AsyncIterable<ReadonlyArray<SourceItem<In>>>, options: WindowOptions<Out>): AsyncGenerator<ReadonlyArray<SettledItem<Out>>> {
  const { concurrency = CONCURRENCY, window = WINDOW, heldBytes, sizeOf, signal, log, onEvent } = options
  const settle = createSettle<In, Out>({ stages, log, onEvent })
  return mapConcurrent<SourceItem<In>, SettledItem<Out>>(
    items,
    (item, work) => item.kind === 'envelope' ? settle(item, work) : item,
    { concurrency, window, heldBytes, sizeOf, signal, onProgress: onEvent && (state => onEvent({ kind: 'window', ...state })) }
  )
}

async function run<In, Out> (self: Pipeline<In, Out>, parts: RunParts<In, Out>): Promise<void> {
  const seen = parts.seen ?? unchanged
  const dedup = parts.dedup ?? unchanged
  const window = self.window(parts)
  // The signal is not given to pipeline(): measured, it lets async generators run on to their end. The window ends them.
  await pipeStreams(
    parts.source,
    (items: AsyncIterable<ReadonlyArray<SourceItem<In>>>) => window(seen(items)),
    (items: AsyncIterable<ReadonlyArray<SettledItem<Out>>>) => dedup(items),
    parts.sink
  )
}

function unchanged<T> (items: AsyncIterable<readonly T[]>): AsyncIterable<readonly T[]> {
  return items
}
