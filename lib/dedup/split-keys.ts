import { GemlineError } from '../engine/errors.js'
import type { KeyIndex } from './key-index.js'
import { positionOf } from './position.js'

/** A key with its place inside its split: rows count from the first of the split. */
export interface PlacedKey { readonly key: string, readonly row: number, readonly child: number }

/** The keys that records of one finished split own: what a later run must know to find duplicates of them. */
export interface SplitKeys { readonly texts: readonly PlacedKey[], readonly results: readonly PlacedKey[] }

const MAGIC = 'gemkeys1'
const HEADER = 16
/** 16 bytes of key, 3 of row, 1 of child. */
const ENTRY = 20

/** Packs keys at 20 bytes each. */
export function packSplitKeys ({ texts, results }: SplitKeys): Uint8Array {
  const bytes = Buffer.alloc(HEADER + ENTRY * (texts.length + results.length))
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt32LE(texts.length, 8)
  bytes.writeUInt32LE(results.length, 12)
  let at = HEADER
  for (const { key, row, child } of [...texts, ...results]) {
    bytes.write(key.slice(0, 32), at, 'hex')
    bytes.writeUIntLE(row, at + 16, 3)
    bytes.writeUInt8(child, at + 19)
    at += ENTRY
  }
  return bytes
}

/** Enters the keys of a finished split again; they stay its own. Throws `plan-invalid` naming `where` if the bytes are no key file. */
export function claimSplitKeys (packed: Uint8Array, indexes: { readonly texts?: KeyIndex, readonly results?: KeyIndex }, place: { readonly ordinal: number, readonly where: string }): void {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const count = bytes.length >= HEADER && bytes.toString('latin1', 0, 8) === MAGIC ? bytes.readUInt32LE(8) + bytes.readUInt32LE(12) : -1
  if (bytes.length !== HEADER + ENTRY * count) throw new GemlineError('plan-invalid', `${place.where} is no key file of gemline, or it is cut`)
  const texts = bytes.readUInt32LE(8)
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * ENTRY
    const position = positionOf(place.ordinal, bytes.readUIntLE(at + 16, 3), bytes.readUInt8(at + 19))
    const index = i < texts ? indexes.texts : indexes.results
    index?.own(bytes.toString('hex', at, at + 16), position)
  }
}
