/// <reference types="highland" />
import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import { Duplex, Readable, Writable, finished } from 'node:stream'
import type { Envelope, Settlement, SettledItem, SourceItem } from './envelope.js'
import { toGemlineError } from './errors.js'
import type { Pipeline, WindowOptions } from './pipeline.js'

/** How a pipeline stands in somebody else's job. */
export interface DoorOptions extends Partial<Omit<WindowOptions<unknown>, 'signal'>> {
  readonly signal?: AbortSignal
  /** Identity of a value; default its number, and a hash of its JSON. Equal keys ask a model with equal seeds. */
  readonly identify?: (value: unknown, sequence: number) => { readonly id: string, readonly key: string }
  /** Told of every settlement, dropped and rejected records among them; without it only the accepted ones are seen. */
  readonly onSettled?: (settlement: Settlement<unknown>) => void
}

/** What `stream.through()` of highland takes. */
export type HighlandThrough<In, Out> = (source: Highland.Stream<In>) => Highland.Stream<Out>

/** Records of a source, one by one, as a Readable in object mode. Rows that are no record are told to `onSettled`. */
export function toReadable<T> (batches: AsyncIterable<ReadonlyArray<SourceItem<T>>>, onSettled?: (settlement: Settlement<never>) => void): Readable {
  return Readable.from(records())

  async function * records (): AsyncGenerator<T> {
    for await (const batch of batches) {
      for (const item of batch) {
        if (item.kind === 'envelope') yield item.value
        else if (item.kind === 'settlement') onSettled?.(item)
        else if (item.error !== undefined) throw item.error
      }
    }
  }
}

/** Something that takes batches of records and is closed or given up once. Every ShardWriter is one. */
export interface BatchWriter {
  write (records: readonly object[]): Promise<void>
  close (): Promise<unknown>
  abort (): Promise<void>
}

/** A writer of batches as a Writable in object mode, one record at a time; what queues up is written as one batch. Destroyed before its end, the writer is given up. */
export function toWritable (writer: BatchWriter): Writable {
  let closed = false
  return new Writable({
    objectMode: true,
    highWaterMark: 256,
    write (record: object, _encoding, done) { writer.write([record]).then(() => done(), done) },
    writev (chunks, done) { writer.write(chunks.map(({ chunk }) => chunk as object)).then(() => done(), done) },
    final (done) { writer.close().then(() => { closed = true; done() }, done) },
    destroy (error, done) { closed ? done(error) : writer.abort().then(() => done(error), () => done(error)) }
  })
}

/** See Pipeline.toDuplex. Ends with the error that ended the run; a destroyed Duplex stops its tasks. */
export function toDuplex<In, Out> (pipeline: Pipeline<In, Out>, options: DoorOptions = {}): Duplex {
  const through = valuesThrough(pipeline, options)
  const stopped = new AbortController()
  const door = Duplex.from(async function * (values: AsyncIterable<In>) { yield * through(values, stopped.signal) })
  const close = door._destroy.bind(door)
  // A generator that awaits its tasks hears of a destroy only when they are done: minutes, for calls of a model.
  door._destroy = (error, done) => {
    stopped.abort()
    close(error, done)
  }
  return door
}

/** See Pipeline.toHighland. By itself highland ends its sink normally after an error; here the error goes on, and the source is let go. */
export function toHighland<In, Out> (pipeline: Pipeline<In, Out>, options: DoorOptions = {}): HighlandThrough<In, Out> {
  const highland = createRequire(import.meta.url)('highland') as HighlandStatic
  const through = valuesThrough(pipeline, options)
  return source => {
    const failed: unknown[] = []
    const input = source.stopOnError(error => { failed.push(error) }).toNodeStream({ objectMode: true }) as Readable
    const stopped = new AbortController()
    const output = Readable.from(through(untilFailed<In>(input, failed), stopped.signal))
    return highland<Out>(output, (stream, done) => {
      finished(stream, error => done(error ?? undefined))
      return { onDestroy: () => { stopped.abort(); output.destroy(); input.destroy(); source.destroy() } }
    })
  }
}

interface HighlandStatic {
  <R>(source: Readable, onFinished: (stream: Readable, done: (error?: Error) => void) => { onDestroy: () => void }): Highland.Stream<R>
}

/** highland ends normally where an error stopped it: this throws it instead. */
async function * untilFailed<T> (input: Readable, failed: readonly unknown[]): AsyncGenerator<T> {
  yield * input as AsyncIterable<T>
  if (failed.length > 0) throw toGemlineError(failed[0], 'operator-failed', 'the highland stream before this one')
}

function valuesThrough<In, Out> (pipeline: Pipeline<In, Out>, options: DoorOptions): (values: AsyncIterable<In>, destroyed: AbortSignal) => AsyncGenerator<Out> {
  const { identify = byNumber, onSettled } = options
  return async function * (values, destroyed) {
    const signal = options.signal === undefined ? destroyed : AbortSignal.any([options.signal, destroyed])
    const window = pipeline.window({ window: 4096, ...options, signal })
    for await (const batch of window(wrap(values, identify)) as AsyncIterable<ReadonlyArray<SettledItem<Out>>>) {
      for (const item of batch) {
        if (item.kind !== 'settlement') continue
        onSettled?.(item)
        for (const { value } of item.accepted) yield value
      }
    }
  }
}

async function * wrap<In> (values: AsyncIterable<In>, identify: NonNullable<DoorOptions['identify']>): AsyncGenerator<Array<Envelope<In>>> {
  let sequence = 0
  for await (const value of values) {
    const origin = { source: 'stream', path: '-', rowGroup: 0, row: sequence }
    yield [{ kind: 'envelope', ...identify(value, sequence), sequence, split: 'stream', origin, value }]
    sequence++
  }
}

function byNumber (value: unknown, sequence: number): { id: string, key: string } {
  try {
    return { id: String(sequence), key: hash('sha256', JSON.stringify(value) ?? '') }
  } catch (error) {
    throw toGemlineError(error, 'record-invalid', `record ${sequence} of the stream has no JSON form; give options.identify`)
  }
}
