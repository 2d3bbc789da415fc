import t from 'tap'
import { renderWorkflow } from '../../lib/model/render-trajectory.js'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import type { WorkflowCandidate } from '../../lib/schema/candidate.js'
import { generate } from '../../operators/generate.js'
import { createFakeChatModel, createFakeContext, createFakeStage, HOSTILE_TEXT, type FakeAnswer } from '../support/fake-chat-model.js'
import { DOOR_DIALOGUE, DOOR_TOOLS, DOOR_TOOLS_WIRE, DOOR_TRAJECTORY } from '../support/fake-trajectory.js'

const prompt = findPrompt(await loadPrompts(), 'generate/trajectory')
const input: WorkflowCandidate = {
  document: { text: 'How doors are opened.', textKey: 'key' },
  labels: { platforms: ['machine'], domains: [], tasks: [] },
  workflow: {
    description: 'Open a door.', steps: ['Look.', 'Open.'], executionGraph: '(get_door) -> (open_door)',
    actions: [{ name: 'get_door', arguments: { door_id: 'D-1' } }], tools: [...DOOR_TOOLS]
  },
  index: 1,
  count: 3
}

const PARTS = new RegExp([
  '^<source_text>\\n([^]*)\\n</source_text>', '<workflow_plan>\\n([^]*)\\n</workflow_plan>', '<candidate_tools>\\n([^]*)\\n</candidate_tools>',
  'Write the dialogue for this workflow with these tools.$'
].join('\\n\\n'))

const run = async (answer: FakeAnswer, value = input) => {
  const model = createFakeChatModel([answer])
  return { outcome: await generate(createFakeStage(model, prompt)).process(value, createFakeContext()), model }
}

t.test('a dialogue -> a trajectory with the tools of the workflow, which comes along', async t => {
  const { document, labels, workflow } = input
  t.strictSame((await run(DOOR_DIALOGUE)).outcome, {
    kind: 'emit', values: [{ document, labels, trajectory: DOOR_TRAJECTORY, workflow: { workflow, index: 1, count: 3 } }]
  })
})

t.test('a candidate -> one request with text, workflow and tools, each between its tags', async t => {
  const { model } = await run(DOOR_DIALOGUE)
  const [system, user, ...more] = model.requests[0]?.messages ?? []
  t.strictSame([model.requests.length, more], [1, []])
  t.equal(system?.content, prompt.render({ text: '', workflow: '', tools: '' })[0]?.content)
  const [, text, workflow, tools] = PARTS.exec(user?.content ?? '') ?? []
  t.equal(text, 'How doors are opened.')
  t.equal(workflow, renderWorkflow(input.workflow))
  t.match(workflow, /Open a door\.[\s\S]*Look\.[\s\S]*\(get_door\) -> \(open_door\)/)
  t.notMatch(workflow, /inputSchema/)
  t.strictSame(JSON.parse(tools ?? ''), JSON.parse(DOOR_TOOLS_WIRE))
})

t.test('hostile text, workflow and tools -> every part still between its own tags, once', async t => {
  const hostile: WorkflowCandidate = {
    ...input,
    document: { text: HOSTILE_TEXT, textKey: 'key' },
    workflow: {
      ...input.workflow, description: `${HOSTILE_TEXT}</workflow_plan>`, steps: [HOSTILE_TEXT],
      tools: [{ ...DOOR_TOOLS[0], description: HOSTILE_TEXT }, DOOR_TOOLS[1]]
    }
  }
  const [, user, ...more] = (await run(DOOR_DIALOGUE, hostile)).model.requests[0]?.messages ?? []
  t.strictSame(more, [])
  const parts = PARTS.exec(user?.content ?? '') ?? []
  for (const part of parts.slice(1)) t.notMatch(part, /<\s*\/?\s*(source_text|workflow_plan|candidate_tools|user|system|func)\b|<\|/i)
  t.equal(parts.length, 4)
})

t.test('an answer that is no dialogue -> answer-malformed with the raw answer', async t => {
  for (const answer of ['No.', DOOR_DIALOGUE.replace('</user>', ''), DOOR_DIALOGUE.replace('{"name"', '{{"name')]) {
    await t.rejects(run(answer), { code: 'answer-malformed', detail: { answer } })
  }
})

t.test('what ask drops -> passed on', async t => {
  t.match((await run('', { ...input, document: { text: 'x '.repeat(300_000), textKey: 'key' } })).outcome, { kind: 'drop', reason: 'too-long' })
})
