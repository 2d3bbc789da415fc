import t from 'tap'
import { checkTrajectory, modesOf, PROFILES, RULES } from '../../lib/rules/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'
import { allTrajectories } from '../support/trajectories.js'

/** Names of the rules that spell out each of the paper's six checks. */
const PAPER: Readonly<Record<number, readonly string[]>> = {
  1: ['tool-definition', 'tool-name-unique'], 2: ['call-tool-known'], 3: ['argument-name', 'argument-required'], 4: ['argument-type'],
  5: ['turn-empty', 'turn-order', 'call-observation', 'observation-structure'], 6: ['tags-unclosed']
}

t.test('rules -> the paper\'s by its six checks, before ours', t => {
  const byCheck = Object.fromEntries([1, 2, 3, 4, 5, 6].map(check => [check, RULES.filter(({ paper }) => paper === check).map(({ name }) => name)]))
  t.same(byCheck, PAPER)
  const first = RULES.findIndex(({ paper }) => paper === undefined)
  t.ok(RULES.slice(first).every(({ paper }) => paper === undefined))
  t.ok(RULES.findLastIndex(({ mode }) => mode === 'drop') < RULES.findIndex(({ mode }) => mode === 'report'))
  t.end()
})

t.test('profiles -> paper drops by the six checks and has everything else off, default has every rule in its own mode', t => {
  const names = Object.values(PAPER).flat()
  t.same(PROFILES.paper, Object.fromEntries(RULES.map(({ name }) => [name, names.includes(name) ? 'drop' : 'off'])))
  t.same(PROFILES.default, Object.fromEntries(RULES.map(({ name, mode }) => [name, mode])))
  t.end()
})

t.test('modes -> those of the profile, single ones set otherwise', t => {
  t.same(modesOf('paper'), PROFILES.paper)
  t.same(modesOf('paper', { 'calls-too-few': 'report', 'turn-order': undefined }), { ...PROFILES.paper, 'calls-too-few': 'report' })
  t.same(modesOf('default', { language: 'off' }), { ...PROFILES.default, language: 'off' })
  t.end()
})

const TOOLS = [tool('find_order', 'Finds an order.', { order_id: string('Order') })]
const OURS_BROKEN = dialogue('Orders, as described in the article.', TOOLS).user('...').call('find_order', { order_id: 'ORD-9999' }, 'Here you are, all of it.').say('It costs $77. I have cancelled it.').end()

t.test('profile paper -> nothing of ours is found or computed', t => {
  t.same(checkTrajectory(OURS_BROKEN, { profile: 'paper', source: 'Orders cost $20.' }), { findings: [], grounding: {}, patterns: {} })
  const { findings } = checkTrajectory(OURS_BROKEN, { source: 'Orders cost $20.' })
  t.same(findings.map(({ rule }) => rule), ['calls-too-few', 'observation-unstructured', 'meta-leak', 'grounding', 'text-ungrounded', 'write-unbacked'])
  for (const trajectory of allTrajectories(14, 3)) t.same(checkTrajectory(trajectory, { profile: 'paper' }), { findings: [], grounding: {}, patterns: {} })
  t.end()
})

t.test('profile paper with a rule of ours set -> that one too', t => {
  const { findings, grounding } = checkTrajectory(OURS_BROKEN, { profile: 'paper', rules: { grounding: 'report', 'calls-too-few': 'drop' } })
  t.same(findings.map(({ rule, mode }) => `${rule} ${mode}`), ['calls-too-few drop', 'grounding report'])
  t.same(grounding, { unexplained: 1 })
  t.end()
})
