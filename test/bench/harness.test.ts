import fc from 'fast-check'
import t from 'tap'
import { percentMore } from '../../bench/child.js'
import { createBusyMeter } from '../../bench/engine/busy-meter.js'
import { makeDurations } from '../../bench/engine/long-tail.js'
import { createRandom, describeMachine, median, takeTurns, toResult, type Machine } from '../../bench/harness.js'
import { tableHead, toRow } from '../../bench/table.js'

const MACHINE: Machine = { cpu: 'test', cores: 2, memoryGB: 8, node: 'v20', platform: 'linux-x64' }

t.test('values -> the middle one; no values -> an error', t => {
  for (const { values, is } of [{ values: [3, 1, 2], is: 2 }, { values: [4, 1, 3, 2], is: 2.5 }, { values: [7], is: 7 }]) {
    t.equal(median(values), is, String(values))
  }
  t.throws(() => median([]), TypeError)
  fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), values => {
    const middle = median(values)
    const below = values.filter(value => value < middle).length
    const above = values.filter(value => value > middle).length
    return below <= values.length / 2 && above <= values.length / 2
  }))
  t.end()
})

t.test('a measure -> one object with the issue\'s keys, the ideal and the ratio to it', t => {
  const shared = { bench: 'engine', measure: 'm', unit: 'records/s', machine: MACHINE }
  const cases = [
    {
      measure: { samples: [9, 10, 12], ideal: [20, 21, 10] },
      is: { value: 10, ideal: 20, ratio: 0.5, samples: [9, 10, 12], spread: { min: 9, max: 12 } }
    },
    { measure: { samples: [5], ideal: 10 }, is: { value: 5, ideal: 10, ratio: 0.5, samples: [5], spread: { min: 5, max: 5 } } },
    { measure: { samples: [5], ideal: 0 }, is: { value: 5, ideal: 0, ratio: null, samples: [5], spread: { min: 5, max: 5 } } },
    { measure: { samples: [5] }, is: { value: 5, ideal: null, ratio: null, samples: [5], spread: { min: 5, max: 5 } } }
  ]
  for (const { measure, is } of cases) {
    t.strictSame(toResult('engine', { measure: 'm', unit: 'records/s', ...measure }, MACHINE), { ...shared, ...is })
  }
  t.end()
})

t.test('a result -> a row under the head, with the ideal beside it', t => {
  const row = toRow(toResult('engine', { measure: 'no-ops', unit: 'records/s', samples: [1_500_000, 1_400_000, 2_000_000], ideal: 3_000_000 }, MACHINE))
  t.match(row, /^no-ops +1,500,000 +3,000,000 +0\.500 +1,400,000 \.\. 2,000,000 {2}records\/s$/)
  t.equal(tableHead().length, row.length - 'records/s'.length + 'unit'.length)
  t.match(toRow(toResult('engine', { measure: 'alone', unit: '%', samples: [0.25] }, MACHINE)), /^alone +0\.25 +- +- +one sample {2}%$/)
  t.end()
})

t.test('measure and ideal -> taken in turns', async t => {
  const taken: string[] = []
  const turns = await takeTurns(() => { taken.push('A'); return taken.length }, async () => { taken.push('B'); return taken.length }, { rounds: 3 })
  t.equal(taken.join(' '), 'A B A B A B')
  t.strictSame(turns, { samples: [1, 3, 5], ideal: [2, 4, 6] })
})

t.test('tasks that start and end -> mean at work until the last start', t => {
  let time = 100
  const meter = createBusyMeter(3, () => time)
  t.equal(meter.mean(), 0)
  const at = (ms: number, action: () => void): void => { time = ms; action() }
  at(100, meter.start)
  at(110, meter.start)
  at(130, meter.end)
  at(140, meter.start)
  at(500, meter.end)
  at(900, meter.end)
  t.equal(meter.mean(), (1 * 10 + 2 * 20 + 1 * 10) / 40, 'the time after the last start does not count')
  t.end()
})

t.test('durations -> the shares that the measure says, the same on every call', t => {
  const plain = makeDurations(20_000, false)
  const share = plain.filter(ms => ms === 100).length / plain.length
  t.ok(share > 0.045 && share < 0.055, `${share} are long`)
  t.ok(plain.every(ms => ms === 5 || ms === 100))
  t.equal(makeDurations(20_000, true).filter(ms => ms === 2000).length, 40)
  t.strictSame(makeDurations(20_000, true), makeDurations(20_000, true))
  t.end()
})

t.test('seed -> numbers in [0, 1), the same row each time', t => {
  const row = (seed: number): number[] => Array.from({ length: 1000 }, createRandom(seed))
  t.strictSame(row(1), row(1))
  t.notSame(row(1), row(2))
  t.ok(row(3).every(value => value >= 0 && value < 1))
  t.ok(Math.abs(row(4).reduce((sum, value) => sum + value, 0) / 1000 - 0.5) < 0.05)
  t.end()
})

t.test('this machine -> described by what every figure needs', t => {
  t.match(describeMachine(), { cpu: String, cores: Number, memoryGB: Number, node: /^v\d+/, platform: /^\w+-\w+$/ })
  t.equal(percentMore(200, 210).toFixed(6), '5.000000')
  t.end()
})
