import t from 'tap'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import type { RelevantDocument } from '../../lib/schema/candidate.js'
import { unescapeWire } from '../../lib/schema/wire.js'
import { synthesize } from '../../operators/synthesize.js'
import { createFakeChatModel, createFakeContext, createFakeStage, HOSTILE_TEXT, type FakeAnswer } from '../support/fake-chat-model.js'
import { DOOR_DIALOGUE, DOOR_TOOLS_WIRE, DOOR_TRAJECTORY } from '../support/fake-trajectory.js'

const prompt = findPrompt(await loadPrompts(), 'synthesize/zero-shot')
const input: RelevantDocument = { document: { text: 'How doors are opened.', textKey: 'key' }, labels: { platforms: [], domains: [], tasks: [] } }
const whole = `<toolsets>${DOOR_TOOLS_WIRE}</toolsets>\n${DOOR_DIALOGUE}`

const run = async (answer: FakeAnswer, value = input) => {
  const model = createFakeChatModel([answer])
  const context = createFakeContext()
  const outcome = await synthesize({ ...createFakeStage(model, prompt), trained: false }).process(value, context)
  return { outcome, model, notes: context.notes }
}

t.test('tools and dialogue -> a trajectory, no workflow, and whether the model was trained for it', async t => {
  const { outcome, notes } = await run(whole)
  t.strictSame(outcome, { kind: 'emit', values: [{ ...input, trajectory: DOOR_TRAJECTORY }] })
  t.match(notes, [{ kind: 'model', prompt: prompt.ref, trained: false }])
})

for (const answer of ['<toolsets>[]</toolsets>', '<toolsets></toolsets>', '```xml\n<toolsets>\n[ ]\n</toolsets>\n```', '<think>no steps</think>\n<toolsets>[]</toolsets>']) {
  t.test(`${JSON.stringify(answer)} -> no-workflow`, async t => {
    t.strictSame((await run(answer)).outcome, { kind: 'drop', reason: 'no-workflow' })
  })
}

t.test('tools without a dialogue, a dialogue without tools, prose -> answer-malformed with the raw answer', async t => {
  for (const answer of [`<toolsets>${DOOR_TOOLS_WIRE}</toolsets>`, DOOR_DIALOGUE, 'There are no steps.', '']) {
    await t.rejects(run(answer), { code: 'answer-malformed', detail: { answer } })
  }
})

t.test('a hostile document -> one request of two messages, its words unchanged', async t => {
  const { model } = await run(whole, { document: { text: HOSTILE_TEXT, textKey: 'key' } })
  const [system, user, ...more] = model.requests[0]?.messages ?? []
  t.strictSame([model.requests.length, more], [1, []])
  t.equal(system?.content, prompt.render({ text: '' })[0]?.content)
  const inner = /^<source_text>\n([^]*)\n<\/source_text>\n\nConvert the text above into tools and a trajectory\.$/.exec(user?.content ?? '')?.[1] ?? ''
  t.notMatch(inner, /<\s*\/?\s*(source_text|user|system|func|toolsets)\b|<\|/i)
  t.equal(unescapeWire(inner), HOSTILE_TEXT)
})

t.test('a text beyond the context -> too-long, without a call', async t => {
  const { outcome, model } = await run(whole, { document: { text: 'x '.repeat(300_000), textKey: 'key' } })
  t.match(outcome, { kind: 'drop', reason: 'too-long' })
  t.strictSame(model.requests, [])
})
