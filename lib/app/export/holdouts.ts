import { hash } from 'node:crypto'
import { GemlineError } from '../../engine/errors.js'

/** A part of the rows that is kept out of training. */
export interface Holdout {
  readonly name: string
  /** Of all keys, between 0 and 1. */
  readonly share: number
}

/** Where everything goes that no holdout takes. */
export const TRAIN = 'train'

/** Reads `valid=0.02,test=0.01`. Throws `config-invalid`, naming the part that is wrong. */
export function parseHoldouts (text: string): readonly Holdout[] {
  const holdouts = text.split(',').filter(part => part.trim() !== '').map(part => {
    const [name = '', share = ''] = part.trim().split('=')
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(name) || name === TRAIN) throw wrong(part, 'a name is lower case letters, digits and _, and not train')
    if (!/^0?\.\d+$/.test(share)) throw wrong(part, 'write a share such as 0.02')
    return { name, share: Number(share) }
  })
  if (new Set(holdouts.map(({ name }) => name)).size !== holdouts.length) throw wrong(text, 'a name stands there twice')
  if (holdouts.reduce((sum, { share }) => sum + share, 0) >= 1) throw wrong(text, 'nothing is left for train')
  return holdouts
}

/**
 * Which part a key belongs to: by its hash alone, so that equal keys never part, whatever else is exported and in which
 * order. A share holds for the expected number of keys; of n keys the number has a deviation of √(n · share · (1 − share)).
 */
export function createSplitter (holdouts: readonly Holdout[]): (key: string) => string {
  return key => {
    let point = Number.parseInt(hash('sha256', `split\n${key}`).slice(0, 12), 16) / 2 ** 48
    for (const { name, share } of holdouts) {
      if (point < share) return name
      point -= share
    }
    return TRAIN
  }
}

function wrong (part: string, why: string): GemlineError {
  return new GemlineError('config-invalid', `--split ${part}: ${why}`)
}
