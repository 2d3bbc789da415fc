import { setImmediate as turn } from 'node:timers/promises'
import type { Split } from '../lib/engine/connector.js'
import { createLeast } from '../lib/engine/least.js'
import { throwIfCancelled } from './read-splits.js'
import { createRowHashes } from './split-id.js'

/** How many rows are drawn, in how many draws, and what decides which. */
export interface DrawOptions {
  /** Below the number of rows there are. */
  readonly rows: number
  /** Draws of a unit; each takes its share of the rows. */
  readonly groups: number
  readonly seed: number
}

/** Row groups [first, last) of a list that are drawn as one, and how many of their rows are taken. */
export interface Unit {
  readonly first: number
  readonly last: number
  readonly take: number
}

/**
 * Decides how many rows are taken from where, given the rows of each row group in a fixed order. The rows, numbered
 * through, are cut into `groups` zones of equal length; a random row of each zone draws the unit that it lies in, and each
 * draw takes an equal share of the rows, fractions rounded by one common random offset. So units are drawn with probability
 * proportional to their rows and from all parts of the corpus, the takes add up to exactly `rows`, and each row is taken
 * with the same probability (two stages, the first stratified and proportional to size; Cochran, Sampling Techniques, ch. 11).
 *
 * A unit is a row group, or neighbours put together until no draws can ask for more rows than there are. All units come,
 * in order, those without a take too. Time and memory depend on the number of row groups and draws alone.
 */
export function drawUnits (sizes: readonly number[], { rows, groups, seed }: DrawOptions): Unit[] {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const draws = Math.min(groups, rows)
  const share = rows / draws
  // Zones that touch a unit of L rows: at most L * draws / total + 2. They take at most that many shares, and 1 for rounding.
  const units = putTogether(sizes, Math.ceil((2 * share + 1) / (1 - rows / total)))
  const offset = uniform([seed, 'offset'])
  let unit = 0
  let end = units[0]?.rows ?? 0
  for (let draw = 0; draw < draws; draw++) {
    const row = (draw + uniform([seed, 'draw', draw])) * (total / draws)
    while (row >= end && unit + 1 < units.length) end += (units[++unit] as OpenUnit).rows
    const drawn = units[unit] as OpenUnit
    drawn.take += Math.floor((draw + 1) * share + offset) - Math.floor(draw * share + offset)
  }
  return units.map(({ first, last, take }) => ({ first, last, take }))
}

/** The rows that are taken of each split of a unit, ascending: those with the smallest hashes of seed and place. Rejects with `run-cancelled`. */
export async function chooseRows (splits: readonly Split[], { take, seed }: { readonly take: number, readonly seed: number }, signal: AbortSignal): Promise<number[][]> {
  const chosen = createLeast<RankedRow>(take, (one, other) => one.rank - other.rank || one.at - other.at || one.row - other.row)
  for (const [at, { source, path, rowGroup, from, to }] of splits.entries()) {
    const rankOf = createRanks([seed, source, path, rowGroup])
    for (let row = from; row < to; row++) {
      if (row % TURN_ROWS === 0) {
        await turn()
        throwIfCancelled(signal)
      }
      chosen.offer({ rank: rankOf(row), at, row })
    }
  }
  const rows: number[][] = splits.map(() => [])
  for (const { at, row } of chosen.sorted()) rows[at]?.push(row)
  return rows.map(list => list.sort((one, other) => one - other))
}

/** Rows that are hashed before others have a turn. */
const TURN_ROWS = 16_384

interface RankedRow { readonly rank: number, readonly at: number, readonly row: number }

interface OpenUnit { readonly first: number, last: number, rows: number, take: number }

/** Neighbours of fewer than `least` rows become one; what is left over at the end joins the last. */
function putTogether (sizes: readonly number[], least: number): OpenUnit[] {
  const units: OpenUnit[] = []
  for (const [at, size] of sizes.entries()) {
    const open = units.at(-1)
    if (open !== undefined && open.rows < least) {
      open.rows += size
      open.last = at + 1
    } else units.push({ first: at, last: at + 1, rows: size, take: 0 })
  }
  const [before, last] = units.slice(-2)
  if (before === undefined || last === undefined || last.rows >= least) return units
  before.rows += last.rows
  before.last = last.last
  return units.slice(0, -1)
}

/** A number from 0 to below 1, the same for the same values. */
function uniform (values: readonly [number, string, draw?: number]): number {
  const [seed, purpose, draw = 0] = values
  return fractionOf(createRowHashes([seed, purpose])(draw))
}

/** A number from 0 to below 1 for each row, asked for in order: five of them are made of the bits of one hash. */
function createRanks (shared: ReadonlyArray<string | number>): (row: number) => number {
  const hashOf = createRowHashes(shared)
  let last = -1
  let digest = ''
  return row => {
    const block = Math.floor(row / RANKS)
    if (block !== last) digest = hashOf(block)
    last = block
    return fractionOf(digest, row % RANKS)
  }
}

/** Numbers of 48 bits that a sha256 has room for. */
const RANKS = 5

/** 48 bits of a hash, its first or a later part of them, as a number from 0 to below 1. */
function fractionOf (digest: string, part = 0): number {
  return Number.parseInt(digest.slice(part * 12, part * 12 + 12), 16) / 2 ** 48
}
