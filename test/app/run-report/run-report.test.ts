import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../lib/app/config.js'
import { run } from '../../../lib/app/run.js'
import { statsCommand } from '../../../lib/app/commands/stats.js'
import { silent } from '../../../lib/engine/operator.js'
import { DOCUMENTS, embeddedConfig, runInMemory, temporaryFolder } from '../in-memory.js'

// Whole runs in this process. That a page is the same after a kill, at any concurrency and on S3 is held by the tests of these: they compare it with the rest of an output.

/** Runs these documents, two to a file, and gives the output. */
async function runOf (t: Test, documents: readonly string[], more: ReadonlyArray<readonly [string, unknown]> = []): Promise<string> {
  const folder = await temporaryFolder(t)
  for (let at = 0; at < documents.length; at += 2) {
    await writeFile(join(folder, `part-${at}.jsonl`), documents.slice(at, at + 2).map(text => JSON.stringify({ text })).join('\n') + '\n')
  }
  const out = join(folder, 'out')
  const config = await loadConfig({ set: embeddedConfig(folder, out, [['source.format', 'jsonl'], ['pipeline', 'teacher'], ...more]), env: {} })
  await run({ config, stdin: new PassThrough(), log: silent })
  return out
}

async function pageOf (t: Test, out: string): Promise<string> {
  const html = join(await temporaryFolder(t), 'page.html')
  const { code } = await runInMemory(statsCommand, { positional: [out], options: { html } })
  t.equal(code, 0)
  return await readFile(html, 'utf8')
}

const TEXTS = [...DOCUMENTS, ...DOCUMENTS.map(text => `Second edition. ${text}`)]

t.test('a run -> report.html, the same as stats makes of its records; again -> the same', async t => {
  const out = await runOf(t, TEXTS)
  const page = await readFile(join(out, 'report.html'), 'utf8')
  t.match(page, /<h1>Tool-use trajectories from corpus<\/h1>/)
  t.match(page, /RULE-BASED: (\d+) of \1 \(100 %\)/)
  t.ok(page === await pageOf(t, out), 'the statistics beside the splits are those of the records')
  t.notMatch(page, out, 'where it lies is not in it')
})

t.test('statistics of a split that are gone, damaged or empty -> the page says what it leaves out; stats reads the records', async t => {
  const out = await runOf(t, TEXTS)
  const whole = await readFile(join(out, 'report.html'), 'utf8')
  const [first = '', second = ''] = await readdir(join(out, 'stats'))
  await rm(join(out, 'stats', first))
  await writeFile(join(out, 'stats', second), 'no statistics')
  const config = await loadConfig({ set: embeddedConfig(join(out, '..'), out, [['source.format', 'jsonl'], ['pipeline', 'teacher']]), env: {} })
  await run({ config, stdin: new PassThrough(), log: silent })
  t.match(await readFile(join(out, 'report.html'), 'utf8'), /The statistics leave out 2 of 3 splits/)
  t.ok(await pageOf(t, out) === whole)
})

t.test('no document accepted -> a page with the reasons, and no statistics written', async t => {
  const out = await runOf(t, [DOCUMENTS[1] as string])
  const page = await readFile(join(out, 'report.html'), 'utf8')
  t.match(page, 'Nothing was accepted')
  t.match(page, 'filter: no-steps')
  await t.rejects(readdir(join(out, 'stats')), { code: 'ENOENT' })
})
