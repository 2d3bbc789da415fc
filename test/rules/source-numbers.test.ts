import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

function found (prompt: string, source: string | undefined): string[] {
  const trajectory = dialogue(prompt, [tool('find_order', 'Finds an order.', { order_id: string('Order') })]).user('Hello').call('find_order', { order_id: 'Hello' }, {}).say('Bye').end()
  return checkTrajectory(trajectory, { source }).findings.filter(({ rule }) => rule === 'source-numbers')
    .map(({ mode, message }) => `${mode} ${/says "(.*)", the source "(.*)"/.exec(message)?.slice(1).join(' | ') ?? message}`)
}

/** The paper's own example (appendix F): 100x160 and 80x180 became 100x150 and 60x70. */
const FRAMES = [
  {
    source: 'Plain glass: max size 100x160 cm. Non-glare glass: max size 80x180 cm. Frames are made to measure.',
    prompt: 'Maximum size for plain glass is 100x150 cm; for non-glare glass it is 60x70 cm.', found: ['report 100x150 cm | 100x160 cm', 'report 60x70 cm | 80x180 cm']
  },
  {
    source: 'We cut plain glass up to 100 x 160 and non-glare up to 80 x 180 cm.',
    prompt: '1. Standard: 100 × 150 cm.\n2. Museum: 60 × 70 cm.', found: ['report 100 × 150 cm | 100 x 160', 'report 60 × 70 cm | 80 x 180 cm']
  },
  {
    source: 'Plain glass is available to a maximum of 100x160cm and non-glare to a maximum of 80x180cm.',
    prompt: '| glass | max |\n| plain glass | 100x150 |\n| non-glare glass | 60x70 |', found: ['report 100x150 | 100x160cm', 'report 60x70 | 80x180cm']
  },
  {
    source: 'Plain glass up to 100 cm by 160 cm; non-glare up to 80 cm by 180 cm.',
    prompt: 'Plain glass: at most 100 cm by 160 cm. Non-glare glass: at most 80 cm by 180 cm.', found: []
  }
]

const SOURCE = 'Plain glass is cut up to 100 x 160 cm. Returns are accepted for 30 days after delivery. Delivery costs $12. A frame takes five working days. Deposits are 20 %. The workshop closes at 17:30. At most six frames fit into a parcel.'
const PROMPTS = [
  { prompt: 'Returns are accepted for 45 days after delivery.', found: ['report 45 days after | 30 days after'] },
  { prompt: 'Delivery costs $15.', found: ['report $15 | $12'] },
  { prompt: 'Delivery costs 15 dollars.', found: ['report 15 dollars | $12'] },
  { prompt: 'The deposit for deposits is 25 percent.', found: ['report 25 percent | 20 %'] },
  { prompt: 'A frame takes 7 days.', found: ['report 7 days | five working days'] },
  { prompt: 'The workshop closes at 6 pm.', found: ['report 6 pm | 17:30'] },
  { prompt: 'A parcel holds at most 8 frames.', found: ['report 8 frames | six frames fit'] },
  { prompt: 'Plain glass: at most 100x160 cm. Returns for 30 days. A frame takes 5 days. It closes at 5:30 pm.', found: [] },
  { prompt: 'At most 8 items fit into a cart. The shop opened in 1987, page 45, version 2.', found: [] },
  { prompt: 'Support answers within 7 hours.', found: [] },
  { prompt: 'Returns: 30 days after delivery; complaints about returns: 60 days.', found: [] },
  { prompt: '', found: [] }
]

t.test('limits of the paper\'s example, told in several ways -> found', t => {
  for (const { source, prompt, found: wanted } of FRAMES) t.same(found(prompt, source), wanted, prompt)
  t.end()
})

t.test('a system prompt beside its source -> contradicting limits are reported, others are not', t => {
  for (const { prompt, found: wanted } of PROMPTS) t.same(found(prompt, SOURCE), wanted, prompt)
  t.same(found('Delivery costs $15.', undefined), [])
  t.end()
})
