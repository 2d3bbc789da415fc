import t from 'tap'
import { GemlineError } from '../../lib/engine/errors.js'
import { ask, type AskPrompt, type AskSettings } from '../../lib/model/ask.js'
import { seedOf } from '../../lib/model/seed.js'
import { createFakeContext, createFakeChatModel, createFakeStage, type FakeAnswer } from '../support/fake-chat-model.js'

const prompt: AskPrompt = { ref: 'p@1#abc', render: ({ text }) => [{ role: 'system', content: 'rules' }, { role: 'user', content: text! }] }
const usage = { promptTokens: 10, completionTokens: 5 }

interface Rig { readonly answers: readonly FakeAnswer[], readonly settings?: Partial<AskSettings>, readonly maxModelLength?: number, readonly context?: Parameters<typeof createFakeContext>[0] }

function rig ({ answers, settings, maxModelLength = 1000, context }: Rig) {
  const model = createFakeChatModel(answers, 'm')
  const stage = { ...createFakeStage(model, prompt, settings), maxModelLength, revision: 'r1', trained: true }
  const asking = createFakeContext(context)
  return { model, asking, run: (text: string) => ask(stage, { text }, asking) }
}
const truncated = new GemlineError('answer-truncated', 'cut')
const malformed = new GemlineError('answer-malformed', 'odd')

t.test('answer that ended -> the answer, and a fact with all that lineage needs', async t => {
  const { run, model, asking } = rig({ answers: [{ text: 'fine', reasoning: 'hm', requestKey: 'k' }], settings: { thinking: 'on', temperature: 0.3, topP: 0.9, topK: 7, maxTokens: 50, stop: ['x'] } })
  t.same(await run('hello'), { kind: 'answer', text: 'fine', reasoning: 'hm', finishReason: 'stop', usage, author: 'model', requestKey: 'k' })
  t.same(model.requests, [{
    model: 'm', revision: 'r1', thinking: 'on', topP: 0.9, topK: 7, stop: ['x'], temperature: 0.3, seed: seedOf(asking), maxTokens: 50,
    messages: [{ role: 'system', content: 'rules' }, { role: 'user', content: 'hello' }]
  }])
  t.same(asking.notes, [{
    kind: 'model', attempt: 0, prompt: 'p@1#abc', model: 'm', revision: 'r1', author: 'model', trained: true, requestKey: 'k', finishReason: 'stop', usage, text: 'fine', reasoning: 'hm'
  }])
})

t.test('room, budget and attempt -> tokens asked for, temperature, outcome', async t => {
  // 'rules' and one character count 2 + 1 tokens, two messages 16, the margin 64: 83 of the context are taken.
  const cases: ReadonlyArray<Rig & { name: string, maxTokens?: number, temperature?: number, outcome: object }> = [
    { name: 'room for all', answers: ['fine'], settings: { maxTokens: 100 }, maxTokens: 100, temperature: 0, outcome: { kind: 'answer', text: 'fine' } },
    { name: 'room for less', answers: ['fine'], settings: { maxTokens: 100 }, maxModelLength: 133, maxTokens: 50, outcome: { kind: 'answer' } },
    { name: 'room for just enough', answers: ['fine'], settings: { minTokens: 50 }, maxModelLength: 133, maxTokens: 50, outcome: { kind: 'answer' } },
    { name: 'too little room', answers: [], settings: { minTokens: 50 }, maxModelLength: 132, outcome: { kind: 'drop', reason: 'too-long', detail: { promptTokens: 19, maxModelLength: 132 } } },
    { name: 'asked again after a malformed answer', answers: ['fine'], context: { attempt: 1, failure: malformed }, settings: { maxTokens: 100 }, maxTokens: 100, temperature: 0.7, outcome: { kind: 'answer' } },
    { name: 'asked again, already warm', answers: ['fine'], context: { attempt: 1, failure: malformed }, settings: { temperature: 0.9 }, temperature: 0.9, outcome: { kind: 'answer' } },
    { name: 'asked again after a cut answer', answers: ['fine'], context: { attempt: 1, failure: truncated }, settings: { maxTokens: 100 }, maxTokens: 200, outcome: { kind: 'answer' } },
    { name: 'twice the budget, as far as there is room', answers: ['fine'], context: { attempt: 1, failure: truncated }, settings: { maxTokens: 100 }, maxModelLength: 233, maxTokens: 150, outcome: { kind: 'answer' } },
    { name: 'cut', answers: [{ text: 'fi', finishReason: 'length' }], outcome: { code: 'answer-truncated' } },
    { name: 'cut again', answers: [{ text: 'fi', finishReason: 'length' }], context: { attempt: 1, failure: truncated }, settings: { maxTokens: 100 }, outcome: { kind: 'drop', reason: 'answer-too-long', detail: { maxTokens: 200 } } },
    { name: 'looping', answers: [{ text: 'la la la', finishReason: 'repetition' }], outcome: { code: 'answer-malformed' } },
    { name: 'refused', answers: [new GemlineError('request-refused', 'no')], outcome: { code: 'request-refused' } }
  ]
  for (const { name, maxTokens, temperature, outcome, ...parts } of cases) {
    const { run, model, asking } = rig(parts)
    t.match(await run('x').catch((error: unknown) => error), outcome, name)
    if (maxTokens !== undefined) t.equal(model.requests[0]?.maxTokens, maxTokens, `${name}: tokens`)
    if (temperature !== undefined) t.equal(model.requests[0]?.temperature, temperature, `${name}: temperature`)
    t.equal(model.requests.length, parts.answers.length, `${name}: calls`)
    t.equal(asking.notes.length, parts.answers.filter(answer => !(answer instanceof Error)).length, `${name}: every answer is noted, also one that is thrown away`)
  }
})

t.test('who asks -> seed: content, stage, child and attempt count, place and split do not', async t => {
  const base = { key: 'k', stage: 's', id: 'doc', attempt: 0 }
  const seed = seedOf(base)
  t.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)
  t.equal(seedOf({ ...base, id: 'another-doc' }), seed)
  t.equal(seedOf(createFakeContext({ ...base, sequence: 9, split: 'other' })), seed)
  const others = [{ key: 'l' }, { stage: 't' }, { id: 'doc.0' }, { id: 'doc.1' }, { id: 'doc.0.1' }, { attempt: 1 }].map(change => seedOf({ ...base, ...change }))
  t.equal(new Set([seed, ...others]).size, 7)
  t.equal(seedOf({ ...base, id: 'x.1' }), seedOf({ ...base, id: 'doc.1' }))
})
