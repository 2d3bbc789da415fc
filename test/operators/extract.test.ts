import t from 'tap'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import type { RelevantDocument } from '../../lib/schema/candidate.js'
import type { Workflow } from '../../lib/schema/workflow.js'
import { unescapeWire } from '../../lib/schema/wire.js'
import { extract, type ExtractOptions } from '../../operators/extract.js'
import { createFakeChatModel, createFakeContext, createFakeStage, HOSTILE_TEXT, type FakeAnswer } from '../support/fake-chat-model.js'

const prompt = findPrompt(await loadPrompts(), 'extract/workflow')
const input: RelevantDocument = {
  document: { text: 'Open it, then close it.', textKey: 'key' }, labels: { platforms: ['machine'], domains: [], tasks: [] }
}

const parameters = { type: 'object', properties: { door_id: { type: 'string', description: 'Id of the door.' } }, required: ['door_id'] }
const workflow = (name: string): Workflow => ({
  description: `Does ${name}.`,
  steps: ['look', 'act'],
  executionGraph: `(${name})`,
  actions: [{ name, arguments: { door_id: 'D-1' } }],
  tools: [{ name, description: 'Acts.', parameters }]
})
const block = (name: string, parts: { actions?: string, tools?: string } = {}): string => `<workflow>
<description>Does ${name}.</description>
<steps>
Step1: look
Step2: act
</steps>
<execution_graph>(${name})</execution_graph>
<actions>${parts.actions ?? `[{"name": "${name}", "arguments": {"door_id": "D-1"}}]`}</actions>
<tools>${parts.tools ?? JSON.stringify([{ name, description: 'Acts.', inputSchema: parameters }])}</tools>
</workflow>`

const run = async (answer: FakeAnswer, options?: ExtractOptions, value = input) => {
  const model = createFakeChatModel([answer])
  const context = createFakeContext({ stage: 'extract' })
  const outcome = await extract(createFakeStage(model, prompt), options).process(value, context)
  return { outcome, model, notes: context.notes.filter(note => note.kind !== 'model') }
}

const two = [block('open_door'), block('close_door')].join('\n')
const taken = (names: readonly string[], count: number) => ({
  kind: 'emit', values: names.map((name, index) => ({ ...input, workflow: workflow(name), index, count }))
})
const counted = (name: string, value: number) => ({ kind: 'count', name, value })

const cases = [
  { title: 'one workflow', answer: block('open_door'), options: {}, outcome: taken(['open_door'], 1), notes: [] },
  { title: 'two, the first wanted', answer: two, options: {}, outcome: taken(['open_door'], 2), notes: [counted('workflow-not-taken', 1)] },
  { title: 'two, all wanted', answer: two, options: { workflows: 'all' as const }, outcome: taken(['open_door', 'close_door'], 2), notes: [] },
  {
    title: 'ten, all wanted', answer: Array.from({ length: 10 }, (_, index) => block(`tool_${index}`)).join(''), options: { workflows: 'all' as const },
    outcome: taken(Array.from({ length: 8 }, (_, index) => `tool_${index}`), 10), notes: [counted('workflow-not-taken', 2)]
  },
  {
    title: 'three, two at most', answer: two + block('lock_door'), options: { workflows: 'all' as const, maxWorkflows: 2 },
    outcome: taken(['open_door', 'close_door'], 3), notes: [counted('workflow-not-taken', 1)]
  },
  {
    title: 'the first without tools', answer: block('open_door', { tools: '[]' }) + block('close_door'), options: {},
    outcome: taken(['close_door'], 1), notes: [counted('workflow-unusable', 1)]
  },
  {
    title: 'only one without actions', answer: block('open_door', { actions: '[]' }), options: {},
    outcome: { kind: 'drop', reason: 'no-workflow', detail: { problems: ['workflow 0: no actions'] } }, notes: [counted('workflow-unusable', 1)]
  },
  { title: 'an empty block', answer: '<workflow></workflow>', options: {}, outcome: { kind: 'drop', reason: 'no-workflow' }, notes: [] }
]

for (const { title, answer, options, outcome, notes } of cases) {
  t.test(`${title} -> ${outcome.kind === 'drop' ? 'no-workflow' : 'emitted'}`, async t => {
    const result = await run(answer, options)
    t.strictSame(result.outcome, outcome)
    t.strictSame(result.notes, notes)
  })
}

t.test('a document -> one request with its text alone', async t => {
  const { model } = await run(two)
  t.strictSame(model.requests.map(({ messages }) => messages), [[
    { role: 'system', content: prompt.render({ text: '' })[0]?.content },
    { role: 'user', content: '<source_text>\nOpen it, then close it.\n</source_text>\n\nWrite the workflows of the text above.' }
  ]])
})

t.test('a hostile document -> still two messages, one source_text, and its words unchanged', async t => {
  const { model } = await run(two, {}, { document: { text: HOSTILE_TEXT, textKey: 'key' } })
  const [, user, ...more] = model.requests[0]?.messages ?? []
  const inner = /^<source_text>\n([\s\S]*)\n<\/source_text>\n\nWrite the workflows of the text above\.$/.exec(user?.content ?? '')?.[1] ?? ''
  t.strictSame(more, [])
  t.notMatch(inner, /<\s*\/?\s*(source_text|user|system|func|workflow)\b|<\|/i)
  t.equal(unescapeWire(inner), HOSTILE_TEXT)
})

t.test('no block, a broken block -> answer-malformed with the raw answer', async t => {
  for (const answer of ['There is none.', block('open_door').replace('</workflow>', '')]) {
    await t.rejects(run(answer), { code: 'answer-malformed', detail: { answer } })
  }
})

t.test('what ask drops -> passed on', async t => {
  t.match((await run('', {}, { document: { text: 'x '.repeat(300_000), textKey: 'key' } })).outcome, { kind: 'drop', reason: 'too-long' })
})

t.test('maxWorkflows 0 -> refused', async t => {
  t.throws(() => extract(createFakeStage(createFakeChatModel([]), prompt), { maxWorkflows: 0 }), /maxWorkflows/)
})
