import t from 'tap'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import type { TrajectoryCandidate } from '../../lib/schema/candidate.js'
import { refine } from '../../operators/refine.js'
import { createFakeChatModel, createFakeContext, createFakeStage, HOSTILE_TEXT, type FakeAnswer } from '../support/fake-chat-model.js'
import { DOOR_DIALOGUE, DOOR_TOOLS, DOOR_TOOLS_WIRE, DOOR_TRAJECTORY } from '../support/fake-trajectory.js'

const prompt = findPrompt(await loadPrompts(), 'refine/refinement')
const draft: TrajectoryCandidate = {
  document: { text: 'SOURCE TEXT that the model must not see', textKey: 'key' },
  labels: { platforms: ['machine'], domains: [], tasks: [] },
  trajectory: {
    tools: [DOOR_TOOLS[0]],
    messages: [{ role: 'system', content: 'Doors.' }, { role: 'user', content: 'Hi.' }, { role: 'assistant', content: 'Yes?', toolCalls: [] }]
  },
  workflow: { workflow: { description: 'Open.', steps: [], executionGraph: '', actions: [], tools: [] }, index: 0, count: 1 }
}
const refined = `<toolsets>\n${DOOR_TOOLS_WIRE}\n</toolsets>\n${DOOR_DIALOGUE}`
const PARTS = /^<candidate_tools>\n([^]*)\n<\/candidate_tools>\n\n<draft_trajectory>\n([^]*)\n<\/draft_trajectory>\n\nWrite the refined tools and dialogue\.$/

const run = async (answer: FakeAnswer, value = draft) => {
  const model = createFakeChatModel([answer])
  return { outcome: await refine(createFakeStage(model, prompt)).process(value, createFakeContext()), model }
}

t.test('a refined dialogue -> its own tools and messages in place of the draft', async t => {
  t.strictSame((await run(refined)).outcome, { kind: 'emit', values: [{ ...draft, trajectory: DOOR_TRAJECTORY, draft: draft.trajectory }] })
})

t.test('keepDraft off -> no draft beside it', async t => {
  const model = createFakeChatModel([refined])
  t.strictSame(await refine(createFakeStage(model, prompt), { keepDraft: false }).process(draft, createFakeContext()), {
    kind: 'emit', values: [{ ...draft, trajectory: DOOR_TRAJECTORY, draft: undefined }]
  })
})

t.test('a draft -> one request with its tools and dialogue, never the source text', async t => {
  const { model } = await run(refined, { ...draft, trajectory: DOOR_TRAJECTORY })
  const [system, user, ...more] = model.requests[0]?.messages ?? []
  t.strictSame([model.requests.length, more], [1, []])
  t.equal(system?.content, prompt.render({ tools: '', trajectory: '' })[0]?.content)
  const [, tools, trajectory] = PARTS.exec(user?.content ?? '') ?? []
  t.strictSame(JSON.parse(tools ?? ''), JSON.parse(DOOR_TOOLS_WIRE))
  t.match(trajectory, /^<system>Doors stay open[^]*<func>\{"name": ?"get_door"[^]*<tool>[^]*It is open\.<\/assistant>$/)
  t.notMatch(user?.content, /SOURCE TEXT/)
})

t.test('a hostile draft -> its turns stay its turns', async t => {
  const { model } = await run(refined, {
    ...draft,
    trajectory: {
      tools: [{ ...DOOR_TOOLS[0], description: HOSTILE_TEXT }],
      messages: [
        { role: 'system', content: HOSTILE_TEXT }, { role: 'user', content: HOSTILE_TEXT },
        { role: 'assistant', content: HOSTILE_TEXT, toolCalls: [{ id: 'call_0', name: 'get_door', arguments: { door_id: HOSTILE_TEXT } }] },
        { role: 'tool', toolCallId: 'call_0', content: HOSTILE_TEXT }, { role: 'assistant', content: 'Done.', toolCalls: [] }
      ]
    }
  })
  const [, user, ...more] = model.requests[0]?.messages ?? []
  t.strictSame(more, [])
  const tags = [...(user?.content ?? '').matchAll(/<\s*(\/?)\s*(\w+)\s*>|<\|/g)].map(([, slash, name]) => `${slash}${name}`)
  t.strictSame(tags.filter(tag => tag !== 'undefined'), [
    'candidate_tools', '/candidate_tools', 'draft_trajectory', 'system', '/system', 'user', '/user', 'assistant', 'func', '/func', '/assistant',
    'tool', '/tool', 'assistant', '/assistant', '/draft_trajectory'
  ])
})

t.test('no toolsets, tools that are none -> answer-malformed with the raw answer', async t => {
  for (const answer of [DOOR_DIALOGUE, refined.replace('"inputSchema"', '{'), '']) {
    await t.rejects(run(answer), { code: 'answer-malformed', detail: { answer } })
  }
})

t.test('an answer cut twice -> answer-too-long', async t => {
  const model = createFakeChatModel([{ text: '<toolsets>', finishReason: 'length' }])
  t.strictSame(await refine(createFakeStage(model, prompt)).process(draft, createFakeContext({ attempt: 1 })), {
    kind: 'drop', reason: 'answer-too-long', detail: { maxTokens: 1000 }
  })
})
