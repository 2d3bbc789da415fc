// Catches: a rule that misses what is broken by construction, and a rule that drops what is valid. Cannot show that
// what models break in other ways is found, nor how often valid dialogues of a model are dropped.
import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { createChance } from '../support/dialogue.js'
import { MUTATORS } from '../support/mutators.js'
import { allTrajectories, LONG_TRAJECTORIES, SCENARIOS } from '../support/trajectories.js'

const SEED = 20_260_115
const CASES_PER_MUTATOR = 30
const POOL = allTrajectories(140, SEED)

t.test('286 valid trajectories of 14 scenarios and 6 long ones -> none has a finding that drops', t => {
  const trajectories = allTrajectories(280, 4711)
  const dropped = trajectories.flatMap((trajectory, index) => checkTrajectory(trajectory).findings.map(finding => ({ index, ...finding })))
  t.same(dropped, [])
  t.equal(Object.keys(SCENARIOS).length, 14)
  t.ok(LONG_TRAJECTORIES.every(({ messages }) => messages.length >= 20))
  t.end()
})

t.test('valid trajectories broken in one way, seeded -> each is found by the rule that it breaks', t => {
  const chance = createChance(SEED)
  const missed: unknown[] = []
  const rows: string[] = []
  let cases = 0
  for (const { name, rule, mutate } of MUTATORS) {
    const tally = { cases: 0, alone: 0 }
    for (let tries = 0; tries < CASES_PER_MUTATOR * 20 && tally.cases < CASES_PER_MUTATOR; tries++) {
      const index = chance.integer(0, POOL.length - 1)
      const broken = mutate(POOL[index] as never, chance)
      if (broken === undefined) continue
      const rules = new Set(checkTrajectory(broken).findings.map(finding => finding.rule))
      tally.cases++
      if (!rules.has(rule)) missed.push({ name, index, rules: [...rules], broken: JSON.stringify(broken).slice(-1500) })
      else if (rules.size === 1) tally.alone++
    }
    cases += tally.cases
    rows.push(`${name}: ${tally.cases} cases, ${tally.alone} found by ${rule} alone`)
    t.ok(tally.cases >= CASES_PER_MUTATOR, `${name} has ${tally.cases} cases`)
  }
  for (const row of rows) t.comment(row)
  t.comment(`${cases} cases in all, ${missed.length} missed`)
  t.same(missed, [])
  t.ok(cases >= 1_000, `${cases} cases`)
  t.end()
})
