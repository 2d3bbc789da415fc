import { Readable } from 'node:stream'
import { GemlineError } from '../lib/engine/errors.js'
import type { ReadOptions } from '../lib/engine/connector.js'

/**
 * Compares two paths by their UTF-8 bytes, the order in which every store lists. JavaScript's own order differs above
 * U+FFFF.
 */
export function compareBytes (left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

/**
 * Holds a path to the rules of all stores: relative, parts divided by one `/`, none of them `.` or `..`, no backslash,
 * no NUL, well-formed. Gives the path. Throws `store-failed` otherwise, naming path and root.
 */
export function checkPath (path: string, root: string): string {
  const strict = path.includes('\\') || path.split('/').includes('')
  if (path !== '' && strict) throw notAllowed(path, root, 'it holds a backslash, starts or ends with /, or holds an empty part')
  return checkKey(path, root)
}

/** Holds the key of an object that exists already to what no store can do without: `a//b` and `a\b` may be read where they are. */
export function checkKey (path: string, root: string): string {
  const parts = path.split('/')
  if (path === '') throw notAllowed(path, root, 'it is empty')
  if (path.includes('\0')) throw notAllowed(path, root, 'it holds a NUL')
  if (parts.includes('.') || parts.includes('..')) throw notAllowed(path, root, 'it holds a part . or ..')
  if (/\p{Surrogate}/u.test(path)) throw notAllowed(path, root, 'it holds half a surrogate pair')
  return path
}

function notAllowed (path: string, root: string, reason: string): GemlineError {
  return new GemlineError('store-failed', `${root}: the path ${JSON.stringify(path)} is not allowed: ${reason}`)
}

/** Checks that a range goes forward from 0 on. Gives its start. Throws `store-failed` otherwise, naming `where`. */
export function checkRange ({ start = 0, end }: ReadOptions, where: string): number {
  const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
  if (whole(start) && (end === undefined || (whole(end) && end >= start))) return start
  throw new GemlineError('store-failed', `${where}: [${start}, ${end ?? 'end'}) is no range of bytes`)
}

/**
 * Bytes with a buffer of their own, since readers may hand the buffer on; not cleared.
 * Throws `store-failed` where there is not so much memory.
 */
export function makeBytes (length: number, where: string): Uint8Array {
  try {
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  } catch (thrown) {
    throw new GemlineError('store-failed', `${where}: ${length} bytes cannot be read at once`, { cause: thrown })
  }
}

/** The error for an object that ends before the range that was asked for does. */
export function tooShort (where: string, bytes: number, wanted: number): GemlineError {
  return new GemlineError('store-failed', `${where} has ${bytes} bytes, but byte ${wanted} was asked for`)
}

/** The error for an object that is no longer the one that was meant. */
export function objectChanged (where: string, expected: string | undefined, found?: string): GemlineError {
  const facts = found === undefined ? '' : `, found ${found}`
  return new GemlineError('object-changed', `${where} changed: expected etag ${expected ?? 'of the first read'}${facts}`)
}

/** The error for an object that is not there. */
export function objectMissing (where: string): GemlineError {
  return new GemlineError('object-missing', `${where} does not exist`)
}

/** Throws `run-cancelled`, or the GemlineError that the signal gives as its reason, once the signal is aborted. */
export function throwIfCancelled (signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted) throw cancelled(signal, where)
}

/** What to reject with after an abort. */
export function cancelled (signal: AbortSignal, where: string): GemlineError {
  const reason: unknown = signal.reason
  return reason instanceof GemlineError ? reason : new GemlineError('run-cancelled', `${where}: cancelled`, { cause: reason })
}

/** Lets go of a stream nobody will read on; its errors are nobody's any more. */
export function release (stream: Readable): void {
  stream.on('error', () => {}).destroy()
}

/** How a pulled stream gets its bytes and lets go of what they come from. */
export interface Pull {
  readonly where: string
  /** The next bytes, undefined at the end. Called once at a time. */
  next (): Promise<Uint8Array | undefined>
  /** Called exactly once, also where nothing was ever read. */
  close (): Promise<void>
  readonly signal?: AbortSignal
}

/** A byte stream that asks `next` only when its reader wants more. Ends with `run-cancelled` when the signal is aborted. */
export function pullReadable ({ where, next, close, signal }: Pull): Readable {
  const onAbort = (): void => { stream.destroy(cancelled(signal as AbortSignal, where)) }
  const stream = new Readable({
    read () {
      next().then(chunk => { this.push(chunk ?? null) }, (error: Error) => { this.destroy(error) })
    },
    destroy (error, done) {
      signal?.removeEventListener('abort', onAbort)
      close().then(() => done(error), () => done(error))
    }
  })
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return stream
}
