import fc from 'fast-check'
import t from 'tap'
import { fitLabel, labelWidth } from '../../../lib/app/report/label-width.js'

t.test('labels -> whole where they fit, else their beginning and …', async t => {
  const cases = [
    { text: 'search', wanted: 'search' },
    { text: 'computers_and_electronics', wanted: 'computers_and_elect…' },
    { text: 'iiiiiiiiiiiiiiiiiiiiiiiii', wanted: 'iiiiiiiiiiiiiiiiiiiiiiiii' },
    { text: 'WWWWWWWWWWWWWWWWWWWWWWWWW', wanted: 'WWWWWWWWWWW…' },
    { text: '漢字漢字漢字漢字漢字漢字漢字', wanted: '漢字漢字漢字漢字漢字漢…' },
    { text: 'a\u202eb', wanted: 'a\\u{202e}b' },
    { text: '', wanted: '' }
  ]
  for (const { text, wanted } of cases) t.equal(fitLabel(text, 13, 162), wanted)
})

t.test('any label -> no wider than it may be', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 30, max: 300 }), (text, most) => labelWidth(fitLabel(text, 13, most), 13) <= most))
})
