// Catches: work that grows with the square of what was said, by the time limit of a test file; each case would take minutes. Says
// nothing of how fast the rule is.
import t from 'tap'
import { createBasis } from '../../../lib/rules/grounding/basis.js'
import { classify } from '../../../lib/rules/grounding/classify.js'
import { checkTrajectory } from '../../../lib/rules/index.js'
import { dialogue, list, string, tool, type Dialogue } from '../../support/dialogue.js'

const CHARACTERS = 200_000
const fill = (part: string): string => part.repeat(Math.ceil(CHARACTERS / part.length)).slice(0, CHARACTERS)
const count = (most: number, write: (index: number) => string): string => Array.from({ length: most }, (_, index) => write(index)).join(' ')

const TEXTS: Readonly<Record<string, string>> = {
  'one word again and again': fill('the the '), 'one letter': fill('a'), digits: fill('1'), 'single digits': fill('1 '), 'digits and hyphens': fill('1-'), 'letters and dots': fill('a.'),
  'signs alone': fill('@'), brackets: fill('1('), quotes: fill('"'), 'keys without values': fill('"a": '), 'broken lists of ids': fill('id: [1, '), 'JSON escapes': `["${fill('\\u00e9')}"]`,
  'scripts that meet': fill('订单A1'), 'many numbers': count(20_000, index => `${index}.25`), 'many ids': count(16_000, index => `ORD-${100_000 + index}`), 'many dates': count(18_000, index => `2025-0${index % 9 + 1}-1${index % 10}`),
  'many todays': fill('today is 2025-03-10 '), 'many stretches': count(10_000, index => `${index % 900 + 1} days before next Friday`), 'many times': fill('5 minutes 1:00 '), 'many mails': fill('a@b.co ')
}
const VALUES: ReadonlyArray<readonly [string, unknown]> = [
  ['order_id', 'ORD-99'], ['note', 'the '.repeat(300)], ['total', 12_345.67], ['date', '2031-05-06T11:12'], ['phone', '+15550107788'], ['password', 'a#b c1'], ['email', 'x@y.example'], ['iban', 'NO9386011117947'], ['id', 'a1'.repeat(32)], ['user_id', 'a_a_a'], ['x', fill('a ')], ['y', fill('1')], ['z', fill('@')]]

t.test('a text of 200,000 characters and any value -> classed, in time linear in the text', t => {
  for (const [title, text] of Object.entries(TEXTS)) {
    const basis = createBasis()
    basis.add(text, 'observation')
    for (const [name, value] of VALUES) t.type(classify({ name, value, path: '' }, basis).class, 'string', `${title}: ${name}`)
  }
  t.end()
})

t.test('thousands of values, thousands of calls and thousands of made-up ids -> looked at up to the bounds', t => {
  const tools = [tool('look', 'Looks.', { 'ids?': list(string('Id'), 'Ids'), 'note?': string('Note') })]
  const ids = (from: number, most: number): string[] => Array.from({ length: most }, (_, index) => `ORD-${from + index}`)
  const start = (): Dialogue => dialogue('You help.', tools).user('Look.')
  const made = start().call('look', { ids: ids(10_000, 4_000) }, { ids: ids(10_000, 4_000) }).call('look', { ids: ids(10_000, 4_000) }, {}).say('Done.').end()
  const { findings } = checkTrajectory(made)
  t.equal(findings.length, 100)
  const texts = Array.from({ length: 600 }, (_, index) => ids(index * 20 + 10_000, 20).join(' '))
  t.same(checkTrajectory(start().call('look', { ids: texts }, { ids: fill('ORD-1 ') }).call('look', { note: 'a' }, {}).say('Done.').end()).grounding, { unexplained: 600, choice: 1 })
  const said = dialogue('You help.', tools).user(ids(10_000, 4_000).join(', ')).call('look', { ids: ids(10_000, 4_000) }, {}).call('look', { ids: ids(10_000, 10) }, {}).say('Done.').end()
  t.same(checkTrajectory(said).grounding, { user: 3_000 })
  let many = start()
  for (let call = 0; call < 600; call++) many = many.call('look', { note: `note ${call} of many` }, { ids: ids(call * 100, 20) })
  t.same(checkTrajectory(many.say('Done.').end()).grounding, { choice: 600 })
  t.end()
})
