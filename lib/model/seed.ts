import { hash } from 'node:crypto'
import type { OperatorContext } from '../engine/operator.js'

/**
 * The seed of a model call, 0 … 2³¹−1: hash of the document's content, the stage, the child and the attempt. The same text
 * asks with the same seed wherever and whenever it is met; a second attempt asks with another.
 */
export function seedOf ({ key, stage, id, attempt }: Pick<OperatorContext, 'key' | 'stage' | 'id' | 'attempt'>): number {
  const dot = id.indexOf('.')
  const child = dot === -1 ? '' : id.slice(dot)
  return hash('sha256', JSON.stringify([key, stage, child, attempt]), 'buffer').readUInt32LE(0) >>> 1
}
