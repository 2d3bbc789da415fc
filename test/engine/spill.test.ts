import t from 'tap'
import fc from 'fast-check'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSpill } from '../../lib/engine/spill.js'

t.test('any JSON values, read in any order -> equal, and no file is left in sight', async t => {
  const folder = t.testdir()
  const spill = createSpill(folder)
  fc.assert(fc.property(fc.array(fc.jsonValue(), { maxLength: 20 }), values => {
    const refs = values.map(value => ({ value, ref: spill.write(value) }))
    for (const { value, ref } of refs.toReversed()) t.equal(JSON.stringify(spill.read(ref)), JSON.stringify(value))
  }), { numRuns: 50 })
  t.strictSame(await readdir(folder), [])
  spill.close()
})

t.test('text of several bytes a character, half of a surrogate pair, undefined fields -> as JSON has them', async t => {
  const spill = createSpill(t.testdir())
  const ref = spill.write({ text: 'é漢🧪\u2028', half: '\ud83e', none: undefined })
  t.strictSame(spill.read(ref), { text: 'é漢🧪\u2028', half: '\ud83e' })
  spill.close()
})

t.test('a folder that is none, a place beyond the end -> store-failed, which says what lies there', async t => {
  const file = join(t.testdir(), 'file')
  await writeFile(file, '')
  t.throws(() => createSpill(file), { code: 'store-failed', message: /gemline-spill-.*what has to wait goes there/ })
  const spill = createSpill(t.testdir())
  const ref = spill.write('x')
  t.throws(() => spill.read({ ...ref, bytes: 100 }), { code: 'store-failed', message: /the file ends before byte 100/ })
  spill.close()
})
