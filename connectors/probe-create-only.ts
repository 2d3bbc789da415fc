import { randomUUID } from 'node:crypto'
import type { WritableStore } from '../lib/engine/connector.js'
import { GemlineError } from '../lib/engine/errors.js'

const RACERS = 2

/**
 * Finds out whether a store really refuses the second create of an object, one after the other and at once; some answer
 * 200 and replace it. Uses two random names below `prefix` and removes them.
 * Rejects with `store-unsafe` where it does not refuse, `store-failed` where the store cannot be written to.
 */
export async function probeCreateOnly (store: WritableStore, prefix: string): Promise<void> {
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const inOrder = `${base}probe-${randomUUID()}`
  const atOnce = `${base}probe-${randomUUID()}`
  try {
    await probeInOrder(store, inOrder)
    await probeAtOnce(store, atOnce)
  } finally {
    await Promise.allSettled([store.remove(inOrder), store.remove(atOnce)])
  }
}

async function probeInOrder (store: WritableStore, path: string): Promise<void> {
  const first = bytesOf('first')
  if (!await store.create(path, first)) throw unsafe(store, 'the first create of a new name was refused')
  if (await store.create(path, bytesOf('second'))) throw unsafe(store, 'the second create was not refused')
  await expectContent(store, path, [first])
}

async function probeAtOnce (store: WritableStore, path: string): Promise<void> {
  const bodies = Array.from({ length: RACERS }, (_, racer) => bytesOf(`racer ${racer}`))
  const won = await Promise.all(bodies.map(body => store.create(path, body)))
  const winners = bodies.filter((_, racer) => won[racer])
  if (winners.length !== 1) throw unsafe(store, `${winners.length} of ${RACERS} creates at once were accepted`)
  await expectContent(store, path, winners)
}

async function expectContent (store: WritableStore, path: string, [expected]: readonly Uint8Array[]): Promise<void> {
  const found = await store.read(path)
  if (expected === undefined || Buffer.compare(found, expected) !== 0) {
    throw unsafe(store, 'a refused create changed the object')
  }
}

function unsafe (store: WritableStore, reason: string): GemlineError {
  return new GemlineError('store-unsafe', `${store.url}: ${reason}; commits cannot be trusted there`)
}

function bytesOf (text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
