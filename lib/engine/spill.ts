import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GemlineError } from './errors.js'

/** Where a spilled value lies in the file: its first byte and how many. */
export interface SpillRef { readonly offset: number, readonly bytes: number }

/** A temporary file for values that wait long: written rarely, read back once. */
export interface Spill {
  write (value: unknown): SpillRef
  read (ref: SpillRef): unknown
  close (): void
}

/**
 * Opens a spill file in the system's temporary folder; it is unlinked at once where the system allows, so that no crash
 * leaves it behind. Values go through JSON. Throws `store-failed` when the disk is full.
 */
export function createSpill (folder: string = tmpdir()): Spill {
  const path = join(folder, `gemline-spill-${randomUUID()}`)
  const file = guard(path, () => openSync(path, 'wx+', 0o600))
  const unlinked = tryUnlink(path)
  let end = 0
  return {
    write (value) {
      const bytes = Buffer.from(JSON.stringify(value))
      guard(path, () => { for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, end + at) })
      const ref = { offset: end, bytes: bytes.length }
      end += bytes.length
      return ref
    },
    read ({ offset, bytes }) {
      const buffer = Buffer.allocUnsafe(bytes)
      guard(path, () => { for (let at = 0; at < bytes;) at += readSome(file, buffer, { at, bytes, offset }) })
      return JSON.parse(buffer.toString())
    },
    close () {
      closeSync(file)
      if (!unlinked) tryUnlink(path)
    }
  }
}

function readSome (file: number, buffer: Buffer, { at, bytes, offset }: SpillRef & { readonly at: number }): number {
  const read = readSync(file, buffer, at, bytes - at, offset + at)
  if (read === 0) throw new Error(`the file ends before byte ${offset + bytes}`)
  return read
}

function guard<T> (path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw new GemlineError('store-failed', `${path}: ${(error as Error).message}; what has to wait goes there`, { cause: error })
  }
}

function tryUnlink (path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch {
    return false
  }
}
