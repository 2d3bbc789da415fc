import { emit, type Operator } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import { takeTurns, type BenchOptions, type Measure } from '../harness.js'
import { countSettled, makeBatches } from './records.js'

const OPERATORS = 6
const GOAL = 1_000_000

/**
 * Six synchronous operators that hand on what they get, source and settlement included, beside the same records through
 * six plain generators: what walking, identity and books cost. The goal is a million records a second.
 */
export async function * measureNoOps ({ quick }: BenchOptions): AsyncGenerator<Measure> {
  const records = quick ? 100_000 : 2_000_000
  await throughEngine(records / 10)
  await throughGenerators(records / 10)
  const { samples, ideal } = await takeTurns(() => throughEngine(records), () => throughGenerators(records), { rounds: quick ? 1 : 5 })
  yield { measure: 'six no-op operators; ideal: six plain generators', unit: 'records/s', samples, ideal }
  yield { measure: 'six no-op operators; ideal: the goal', unit: 'records/s', samples, ideal: GOAL }
}

async function throughEngine (records: number): Promise<number> {
  let pipeline = Pipeline.of<number>()
  for (let at = 0; at < OPERATORS; at++) pipeline = pipeline.through(noOp(`no-op-${at}`))
  const window = pipeline.window({ signal: new AbortController().signal })
  const start = performance.now()
  const { accepted } = await countSettled(window(makeBatches(records, sequence => sequence)))
  return perSecond(accepted, records, start)
}

/** One object a record would be too little for identity and outcome, so the values go as they are: as fast as it could be. */
async function throughGenerators (records: number): Promise<number> {
  let values: Iterable<number> = count(records)
  for (let at = 0; at < OPERATORS; at++) values = handOn(values)
  const start = performance.now()
  let accepted = 0
  for (const value of values) accepted += value >= 0 ? 1 : 0
  return perSecond(accepted, records, start)
}

function noOp (name: string): Operator<number, number> {
  return { name, process: value => emit(value) }
}

function * count (records: number): Generator<number> {
  for (let at = 0; at < records; at++) yield at
}

function * handOn (values: Iterable<number>): Generator<number> {
  for (const value of values) yield value
}

function perSecond (accepted: number, records: number, start: number): number {
  const seconds = (performance.now() - start) / 1000
  if (accepted !== records) throw new Error(`${accepted} of ${records} records came through`)
  return records / seconds
}
