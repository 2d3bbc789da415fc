// Catches: a rule that drops what is grounded and one that lets a swapped id pass, on forty dialogues of ten tasks of BFCL. The
// figures of all eight hundred come from npm run bfcl.
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readFixture } from '../../python/bfcl/fixture.js'
import { measure } from '../../python/bfcl/measure.js'
import { caughtShare, formatFigures, meetsThresholds } from '../../python/bfcl/tables.js'

const SAMPLE = fileURLToPath(new URL('../../fixtures/bfcl/sample.json.gz', import.meta.url))

t.test('gold calls of ten tasks in four categories -> dropped only for what nobody said; swapped ids dropped', async t => {
  const figures = measure(await readFixture(SAMPLE), 7)
  t.comment(formatFigures(figures, true))
  const { gold, lookedUp, swapped, foreignAmounts } = figures
  t.equal(gold.all?.tasks, 40)
  t.equal(gold.all?.falseDrops, 0)
  t.equal(lookedUp.dropped, 0)
  t.equal(caughtShare(swapped, ['id', 'credential']), 1)
  t.ok((swapped.id.drop ?? 0) >= 10, 'ids were swapped')
  t.equal(swapped.date.derived ?? 0, 0)
  t.ok((foreignAmounts.derived ?? 0) <= 4, 'few amounts of other tasks seem derived')
  t.ok(meetsThresholds(figures))
})
