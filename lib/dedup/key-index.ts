import { GemlineError } from '../engine/errors.js'

/** Which record owns a key: the one with the smallest position, never the first to arrive; one that is committed keeps it. */
export interface KeyIndex {
  /** Enters a key (hex, at least 32 digits) for a position and gives the position of its owner: its own, if it is no duplicate. */
  claim (key: string, position: number): number
  /** Enters the owner of a finished split. Nobody takes its key, not even a record that stands before it: it is committed. */
  own (key: string, position: number): void
  readonly keys: number
  /** Bytes of the table, as allocated. */
  readonly bytes: number
}

/** How many keys an index may hold, and who is told when it takes more memory. */
export interface KeyIndexOptions {
  /** Most keys; one more throws `dedup-full`. */
  readonly maxKeys: number
  /** Called whenever the table grows. */
  readonly onGrow?: (size: { readonly keys: number, readonly bytes: number }) => void
}

const WORDS = 4
const FIRST_CAPACITY = 1024
const MOST_FULL = 0.75
const FREE = -1
/** Owners that keep their key are held as this minus their position. */
const KEPT = -2

/**
 * Makes an index of 128-bit keys in typed arrays: open addressing, 24 bytes a slot, at most three quarters full, so 32 to
 * 64 bytes a key. Positions are integers from 0 up to 2⁵³−1. Throws `dedup-full` at the cap.
 */
export function createKeyIndex ({ maxKeys, onGrow }: KeyIndexOptions): KeyIndex {
  let table = allocate(FIRST_CAPACITY)
  let keys = 0

  function grow (): void {
    const old = table
    table = allocate(old.capacity * 2)
    for (let slot = 0; slot < old.capacity; slot++) {
      const owner = old.owners[slot] as number
      if (owner === FREE) continue
      const words = old.words.subarray(slot * WORDS, slot * WORDS + WORDS)
      const into = find(table, words)
      table.words.set(words, into * WORDS)
      table.owners[into] = owner
    }
    onGrow?.({ keys, bytes: bytesOf(table) })
  }

  function enter (key: string, owner: number): number {
    const words = wordsOf(key)
    const slot = find(table, words)
    const before = table.owners[slot] as number
    if (before <= KEPT) return KEPT - before
    if (before !== FREE) return (table.owners[slot] = owner <= KEPT ? owner : Math.min(before, owner))
    if (keys >= maxKeys) throw new GemlineError('dedup-full', `the index of duplicates holds ${keys} keys (${bytesOf(table)} bytes), which is its cap dedup.maxKeys`)
    table.words.set(words, slot * WORDS)
    table.owners[slot] = owner
    keys++
    if (keys > table.capacity * MOST_FULL) grow()
    return owner
  }

  return {
    get keys () { return keys },
    get bytes () { return bytesOf(table) },
    claim: enter,
    own: (key, position) => { enter(key, KEPT - position) }
  }
}

interface Table { readonly capacity: number, readonly words: Uint32Array, readonly owners: Float64Array }

function allocate (capacity: number): Table {
  return { capacity, words: new Uint32Array(capacity * WORDS), owners: new Float64Array(capacity).fill(FREE) }
}

function bytesOf (table: Table): number {
  return table.words.byteLength + table.owners.byteLength
}

/** The slot of the key, or the free one where it belongs. Keys are hashes already, so their first word is the hash. */
function find ({ capacity, words, owners }: Table, key: Uint32Array): number {
  for (let slot = (key[0] as number) & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
    if (owners[slot] === FREE) return slot
    const at = slot * WORDS
    if (words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3]) return slot
  }
}

const scratch = Buffer.alloc(WORDS * 4)
const scratchWords = new Uint32Array(scratch.buffer, scratch.byteOffset, WORDS)

/** Valid until the next call. */
function wordsOf (key: string): Uint32Array {
  if (scratch.write(key.slice(0, WORDS * 8), 'hex') !== WORDS * 4) throw new TypeError(`a key needs ${WORDS * 8} hex digits, got ${key}`)
  return scratchWords
}
