import '../../support/seed.js'
import fc from 'fast-check'
import t from 'tap'
import { createSplitter, parseHoldouts } from '../../../lib/app/export/holdouts.js'

t.test('shares -> as they are written', async t => {
  t.strictSame(parseHoldouts(''), [])
  t.strictSame(parseHoldouts('valid=0.02, test=.1,'), [{ name: 'valid', share: 0.02 }, { name: 'test', share: 0.1 }])
})

t.test('20,000 keys -> each part within four deviations of its share', async t => {
  const partOf = createSplitter(parseHoldouts('valid=0.02,test=0.1'))
  const counts: Record<string, number> = {}
  for (let at = 0; at < 20_000; at++) {
    const part = partOf(`key ${at}`)
    counts[part] = (counts[part] ?? 0) + 1
  }
  for (const [name, share] of [['valid', 0.02], ['test', 0.1], ['train', 0.88]] as const) {
    t.ok(Math.abs((counts[name] ?? 0) - 20_000 * share) < 4 * Math.sqrt(20_000 * share * (1 - share)), `${name}: ${counts[name]}`)
  }
})

t.test('a larger holdout -> it keeps what a smaller one had', async () => {
  const [small, large] = [createSplitter(parseHoldouts('valid=0.1')), createSplitter(parseHoldouts('valid=0.3'))]
  fc.assert(fc.property(fc.string(), key => small(key) !== 'valid' || large(key) === 'valid'))
})
