import { setMaxListeners } from 'node:events'
import { MinHeap } from '@datastructures-js/heap'
import { GemlineError } from './errors.js'
import { createSpill, type Spill, type SpillRef } from './spill.js'

/** Lets a task run parts of itself side by side, each in a place of the window. */
export interface Places {
  /** Takes a further place if one is free. */
  tryAcquire (): boolean
  release (): void
}

/** How much is worked on at once, and how much may wait behind it: the bounds that keep memory finite. */
export interface MapConcurrentOptions<Out> {
  /** Tasks at work at once, at least 1. */
  readonly concurrency: number
  /** Inputs taken but not yet handed on, at most; at least `concurrency`. */
  readonly window: number
  /** Bytes of finished outputs that may wait in memory; beyond, they wait in a temporary file. Default 256 MiB. */
  readonly heldBytes?: number
  /** Rough bytes of an output; without it nothing is counted or spilled. */
  readonly sizeOf?: (output: Out) => number
  /** Most outputs in a batch that is handed on. Default 256. */
  readonly batch?: number
  readonly signal: AbortSignal
  /** Told whenever outputs are handed on. */
  readonly onProgress?: (state: { readonly running: number, readonly held: number, readonly heldBytes: number }) => void
}

/** One input at work. `signal` aborts with the run, and when another task fails. */
export type Task<In, Out> = (input: In, work: { readonly signal: AbortSignal, readonly places: Places }) => Out | Promise<Out>

interface Held<Out> { readonly index: number, readonly bytes: number, readonly output: Out | undefined, readonly ref: SpillRef | undefined }

const HELD_BYTES = 2 ** 28
/** A source that never waits for I/O must let timers and sockets have a turn. */
const TURN_MS = 20
const COMPACT_AT = 8192
/** Outputs that nobody has taken yet; beyond, reading waits a turn, so that it cannot outrun a consumer only microtasks behind. */
const LEAD = 256

/**
 * Maps batches of inputs through a task, many at once, and hands the outputs on in the order of the inputs.
 *
 * Pulled: it starts with the first pull and reads no more than `window` inputs ahead of its consumer. An old slow task
 * holds nobody up: finished outputs wait in a heap, beyond `heldBytes` in a temporary file. When outputs could be handed on
 * and nobody takes them, nothing new is started once `heldBytes` is reached. A synchronous task costs no promise.
 *
 * Throws what a task or the source throws, or `run-cancelled` on abort, after all running tasks have ended.
 */
export async function * mapConcurrent<In, Out> (
  source: AsyncIterable<readonly In[]>, task: Task<In, Out>, options: MapConcurrentOptions<Out>
): AsyncGenerator<readonly Out[]> {
  const window = new Window(source[Symbol.asyncIterator](), task, options)
  try {
    for (let batch = await window.take(); batch !== undefined; batch = await window.take()) yield batch
  } finally {
    await window.stop()
  }
}

/** A class because all of this is one state: what has been taken, what runs, what is finished, what is handed on. */
class Window<In, Out> {
  readonly #source: AsyncIterator<readonly In[]>
  readonly #task: Task<In, Out>
  readonly #options: MapConcurrentOptions<Out>
  readonly #heldLimit: number
  readonly #size: number
  readonly #aborter = new AbortController()
  readonly #work: { readonly signal: AbortSignal, readonly places: Places }
  /** Finished, but something older is not. */
  readonly #waiting = new MinHeap<Held<Out>>(held => held.index)
  /** Finished and next in order. */
  #ready: Array<Held<Out>> = []
  #readyFrom = 0
  #inputs: readonly In[] = []
  #inputFrom = 0
  #taken = 0
  #inOrder = 0
  #handedOn = 0
  #running = 0
  #heldBytes = 0
  #memoryBytes = 0
  #fetching = false
  #exhausted = false
  #failure: { readonly error: unknown } | undefined
  #wake: (() => void) | undefined
  #spill: Spill | undefined
  #lastTurn = performance.now()
  readonly #onAbort = (): void => this.#fail(new GemlineError('run-cancelled', 'the run was stopped', { cause: this.#options.signal.reason }))

  constructor (source: AsyncIterator<readonly In[]>, task: Task<In, Out>, options: MapConcurrentOptions<Out>) {
    this.#source = source
    this.#task = task
    this.#options = options
    this.#heldLimit = options.heldBytes ?? HELD_BYTES
    this.#size = Math.max(options.window, options.concurrency)
    setMaxListeners(0, this.#aborter.signal)
    this.#work = { signal: this.#aborter.signal, places: { tryAcquire: () => this.#tryAcquire(), release: () => this.#release() } }
    if (options.signal.aborted) this.#onAbort()
    else options.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** The next outputs in order, as soon as there are any; undefined at the end. */
  async take (): Promise<readonly Out[] | undefined> {
    this.#startMore()
    for (;;) {
      if (this.#failure !== undefined && this.#running === 0) throw this.#failure.error
      if (this.#failure === undefined && this.#readyFrom < this.#ready.length) return this.#takeBatch()
      if (this.#failure === undefined && this.#done()) return undefined
      await this.#change()
    }
  }

  /** Ends what runs, waits for it, and lets go of the source. */
  async stop (): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    if (this.#failure === undefined && !this.#done()) this.#fail(new GemlineError('run-cancelled', 'the consumer stopped'))
    while (this.#running > 0) await this.#change()
    this.#spill?.close()
    // A source in the middle of a read ends by the signal; to wait for it here could be to wait for ever.
    const returned = this.#source.return?.()
    if (this.#fetching) returned?.catch(() => {})
    else await returned
  }

  #done (): boolean {
    return this.#exhausted && this.#inputFrom === this.#inputs.length && this.#handedOn === this.#taken
  }

  #change (): Promise<void> {
    return new Promise(resolve => { this.#wake = resolve })
  }

  #wakeUp (): void { this.#wake?.() }

  #mayStart (): boolean {
    if (this.#failure !== undefined || this.#running >= this.#options.concurrency) return false
    if (this.#taken - this.#handedOn >= this.#size) return false
    return this.#heldBytes < this.#heldLimit || this.#inOrder === this.#handedOn
  }

  #startMore (): void {
    while (this.#inputFrom < this.#inputs.length && this.#mayStart()) this.#start(this.#inputs[this.#inputFrom++] as In)
    if (this.#inputFrom === this.#inputs.length && !this.#exhausted && !this.#fetching && this.#mayStart()) this.#fetch()
    this.#wakeUp()
  }

  #fetch (): void {
    this.#fetching = true
    if (performance.now() - this.#lastTurn < TURN_MS && this.#ready.length - this.#readyFrom < LEAD) return this.#pull()
    setImmediate(() => {
      this.#lastTurn = performance.now()
      if (this.#failure === undefined) this.#pull()
    })
  }

  #pull (): void {
    this.#source.next().then(next => {
      this.#fetching = false
      if (next.done === true) this.#exhausted = true
      else this.#inputs = next.value
      this.#inputFrom = next.done === true ? this.#inputs.length : 0
      this.#startMore()
    }, error => {
      this.#fetching = false
      this.#exhausted = true
      this.#fail(error)
    })
  }

  #start (input: In): void {
    const index = this.#taken++
    let output: Out | Promise<Out>
    try {
      output = this.#task(input, this.#work)
      if (!(output instanceof Promise)) return this.#finish(index, output)
    } catch (error) {
      return this.#fail(error)
    }
    this.#running++
    output.then(value => this.#finish(index, value)).catch(error => this.#fail(error)).finally(() => this.#release())
  }

  #tryAcquire (): boolean {
    const free = this.#running < this.#options.concurrency
    if (free) this.#running++
    return free
  }

  #release (): void {
    this.#running--
    this.#startMore()
  }

  #finish (index: number, output: Out): void {
    if (this.#failure !== undefined) return
    const bytes = this.#options.sizeOf?.(output) ?? 0
    this.#heldBytes += bytes
    if (index !== this.#inOrder) {
      this.#waiting.push(this.#hold(index, bytes, output))
      return
    }
    this.#memoryBytes += bytes
    this.#ready.push({ index, bytes, output, ref: undefined })
    this.#inOrder++
    while (this.#waiting.top()?.index === this.#inOrder) {
      this.#ready.push(this.#waiting.pop() as Held<Out>)
      this.#inOrder++
    }
  }

  #hold (index: number, bytes: number, output: Out): Held<Out> {
    if (this.#memoryBytes + bytes > this.#heldLimit) {
      this.#spill ??= createSpill()
      return { index, bytes, output: undefined, ref: this.#spill.write(output) }
    }
    this.#memoryBytes += bytes
    return { index, bytes, output, ref: undefined }
  }

  #takeBatch (): readonly Out[] {
    const until = Math.min(this.#ready.length, this.#readyFrom + (this.#options.batch ?? 256))
    const outputs = this.#ready.slice(this.#readyFrom, until).map(held => this.#letGo(held))
    this.#handedOn += outputs.length
    this.#readyFrom = until
    if (this.#readyFrom === this.#ready.length || this.#readyFrom >= COMPACT_AT) {
      this.#ready = this.#ready.slice(this.#readyFrom)
      this.#readyFrom = 0
    }
    this.#options.onProgress?.({ running: this.#running, held: this.#ready.length - this.#readyFrom + this.#waiting.size(), heldBytes: this.#heldBytes })
    this.#startMore()
    return outputs
  }

  #letGo (held: Held<Out>): Out {
    this.#heldBytes -= held.bytes
    if (held.ref !== undefined) return (this.#spill as Spill).read(held.ref) as Out
    this.#memoryBytes -= held.bytes
    return held.output as Out
  }

  #fail (error: unknown): void {
    this.#failure ??= { error }
    this.#aborter.abort(error)
    this.#wakeUp()
  }
}
