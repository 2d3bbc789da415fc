// Catches a revalidation, an ablation, an offline run or a look at a record that calls a model, and one that loses or invents records.
import t from 'tap'
import { endsOf, linesOf, openWorkbench } from '../support/workbench.js'

t.setTimeout(240_000)

t.test('a teacher run on a server whose answers are not all good', async t => {
  const bench = await openWorkbench(t, { corpus: { documents: 26, rowsPerGroup: 6, files: 2 } })
  t.equal((await bench.run('run')).code, 0)
  const paid = bench.calls()
  const ends = await endsOf(bench.at('run'))
  const { accepted, ended } = await linesOf(bench.at('run'))

  t.test('the run -> has what the commands are about: accepted, judged badly, drafts that are none', async t => {
    t.ok(paid > 0)
    for (const end of ['accepted', 'judge/judge-r1', 'judge/judge-r3', 'judge/answer-malformed', 'generate/answer-malformed']) t.ok((ends[end] ?? 0) > 0, `${end}: ${ends[end] ?? 0}`)
  })

  t.test('revalidate by the same rules -> the set of the run, no call', async t => {
    t.equal((await bench.gemline('revalidate', bench.at('run'), '--to', bench.at('full'))).code, 0)
    t.strictSame(await endsOf(bench.at('full')), ends)
    const made = (await linesOf(bench.at('full'))).accepted
    t.strictSame(made.map(({ body }) => [body.id, body.messages]), accepted.map(({ body }) => [body.id, body.messages]))
    t.equal(bench.calls(), 0)
  })

  t.test('the ablations of the paper -> what the judge dropped goes on; drafts in place of what was refined; no call', async t => {
    const judged = Object.entries(ends).reduce((sum, [end, times]) => sum + (end.startsWith('judge/') ? times : 0), 0)
    t.equal((await bench.gemline('revalidate', bench.at('run'), '--set', 'no-judge', '--to', bench.at('no-judge'))).code, 0)
    t.equal((await endsOf(bench.at('no-judge')))['accepted'], accepted.length + judged)
    t.equal((await bench.gemline('revalidate', bench.at('run'), '--set', 'no-refinement', '--to', bench.at('no-refinement'))).code, 0)
    const drafts = new Map([...accepted, ...ended].map(({ body }) => [body.id, 'draft' in body ? body.draft : 'candidate' in body ? body.candidate?.draft : undefined]))
    const made = (await linesOf(bench.at('no-refinement'))).accepted
    t.ok(made.length > 0)
    for (const { body } of made) t.strictSame(body.messages, drafts.get(body.id)?.messages, body.id)
    t.equal(bench.calls(), 0)
  })

  t.test('a stricter rule -> drops by its name; a place that holds something -> refused', async t => {
    t.equal((await bench.gemline('revalidate', bench.at('run'), '--min-calls', '500', '--to', bench.at('strict'))).code, 0)
    const strict = await endsOf(bench.at('strict'))
    t.strictSame([strict['accepted'], (strict['validate/calls-too-few'] ?? 0) >= accepted.length], [0, true])
    t.match(await bench.gemline('revalidate', bench.at('run'), '--to', bench.at('strict')), { code: 2, stderr: /is not empty/ })
    t.match(await bench.gemline('revalidate', bench.at('none'), '--to', bench.at('other')), { code: 2 })
  })

  t.test('run --offline with the journal of the run -> its results; without -> journal-missed, every document told; never a call', async t => {
    t.equal((await bench.run('offline', '--offline', `--journal=${bench.at('run')}`)).code, 0)
    t.strictSame(await endsOf(bench.at('offline')), ends)
    t.equal((await bench.run('alone', '--offline')).code, 0)
    const alone = await endsOf(bench.at('alone'))
    t.equal(alone['accepted'], 0)
    t.ok((alone['filter/journal-missed'] ?? 0) > 0)
    t.equal(bench.calls(), 0)
  })

  t.test('show -> source, prompts, answers, verdict and end of a record, by the beginning of its id; json in full; no call', async t => {
    const dropped = ended.find(({ body }) => body.reason === 'judge-r1')?.body
    const people = await bench.gemline('show', dropped?.id.slice(0, 12) ?? '', bench.at('run'))
    t.match(people, { code: 0, stdout: /judge-r1/ })
    const { stdout, code } = await bench.gemline('show', accepted[0]?.body.id ?? '', bench.at('run'), '--json')
    t.equal(code, 0)
    const look = JSON.parse(stdout) as { id: string, outcome: string, steps: Array<{ stage: string, request?: object, answer?: { text: string } }>, messages: unknown }
    t.strictSame([look.id, look.outcome, look.messages], [accepted[0]?.body.id, 'accepted', accepted[0]?.body.messages])
    t.strictSame([...new Set(look.steps.map(({ stage }) => stage))], ['filter', 'extract', 'generate', 'refine', 'judge'])
    t.ok(look.steps.every(({ answer }) => (answer?.text ?? '') !== ''), 'every answer is in the journal')
    t.match(await bench.gemline('show', 'ffffffffffff', bench.at('run')), { code: 2 })
    t.equal(bench.calls(), 0)
  })
})
