import t from 'tap'
import type { Operator } from '../../lib/engine/operator.js'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import type { TrajectoryCandidate } from '../../lib/schema/candidate.js'
import { extract } from '../../operators/extract.js'
import { filter } from '../../operators/filter.js'
import { generate } from '../../operators/generate.js'
import { judge, type JudgeOptions } from '../../operators/judge.js'
import { refine } from '../../operators/refine.js'
import { synthesize } from '../../operators/synthesize.js'
import { createFakeChatModel, createFakeContext, createFakeStage, type FakeAnswer } from '../support/fake-chat-model.js'
import { DOOR_TOOLS_WIRE, DOOR_TRAJECTORY } from '../support/fake-trajectory.js'

const prompt = findPrompt(await loadPrompts(), 'judge/grounding')
const input: TrajectoryCandidate = {
  document: { text: 'SOURCE TEXT that the judge must not see', textKey: 'key' }, trajectory: DOOR_TRAJECTORY, findings: { 'contradicted-number': 1 }
}

const run = async (answer: FakeAnswer, options?: JudgeOptions) => {
  const model = createFakeChatModel([answer])
  const context = createFakeContext()
  const outcome = await judge(createFakeStage(model, prompt), options).process(input, context)
  return { outcome, model, notes: context.notes.filter(note => note.kind !== 'model') }
}

const cases = [
  { title: 'all clean', verdict: { R1: 1, R2: 1, R3: 1 }, reason: undefined },
  { title: 'R1 fails', verdict: { R1: 0, R2: 1, R3: 1 }, reason: 'judge-r1' },
  { title: 'R2 fails', verdict: { R1: 1, R2: 0, R3: 1 }, reason: 'judge-r2' },
  { title: 'R3 fails', verdict: { R1: 1, R2: 1, R3: 0 }, reason: 'judge-r3' },
  { title: 'R2 and R3 fail', verdict: { R1: 1, R2: 0, R3: 0 }, reason: 'judge-r2' },
  { title: 'all fail', verdict: { R1: 0, R2: 0, R3: 0 }, reason: 'judge-r1' }
]

for (const { title, verdict, reason } of cases) {
  t.test(`${title} -> ${reason ?? 'emitted'}; emitted where it only reports`, async t => {
    const passed = { kind: 'emit', values: [input] }
    const note = { kind: 'verdict', ...verdict, raw: JSON.stringify(verdict) }
    for (const mode of ['drop', 'report'] as const) {
      const { outcome, notes } = await run(JSON.stringify(verdict), { mode })
      t.strictSame(outcome, reason === undefined || mode === 'report' ? passed : { kind: 'drop', reason, detail: verdict })
      t.strictSame(notes, [note])
    }
  })
}

t.test('no mode -> drops', async t => {
  t.match((await run('{"R1": 0, "R2": 1, "R3": 1}')).outcome, { kind: 'drop', reason: 'judge-r1' })
})

t.test('a trajectory -> one request with tools and dialogue, never the source text', async t => {
  const { model } = await run('{"R1": 1, "R2": 1, "R3": 1}')
  const [system, user, ...more] = model.requests[0]?.messages ?? []
  t.strictSame([model.requests.length, more], [1, []])
  t.equal(system?.content, prompt.render({ tools: '', trajectory: '' })[0]?.content)
  const [, tools, trajectory] = /^<candidate_tools>\n([^]*)\n<\/candidate_tools>\n\n<trajectory>\n([^]*)\n<\/trajectory>\n\nGive the verdict as JSON\.$/.exec(user?.content ?? '') ?? []
  t.strictSame(JSON.parse(tools ?? ''), JSON.parse(DOOR_TOOLS_WIRE))
  t.match(trajectory, /^<system>Doors stay open[^]*It is open\.<\/assistant>$/)
  t.notMatch(user?.content, /SOURCE TEXT|contradicted/)
})

t.test('a verdict that is none -> answer-malformed with the raw answer', async t => {
  for (const answer of ['', 'Looks good.', '{"R1": 1, "R2": 1}', '{"R1": 2, "R2": 1, "R3": 1}']) {
    await t.rejects(run(answer), { code: 'answer-malformed', detail: { answer } })
  }
})

t.test('an unknown mode -> refused', async t => {
  t.throws(() => judge(createFakeStage(createFakeChatModel([]), prompt), { mode: 'keep' as 'drop' }), /mode/)
})

t.test('the order of the paper -> compiles; another one does not', async t => {
  const stage = createFakeStage(createFakeChatModel([]), prompt)
  const chain = <A, B, C>(first: Operator<A, B>, second: Operator<B, C>): Operator<A, C> => ({ ...first, ...second } as unknown as Operator<A, C>)
  chain(chain(chain(chain(filter(), extract(stage)), generate(stage)), refine(stage)), judge(stage))
  chain(chain(filter({ stage }), synthesize(stage)), judge(stage))
  // @ts-expect-error a document has no workflow
  chain(synthesize(stage), generate(stage))
  // @ts-expect-error only a trajectory can be refined
  chain(extract(stage), refine(stage))
  // @ts-expect-error a trajectory is no document
  chain(judge(stage), filter())
  t.pass('checked by tsc')
})
